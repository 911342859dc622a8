"""Sixty things that a pandas user would type: each works, or its error says what to type."""

from __future__ import annotations

import os
import rlcompleter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError
from hk_metrics.quality import QualityReport, finding
from hk_metrics.view import Query, View
from tests.worked_example import TABLES

MARCH = (date(2025, 3, 1), date(2025, 3, 31))
QUARTER = (date(2025, 1, 1), date(2025, 3, 31))


@pytest.fixture(scope="module")
def view() -> View:
    return Dataset(TABLES).view()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example as CSV files, and one of them below."""
    made = tmp_path_factory.mktemp("files")
    for name, table in TABLES.items():
        table.write_csv(made / f"{name}.csv")
    return made


# What is typed → what it gives, each worked out from the worked example.
WORKS: dict[str, tuple[Callable[[View], Any], Any]] = {
    "totals('roas')": (lambda v: round(v.totals("roas")["roas"], 6), round(2200 / 890, 6)),
    "totals(['revenue'])": (lambda v: v.totals(["revenue"])["revenue"], 2200),
    "totals(metrics='revenue')": (lambda v: v.totals(metrics="revenue").to_dict(), {"revenue": 2200}),
    "totals(None)": (lambda v: v.totals(None)["orders"], 8),
    "by('campaign', metrics='revenue')": (
        lambda v: v.by("campaign", metrics="revenue")["revenue"].to_dict()["Fit"], 1550),
    "by('campaign', ['revenue'])": (lambda v: list(v.by("campaign", ["revenue"])), ["revenue"]),
    "by('campaign', ('revenue', 'orders'))": (
        lambda v: list(v.by("campaign", ("revenue", "orders"))), ["revenue", "orders"]),
    "by('platform', 'campaign')": (
        lambda v: v.by("platform", "campaign").index.names, ["platform", "campaign"]),
    "by('platform', 'campaign', ['revenue'])": (
        lambda v: v.by("platform", "campaign", ["revenue"]).loc[("Instagram", "Fit")].to_list(),
        [800]),
    "by(['platform', 'campaign'])": (
        lambda v: v.by(["platform", "campaign"]).index.nlevels, 2),
    "by(('platform', 'campaign'), metrics='orders')": (
        lambda v: list(v.by(("platform", "campaign"), metrics="orders")), ["orders"]),
    "by('month', metrics='revenue')": (
        lambda v: v.by("month", metrics="revenue")["revenue"].to_list(), [2200]),
    "by('week', ['revenue'])": (
        lambda v: v.by("week", ["revenue"])["revenue"].to_list(), [300, 750, 400, 750]),
    "by('day', ['revenue'])": (lambda v: v.by("day", ["revenue"])["revenue"].sum(), 2200),
    "by('month', 'campaign')": (lambda v: v.by("month", "campaign").index.names[1], "campaign"),
    "trend('M', by='campaign')": (
        lambda v: v.trend("M", "revenue", by="campaign")["revenue"].to_list(), [1550, 650]),
    "trend('month')": (lambda v: len(v.trend("month")), 1),
    "trend(metrics='revenue')": (lambda v: list(v.trend(metrics="revenue")), ["revenue"]),
    "trend('W', 'revenue')": (lambda v: len(v.trend("W", "revenue")), 4),
    "compare(metrics='revenue')": (lambda v: list(v.compare(metrics="revenue").index), ["revenue"]),
    "Query('roas', by='campaign')": (
        lambda v: list(v.collect({"q": Query("roas", by="campaign")})["q"]), ["roas"]),
    "where(platform='Instagram')": (
        lambda v: v.where(platform="Instagram").totals("revenue")["revenue"], 1200),
    "where({'platform': 'Instagram'})": (
        lambda v: v.where({"platform": "Instagram"}).totals("revenue")["revenue"], 1200),
    "where(platform=pd.Series)": (
        lambda v: v.where(platform=pd.Series(["Instagram"])).totals("revenue")["revenue"], 1200),
    "where(platform={'Instagram'})": (
        lambda v: v.where(platform={"Instagram"}).totals("revenue")["revenue"], 1200),
    "where(influencer_id=1)": (lambda v: v.where(influencer_id=1).totals("orders")["orders"], 4),
    "where(date='2025-03')": (lambda v: v.where(date="2025-03").period, MARCH),
    "where(date='2025-3')": (lambda v: v.where(date="2025-3").period, MARCH),
    "where(date='2025-Q1')": (lambda v: v.where(date="2025-Q1").period, QUARTER),
    "where(date='2025q1')": (lambda v: v.where(date="2025q1").period, QUARTER),
    "where(date='2025')": (lambda v: v.where(date="2025").period,
                           (date(2025, 1, 1), date(2025, 12, 31))),
    "where(date='2025-03-02')": (
        lambda v: v.where(date="2025-03-02").totals("revenue")["revenue"], 300),
    "where(date=date)": (
        lambda v: v.where(date=date(2025, 3, 2)).totals("revenue")["revenue"], 300),
    "where(date=pd.Timestamp)": (
        lambda v: v.where(date=pd.Timestamp("2025-03-02")).totals("revenue")["revenue"], 300),
    "where(date=pd.Period)": (lambda v: v.where(date=pd.Period("2025-03", "M")).period, MARCH),
    "where(date=slice)": (lambda v: v.where(date=slice("2025-01", "2025-03")).period, QUARTER),
    "where(date=two months)": (lambda v: v.where(date=("2025-01", "2025-03")).period, QUARTER),
    "where(date='first..last')": (lambda v: v.where(date="2025-03-01..2025-03-31").period, MARCH),
    # The data ends on 20 March 2025: the month before its last is February.
    "where(date='last_month')": (lambda v: v.where(date="last_month").period,
                                 (date(2025, 2, 1), date(2025, 2, 28))),
    "where(date='last_7_days')": (lambda v: v.where(date="last_7_days").period,
                                  (date(2025, 3, 14), date(2025, 3, 20))),
    "where(date='all')": (lambda v: v.where(date="all").totals("revenue")["revenue"], 2200),
    "where(date=(None, '2025-03'))": (
        lambda v: v.where(date=(None, "2025-03")).totals("revenue")["revenue"], 2200),
    "view.dimensions": (lambda v: "campaign" in v.dimensions, True),
    "view.plot()": (lambda v: v.plot().layout.title.text, "Revenue and Spend"),
    "view.plot('roas', by='campaign')": (
        lambda v: v.plot("roas", by="campaign").layout.title.text, "ROAS by campaign"),
    "by('campaign').plot('spend')": (
        lambda v: v.by("campaign").plot("spend").layout.title.text, "Spend by campaign"),
    "by('campaign')['revenue'].sum()": (
        lambda v: v.by("campaign")["revenue"].sum(), 2200),
    "by('campaign').loc['Fit', 'revenue']": (
        lambda v: v.by("campaign").loc["Fit", "revenue"], 1550),
    "by('campaign').reset_index()": (
        lambda v: v.by("campaign", metrics="revenue").reset_index().columns.to_list(),
        ["campaign", "revenue"]),
    "by('campaign').to_dict('list')": (
        lambda v: v.by("campaign", metrics="orders").head(1).to_dict("list"), {"orders": [5.0]}),
    "'roas' in hk.METRICS": (lambda _: "roas" in hk.METRICS, True),
    "print(hk.METRICS)": (lambda _: "ROAS, times: revenue ÷ spend" in str(hk.METRICS), True),
}  # fmt: skip


# What is typed → a word of what its error tells to type instead.
TOLD: dict[str, tuple[Callable[[View], Any], str]] = {
    "by('campaign', 'revenue')": (
        lambda v: v.by("campaign", "revenue"), r"by\('campaign', metrics='revenue'\)"),
    "by('revenue')": (lambda v: v.by("revenue"), r"by\('campaign', metrics='revenue'\)"),
    "by('campaign', ['orders'], metrics='orders')": (
        lambda v: v.by("campaign", ["orders"], metrics="orders"), "given twice"),
    "by('plattform')": (lambda v: v.by("plattform"), "did you mean 'platform'"),
    "totals('rouas')": (lambda v: v.totals("rouas"), "did you mean 'roas'"),
    "trend('Q')": (lambda v: v.trend("Q"), "D, W, M, day, week, month"),  # type: ignore[arg-type]
    "trend('M', by='plattform')": (lambda v: v.trend("M", by="plattform"), "'platform'"),
    "compare('last_month')": (lambda v: v.compare("last_month"), "previous_month"),  # type: ignore[arg-type]
    "where('platform == 1')": (lambda v: v.where("platform == 1"), r"where\(platform='Instagram'"),
    "where(platform='Instagramm')": (lambda v: v.where(platform="Instagramm"), "'Instagram'"),
    "where(date='soon')": (lambda v: v.where(date="soon"), "last_month"),
    "where(date='2025-13')": (lambda v: v.where(date="2025-13"), "2025-13"),
    "view['revenue']": (lambda v: v["revenue"], r"view.totals\('revenue'\)"),
    "view.revenue": (lambda v: v.revenue, r"view.totals\('revenue'\)"),  # type: ignore[attr-defined]
    "view.groupby('campaign')": (lambda v: v.groupby("campaign"), r"view.by\('campaign'\)"),  # type: ignore[attr-defined]
    "view.resample('M')": (lambda v: v.resample("M"), r"view.trend\('M'\)"),  # type: ignore[attr-defined]
    "view.query('a')": (lambda v: v.query("a"), r"view.where\("),  # type: ignore[attr-defined]
    "view.sum()": (lambda v: v.sum(), r"view.totals\(\)"),  # type: ignore[attr-defined]
    "view.head()": (lambda v: v.head(), r"\.head\(\)"),  # type: ignore[attr-defined]
    "view.to_csv('f')": (lambda v: v.to_csv("f"), r"to_csv"),  # type: ignore[attr-defined]
    "hk.load('nowhere/*.csv')": (lambda _: hk.load("nowhere/*.csv"), "check the path"),
    "by('campaign').plot('reveneu')": (lambda v: v.by("campaign").plot("reveneu"), "'revenue'"),
    "by('campaign').plot('roas', 'spend')": (
        lambda v: v.by("campaign").plot("roas", "spend"), "one at a time"),
    "totals().plot()": (lambda v: v.totals().plot(), r"view\.plot\('revenue'\)"),
    "hk.load(7)": (lambda _: hk.load(7), "give a path"),
}  # fmt: skip


def test_table_is_of_sixty_things() -> None:
    assert len(WORKS) + len(TOLD) >= 60


@pytest.mark.parametrize("typed", WORKS)
def test_typed_works(view: View, typed: str) -> None:
    call, expected = WORKS[typed]
    assert call(view) == expected


@pytest.mark.parametrize("typed", TOLD)
def test_typed_is_told_what_to_type(view: View, typed: str) -> None:
    call, message = TOLD[typed]
    with pytest.raises((HkMetricsError, AttributeError), match=message):
        call(view)


def test_load_takes_patterns_paths_and_frames(folder: Path) -> None:
    frames = [pd.read_csv(f) for f in sorted(folder.glob("*.csv"))]
    sources = [str(folder / "*.csv"), folder / "*.csv", folder.glob("*.csv"), folder, frames,
               [os.fspath(f) for f in folder.glob("*.csv")]]  # fmt: skip
    for source in sources:
        assert hk.load(source).view().totals("revenue")["revenue"] == 2200


def test_one_frame_is_loaded_as_what_it_is(folder: Path) -> None:
    frame = pd.read_csv(folder / "tracking_data.csv")
    alone = hk.load(frame, on_error="reject", unknown_influencers="keep")
    assert alone.view().totals("revenue")["revenue"] == 2200
    assert alone.name == "frame"


def test_everything_says_in_ten_lines_what_it_is(view: View) -> None:
    data = Dataset(TABLES, name="sample")
    narrow = view.where(campaign=["Fit"], date="2025-03")
    for shown in (data, narrow, data.quality):
        text = repr(shown)
        assert len(text.splitlines()) <= 10
        assert "<table>" in shown._repr_html_()
    assert "tracking_data  5 rows" in repr(data)
    assert "₹1,550" in repr(narrow)
    assert "campaign Fit" in repr(narrow)
    assert "1 – 31 Mar 2025" in repr(narrow)


def test_quality_says_first_what_matters() -> None:
    many = [finding("not_a_table.by_name", file=f"{n}.txt") for n in range(20)]
    late = finding("future_date", file="orders.csv", row=3, rows="2 rows", last="1 May 2040")
    lines = repr(QualityReport((*many, late))).splitlines()
    assert len(lines) == 10
    assert "dated in the future" in lines[1]
    assert lines[-1].split()[:3] == ["more", "13", "more:"]


def test_polars_has_the_numbers_of_pandas(view: View) -> None:
    parts = view.by("campaign", metrics="revenue", output="polars")
    assert dict(parts.iter_rows()) == {"Fit": 1550, "Run": 650, "(none)": 0}
    assert view.totals("revenue", output="polars").to_dicts() == [{"revenue": 2200}]
    assert view.trend("M", "orders", output="polars")["orders"].to_list() == [8]
    assert view.by("month", metrics="orders", output="polars").columns == ["date", "orders"]
    changed = view.where(date=("2025-03-06", "2025-03-10")).compare(
        metrics="revenue", output="polars"
    )
    assert changed["change"].to_list() == [-550]
    with pytest.raises(HkMetricsError, match="pandas, polars"):
        view.by("campaign", output="arrow")  # type: ignore[call-overload]


def _drawn(data: Dataset) -> dict[str, tuple[hk.Result, str]]:
    """What a result is → it, and the heading of its figure."""
    view, month = data.view(), data.view(date="2025-02")
    return {
        "breakdown": (view.by("platform"), "Revenue by platform"),
        "two dimensions": (view.by("brand", "platform"), "Revenue by brand · platform"),
        "trend": (view.trend("M"), "Revenue"),
        "trend by": (view.trend("M", "revenue", by="platform"), "Revenue"),
        "comparison": (month.compare(), "Change against the period before"),
        "drivers": (month.drivers("roas", "platform"), "What changed ROAS"),
        "rank": (hk.rank(view), "ROAS, shrunken, with 90 % intervals"),
        "lift": (hk.lift(data, by="brand"), "Incremental revenue, with 90 % intervals"),
        "credit": (hk.attribute(data, "markov"), "Revenue by influencer"),
        "plan": (hk.what_if(view), "What to move: change in spend"),
    }


@pytest.fixture(scope="module")
def results() -> dict[str, tuple[hk.Result, str]]:
    return _drawn(hk.simulate(seed=7, influencers=20, days=90, events=3000)[0])


def test_results_say_the_essential_in_ten_lines(results: dict[str, tuple[hk.Result, str]]) -> None:
    for name, (result, _) in results.items():
        lines = repr(result).splitlines()
        assert len(lines) <= 10, name
        assert max(map(len, lines)) <= 130, name
        assert "e+0" not in repr(result), name
        assert "<table" in result._repr_html_(), name
    assert len(repr(results["breakdown"][0].iloc[0])) > 0
    assert "more of 20 rows" in repr(results["rank"][0])


def test_results_draw_the_dashboard_s_figures(results: dict[str, tuple[hk.Result, str]]) -> None:
    for name, (result, title) in results.items():
        figure = result.plot()
        assert figure.layout.title.text == title, name
        assert any(len(trace["x"]) for trace in figure.data), name
    shown = results["breakdown"][0]
    bars = shown.plot("spend").data[0]
    assert sorted(bars.x) == pytest.approx(sorted(shown["spend"].to_list()))


def test_what_is_computed_from_a_result_is_plain_pandas(view: View) -> None:
    frame = view.by("campaign", metrics=["revenue", "spend"])
    assert "₹1,550" in repr(frame.sort_values("spend"))
    assert "₹1,550" in repr(frame[["revenue"]].head(2))
    shares = frame / frame.sum()
    assert type(shares) is pd.DataFrame
    assert "₹" not in repr(shares)
    assert "₹" not in repr(frame.loc[["Fit"]].assign(revenue=1))
    pd.testing.assert_frame_equal(pd.DataFrame(frame), frame.copy())
    assert frame.attrs["unavailable"] == {}


def test_totals_say_first_what_matters(view: View) -> None:
    lines = repr(view.totals()).splitlines()
    assert len(lines) <= 10
    assert lines[1].split() == ["Revenue", "₹2,200"]
    assert [round(x) for x in view.totals(["revenue", "spend"]).plot().data[0].x] == [890, 2200]


def test_metrics_print_as_a_table() -> None:
    lines = str(hk.METRICS).splitlines()
    assert len(lines) == len(hk.METRICS) + 1
    assert all(f"  {name} " in "\n".join(lines) for name in hk.METRICS)
    assert hk.METRICS._repr_html_().count("<tr>") == len(hk.METRICS)


def test_everything_public_completes_on_tab(view: View) -> None:
    assert set(hk.__all__) <= set(dir(hk))
    assert {"totals", "by", "trend", "compare", "drivers", "plot", "where"} <= set(dir(view))
    typing = rlcompleter.Completer({"view": view, "hk": hk, "data": Dataset(TABLES)})
    for typed, whole in (
        ("hk.plan_ex", "hk.plan_experiment"),
        ("data.qual", "data.quality"),
        ("view.tot", "view.totals"),
        ("hk.METRICS.val", "hk.METRICS.values"),
    ):
        assert str(typing.complete(typed, 0)).startswith(whole), typed
