"""Charts: the same colours everywhere, text as text, and something to say for empty views."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest

from hk_metrics import figures
from hk_metrics.figures import Chart, Palette
from hk_metrics.figures.axes import log_ticks, ticks
from hk_metrics.figures.distributions import edges_of
from hk_metrics.figures.palette import CATEGORICAL, NONE_COLOUR
from hk_metrics.settings import Settings

SETTINGS = Settings()
PALETTE = Palette.of({"campaign": ["Fit", "Run", None]})
HOSTILE = '<img src=x onerror="alert(1)">'
UNITS = {"spend": "money", "revenue": "money"}
WORDS = {"spend": "Spend", "revenue": "Revenue"}


def by_campaign() -> pd.DataFrame:
    """The worked example by campaign: Fit, Run and what has none."""
    index = pd.Index(["Fit", "Run", "(none)"], name="campaign")
    return pd.DataFrame({"revenue": [1550.0, 650.0, 0.0], "spend": [500.0, 300.0, 90.0]}, index)


def by_day(days: int = 30) -> pd.DataFrame:
    index = pd.date_range("2025-03-01", periods=days, name="date")
    return pd.DataFrame({"revenue": range(days), "spend": [2.0] * days}, index).astype(float)


def bars(frame: pd.DataFrame) -> Chart:
    return figures.bars(frame, "revenue", settings=SETTINGS, palette=PALETTE)


def points(frame: pd.DataFrame, **more: object) -> Chart:
    return figures.scatter(
        frame, "spend", "revenue", settings=SETTINGS, palette=PALETTE, units=UNITS, labels=WORDS, **more
    )  # type: ignore[arg-type]  # fmt: skip


def every_chart() -> list[Chart]:
    named = by_campaign().assign(name=["a", "b", "c"], platform=["X", "Y", None])
    ranges = pd.DataFrame(
        {"estimate": [2.0, 0.4], "lower": [1.5, float("nan")], "upper": [2.5, float("nan")]},
        ["A", "B"],
    )
    wide = pd.DataFrame(
        {"Fit": [1.0, 2.0], "Run": [3.0, 4.0]}, pd.date_range("2025-03-01", periods=2, name="date")
    )
    return [
        bars(by_campaign()),
        figures.grouped(by_campaign(), ("revenue", "spend"), settings=SETTINGS),
        figures.trend(by_day(), ("revenue", "spend"), settings=SETTINGS),
        figures.lines(wide, "revenue", settings=SETTINGS, palette=PALETTE, dimension="campaign"),
        points(named, colour="platform", log=("x",)),
        figures.histogram([1.0, 2.0, 2.5, 9.0], unit="times", label="ROAS", settings=SETTINGS, mark=1.5),
        figures.intervals(ranges, unit="times", settings=SETTINGS, mark=1.0, title="Lift"),
    ]  # fmt: skip


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.title)
def test_chart_is_a_valid_plotly_figure(chart: Chart) -> None:
    assert isinstance(chart.figure(), go.Figure)


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.title)
def test_chart_says_its_numbers_as_table(chart: Chart) -> None:
    payload = chart.payload()
    assert payload["title"]
    assert payload["table"]["rows"]
    assert all(len(r) == len(payload["table"]["columns"]) for r in payload["table"]["rows"])


def test_value_keeps_its_colour_under_any_filter() -> None:
    whole, part = bars(by_campaign()), bars(by_campaign().loc[["Run"]])
    colours = dict(zip(whole.data[0]["y"], whole.data[0]["marker"]["color"], strict=True))
    assert part.data[0]["marker"]["color"] == [colours["Run"]]
    assert colours["(none)"] == NONE_COLOUR


def test_palette_gives_each_value_its_own_colour() -> None:
    names = [f"c{n}" for n in range(len(CATEGORICAL))]
    palette = Palette.of({"campaign": names})
    assert len({palette.of_value("campaign", n) for n in names}) == len(names)


def test_bars_write_values_in_lakh() -> None:
    chart = bars(by_campaign() * 1000)
    assert chart.data[0]["text"] == ["₹0", "₹6.5 L", "₹15.5 L"]


def test_text_from_data_is_never_markup() -> None:
    frame = by_campaign().rename(index={"Fit": HOSTILE})
    shown = str(bars(frame).payload()["data"][0]["y"]) + str(bars(frame).payload()["layout"])
    assert "<img" not in shown
    assert "&lt;img" in shown


@pytest.mark.parametrize(
    "draw", [bars, lambda f: figures.grouped(f, ("revenue",), settings=SETTINGS)]
)
def test_empty_view_says_so(draw: object) -> None:
    chart = draw(by_campaign().iloc[:0])  # type: ignore[operator]
    assert chart.empty
    assert chart.payload()["data"] == []
    chart.figure()


def test_unknown_values_leave_no_nan_behind() -> None:
    frame = by_day()
    frame.loc[frame.index[3], "revenue"] = float("nan")
    payload = figures.trend(frame, ("revenue",), settings=SETTINGS, smooth=1).payload()
    assert payload["data"][0]["y"][3] is None
    assert payload["table"]["rows"][3][1] is None


def test_log_axis_leaves_out_what_it_cannot_show() -> None:
    frame = by_campaign().assign(name=["a", "b", "c"])
    chart = points(frame, log=("x", "y"))
    assert len(chart.data[0]["x"]) == 2  # "(none)" has no revenue


def test_ticks_are_round_and_cover_the_range() -> None:
    assert ticks(-1.0, 3.0) == [-1.0, 0.0, 1.0, 2.0, 3.0]
    assert log_ticks(90, 900) == [100.0, 200.0, 500.0]


def test_histogram_has_an_edge_at_the_mark() -> None:
    import numpy as np

    values = np.linspace(-1, 5, 40)
    assert np.isclose(edges_of(values, 0.0), 0.0).any()
    assert edges_of(values, 0.0)[0] <= -1.0


def test_trend_smooths_sums_not_ratios() -> None:
    chart = figures.trend(by_day(), ("revenue",), settings=SETTINGS)
    # Mean of 0 … 6 on the seventh day.
    assert chart.data[1]["y"][6] == 3.0
    ratio = figures.trend(
        by_day().rename(columns={"revenue": "roas"}), ("roas",), settings=SETTINGS
    )
    assert len(ratio.data) == 1
