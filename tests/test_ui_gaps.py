"""The pages of a dataset that lacks whole tables: no error, and every empty place says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ipywidgets import Widget

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.report.letter.opening import KeyFigures
from hk_metrics.report.letter.story import Story
from hk_metrics.ui.pages import PAGES
from hk_metrics.ui.parts import downloads
from hk_metrics.ui.parts.components import Cards, Sentences, TableWidget
from hk_metrics.ui.parts.figure import Figure
from hk_metrics.ui.shell.app import Dashboard
from tests.small_files import files

KINDS: dict[str, dict[str, None]] = {
    "payouts": {"tracking_data": None, "posts": None},
    "posts": {"tracking_data": None, "payouts": None},
    "orders": {"payouts": None, "posts": None},
    "no influencers": {"tracking_data": None, "posts": None, "influencers": None},
}
LACKS = (
    "has no", "names no", "No tracked order belongs", "No hashtags", "has a date",
    "There are no orders here", "Only tracked orders are here", "There is nothing to compare with",
)  # fmt: skip


@pytest.fixture(params=KINDS)
def dashboard(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Dashboard:
    data = hk.load(files(**KINDS[request.param]), on_error="reject")
    return opened(data, monkeypatch)


def opened(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dashboard:
    monkeypatch.setattr("hk_metrics.ui.shell.app.opened", lambda _: data)
    return Dashboard()


def pages(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Widget]]:
    """Every widget of every page, the page of one influencer last; a failing panel fails here."""

    def failed(error: Exception) -> None:
        raise error

    monkeypatch.setattr(dashboard.session, "report", failed)
    state = dashboard.state
    for key in (*PAGES, "influencers"):
        if state.page == "data":
            state.filters = {"influencer_id": ("1",)}
        state.page = key
        for panel in dashboard.session.open(key).panels(state):
            yield key, panel.widget


def test_every_empty_place_says_why(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    for page, widget in pages(dashboard, monkeypatch):
        if page == "data":
            continue
        if isinstance(widget, Figure) and widget.chart is not None and not widget.chart.data:
            seen += 1
            assert any(words in widget.chart.empty for words in LACKS), widget.chart
        if isinstance(widget, TableWidget) and not len(widget.described.frame):
            seen += 1
            assert any(words in widget.described.note for words in LACKS), widget.described
        if isinstance(widget, Sentences):
            assert widget.lines or "hk-hidden" in widget._dom_classes, widget.title
        for card in widget.cards if isinstance(widget, Cards) else ():
            assert card["value"] != "—" or card["explain"]["lines"], card
    assert seen > 10


def overview_cards(shown: Dashboard) -> list[dict[str, Any]]:
    panels = shown.session.open("overview").panels(shown.state)
    return next(p.widget.cards for p in panels if isinstance(p.widget, Cards))


def test_cards_show_a_dash_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = opened(hk.load(files(**KINDS["payouts"])), monkeypatch)
    cards = overview_cards(shown)
    told = {card["key"]: (card["value"], card["against"]) for card in cards}
    assert told["spend"] == ("₹890", "")
    assert told["revenue"] == ("—", "The data has no tracked orders")
    assert told["reach"] == ("—", "The data has no posts")


def test_spend_that_is_still_due_is_told_beside_spend(monkeypatch: pytest.MonkeyPatch) -> None:
    paid = "influencer_id,basis,rate,orders,total_payout,status\n" + (
        "1,post,200,,700,Queued\n2,post,200,,5000,Processed\n"
    )
    data = hk.load(files(payouts=paid))
    shown = opened(data, monkeypatch)
    cards = overview_cards(shown)
    assert {c["key"]: c["against"] for c in cards}["spend"] == "of it ₹700 still due"
    shown.state.page = "payouts"
    panels = shown.session.open("payouts").panels(shown.state)
    cards = [c for p in panels if isinstance(p.widget, Cards) for c in p.widget.cards]
    assert [c["key"] for c in cards][:2] == ["spend", "average_per_influencer"]
    assert {c["key"]: c["value"] for c in cards}["spend"] == "₹5,700"
    # what is due stands in one place: beside what is late and held
    assert [(c["key"], c["value"]) for c in cards if "₹700" in (c["value"], c["against"])] == [
        ("due", "₹700")
    ]
    sheets = {s.title: s.frame for s in downloads.everything(shown.session.answer(()))}
    assert "spend_due" in sheets["Totals"].to_string()
    letter = KeyFigures(Story(data, data.view(), None))
    assert "Spend still due" in letter._repr_html_()
    settled = hk.load(files(payouts=paid.replace("Queued", "Processed")))
    assert "spend_due" not in settled.view().metrics
    assert "still due" not in KeyFigures(Story(settled, settled.view(), None))._repr_html_()


def test_chart_of_two_shows_the_one_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = opened(hk.load(files(payouts=None)), monkeypatch)
    panels = shown.session.open("overview").panels(shown.state)
    chart = next(p.widget.chart for p in panels if isinstance(p.widget, Figure))
    assert [trace["name"] for trace in chart.data if "name" in trace] == ["Revenue"]
    assert chart.note == "The data has no payouts."


def test_printed_page_and_workbook_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = opened(hk.load(files(**KINDS["posts"])), monkeypatch)
    shown.state.page = "payouts"
    panels = shown.session.open("payouts").panels(shown.state)
    html = downloads.page_html("Payouts", panels, shown.session.answer(()))
    assert html.count("The data has no payouts.") > 5
    answers = shown.session.answer(())
    notes = [sheet.note for sheet in downloads.everything(answers)]
    assert all("The data has no tracked orders." in note for note in notes)


def test_model_that_cannot_credit_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = opened(hk.load(files(**KINDS["posts"])), monkeypatch)
    shown.state.options = {"model": "linear"}
    assert shown.state.view().totals(["posts"])["posts"] == 3
    assert shown.state.misfits()[0].startswith("Orders are credited as tracked: no tracked order")
