"""One incremental ROAS: the best method that answers, the same on every page and in the letter."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from ipywidgets import Widget

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.incrementality import LABELS, best
from hk_metrics.report import letter
from hk_metrics.ui.parts import downloads
from hk_metrics.ui.parts.components import Cards, Field, TableWidget
from hk_metrics.ui.shell.app import Dashboard
from hk_metrics.ui.shell.session import widgets_within

NAN = float("nan")


def answers(**told: tuple[float, bool]) -> object:
    """Stand for `hk.lift`: method → estimate and whether its interval is too wide."""

    def ask(_: object, method: str) -> pd.DataFrame:
        estimate, wide = told.get(method, (NAN, False))
        refusal = None if method in told else f"{method} refuses."
        row = {"estimate": estimate, "inconclusive": wide, "refusal": refusal}
        return pd.DataFrame([row], index=["all"])

    return ask


@pytest.mark.parametrize(
    ("told", "method"),
    [
        ({"post_response": (5.0, False), "interrupted": (4.0, False)}, "post_response"),
        ({"post_response": (5.0, True), "interrupted": (4.0, False)}, "interrupted"),
        ({"post_response": (5.0, True), "interrupted": (4.0, True)}, "post_response"),
        ({"post_response": (5.0, True)}, "post_response"),
        ({"interrupted": (4.0, False)}, "interrupted"),
        ({}, "assumed_share"),
    ],
)
def test_best_method_is_the_surest_that_answers(told: dict[str, object], method: str) -> None:
    ask = answers(**told, assumed_share=(3.0, False))
    found = best(None, ask=ask)  # type: ignore[arg-type]
    assert found.method == method
    assert list(found.passed_over) == [m for m in LABELS if m in found.passed_over]
    assert method not in found.passed_over


@pytest.fixture(scope="module")
def data() -> Dataset:
    made, _ = hk.simulate(seed=3, influencers=60, events=15_000)
    return made


@pytest.fixture
def dashboard(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dashboard:
    monkeypatch.setattr("hk_metrics.ui.shell.app.opened", lambda _: data)
    shown = Dashboard()
    shown.state.preset = "all"
    return shown


def shown(dashboard: Dashboard) -> list[Widget]:
    """Return what the open page consists of."""
    return list(widgets_within(dashboard.session.open(dashboard.state.page).root))


def card(dashboard: Dashboard, key: str = "incremental_roas") -> dict[str, object]:
    panels = dashboard.session.open(dashboard.state.page).panels(dashboard.state)
    cards = [p.widget for p in panels if isinstance(p.widget, Cards)]
    return next(c for w in cards for c in w.cards if c["key"] == key)


def test_every_page_and_the_letter_show_one_incremental_roas(
    data: Dataset, dashboard: Dashboard
) -> None:
    wanted = best(data)
    row = wanted.found.iloc[0]
    assert wanted.method == "post_response"
    exact = f"{row['iroas']:.4f}×"
    for page, tab in (("overview", ""), ("roas", "lift")):
        dashboard.state.page, dashboard.state.options = page, {"tab": tab} if tab else {}
        assert (card(dashboard)["exact"], card(dashboard)["against"]) == (
            exact,
            "by response to posts",
        )
        assert card(dashboard)["range"] == f"{row['iroas_lower']:.2f}× – {row['iroas_upper']:.2f}×"
    story = letter.Story(data, data.view())
    kpi = next(k for k in letter.opening(story).facts["kpis"] if "Incremental" in k["label"])
    assert kpi["label"] == "Incremental ROAS (response to posts)"
    assert kpi["value"].startswith(f"{row['iroas']:.2f}× (")
    assert re.sub("[()]", "", kpi["value"].split(" ", 1)[1]) == card(dashboard)["range"]


def test_breakdown_and_export_follow_the_method_of_the_page(
    data: Dataset, dashboard: Dashboard
) -> None:
    dashboard.state.page = "campaigns"
    found = hk.lift(data, by="brand")["iroas"]
    brands = next(
        w.described for w in shown(dashboard)
        if isinstance(w, TableWidget) and w.described.title == "Brands"
    )  # fmt: skip
    told = dict(zip(brands.keys, brands.frame["incremental_roas"], strict=True))
    assert told == pytest.approx(found.to_dict())
    assert brands.labels["incremental_roas_lower"] == "from"
    sheets = {s.title: s for s in downloads.everything(dashboard.session.answer(()))}
    sheet = sheets["By brand"]
    assert sheet.labels["incremental_roas"] == "Incremental ROAS (response to posts)"
    assert sheet.frame["incremental_roas"].to_dict() == pytest.approx(found.to_dict())


def test_slider_moves_the_assumed_share_everywhere_and_nothing_else(dashboard: Dashboard) -> None:
    state, roas = dashboard.state, dashboard.state.view().totals(["roas"])["roas"]
    before = card(dashboard)["exact"]
    state.options = {"baseline": "50"}
    assert card(dashboard)["exact"] == before
    state.page, state.options = "roas", {"baseline": "50", "tab": "lift"}
    slider = next(
        w for w in shown(dashboard)
        if isinstance(w, Field) and w.label.startswith("Would have come")
    )  # fmt: skip
    assert "not used by response to posts" in slider.label
    state.options = {"baseline": "50", "method": "assumed_share", "tab": "lift"}
    assert "not used" not in slider.label
    for page in ("roas", "overview"):
        state.page = page
        assert card(dashboard)["exact"] == f"{roas / 2:.4f}×"
        assert card(dashboard)["against"] == "by assumed share, 50.0%"
        assert card(dashboard)["range"] == ""
