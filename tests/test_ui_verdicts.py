"""One verdict per number, a badge that counts what the pages list, and links that open it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ipywidgets import Widget

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.insights import insights
from hk_metrics.present.bands import band
from hk_metrics.settings import Bands, Settings
from hk_metrics.ui.pages.monday import sentence
from hk_metrics.ui.pages.overview import _show
from hk_metrics.ui.parts.components import Cards, Sentences, TableWidget
from hk_metrics.ui.shell.app import Dashboard
from hk_metrics.ui.shell.session import widgets_within


@pytest.fixture(scope="module")
def data() -> Dataset:
    made, _ = hk.simulate(seed=7, influencers=60, days=90, events=4_000)
    return made


@pytest.fixture
def dashboard(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dashboard:
    monkeypatch.setattr("hk_metrics.ui.shell.app.opened", lambda _: data)
    return Dashboard()


def on_page(dashboard: Dashboard, key: str) -> Iterator[Widget]:
    dashboard.state.page = key
    return widgets_within(dashboard.session.open(key).root)


def rows_of(dashboard: Dashboard, key: str, title: str) -> int:
    tables = (w.described for w in on_page(dashboard, key) if isinstance(w, TableWidget))
    return next(len(t.frame) for t in tables if t and t.title == title)


@pytest.mark.parametrize(
    ("roas", "word"),
    [(1.99, "poor"), (2.0, "average"), (2.85, "average"), (3.0, "average"), (3.004, "average"),
     (3.01, "good")],
)  # fmt: skip
@pytest.mark.parametrize("margin", [None, 0.5])
def test_roi_and_roas_of_the_same_money_have_one_verdict(
    roas: float, word: str, margin: float | None
) -> None:
    settings = Settings(margin=margin)
    roi = (margin or 1.0) * roas - 1
    for verdict in (band("roas", roas, settings), band("roi", roi, settings)):
        assert verdict is not None and verdict["text"] == word


def test_bands_are_those_of_the_settings() -> None:
    strict = Settings(bands={"roas": Bands(low=4.0, high=6.0)})
    assert band("roas", 3.5, strict) == {"text": "poor", "tone": "poor"}
    assert band("roi", 5.5, strict) == {"text": "good", "tone": "good"}
    assert band("engagement_rate", 0.05, strict) is None


def test_cards_of_a_page_agree_about_the_same_money(dashboard: Dashboard) -> None:
    cards = {c["key"]: c for w in on_page(dashboard, "roas") if isinstance(w, Cards)
             for c in w.cards}  # fmt: skip
    assert cards["roas"]["band"] == cards["roi"]["band"] is not None


def test_badge_counts_what_the_pages_list(dashboard: Dashboard, data: Dataset) -> None:
    doubted = rows_of(dashboard, "payouts", "What does not add up")
    reviewed = rows_of(dashboard, "posts", "To review")
    found = len(data.quality.errors) + len(data.quality.warnings) + doubted + reviewed
    assert doubted
    assert dashboard.header.dataset["findings"].split()[0] == str(found)
    assert dashboard.header.dataset["told"].startswith(f"{doubted} payout")
    assert dashboard.header.dataset["tone"] == "fair"
    report = next(w for w in on_page(dashboard, "data") if isinstance(w, Sentences))
    assert report.lines[0]["text"].startswith(f"{doubted} payout")


def test_every_link_opens_exactly_the_rows_its_sentence_counts(
    dashboard: Dashboard, data: Dataset
) -> None:
    state, followed = dashboard.state, 0
    for insight in insights(data.view(), None):
        line = sentence(insight)
        if not line["link"]:
            continue
        state.reset()
        _show(state, line["event"]["by"], line["event"]["values"])
        followed += 1
        if insight.evidence.by == "influencer_id":
            count = int(next(w for w in insight.text.split() if w.isdigit()))
            assert rows_of(dashboard, "influencers", "Ranking") == count, insight.text
        elif insight.evidence.by == "date":
            day = insight.evidence.values[0]
            assert [str(d) for d in state.period()] == [day, day]
    assert followed >= 4


def test_many_values_of_a_filter_are_one_chip(dashboard: Dashboard, data: Dataset) -> None:
    state = dashboard.state
    ids = [str(i) for i in data.view().by("influencer_id", ["revenue"]).index[:9]]
    state.select("influencer_id", ids)
    assert [c["text"] for c in dashboard.chips.chips] == ["Influencer: 9 chosen"]
    state.select("influencer_id", ids[:2])
    assert len(dashboard.chips.chips) == 2


def test_ids_stand_beside_names_in_files_alone(dashboard: Dashboard) -> None:
    for key, title in (("influencers", "Ranking"), ("campaigns", "Top performers")):
        tables = (w.described for w in on_page(dashboard, key) if isinstance(w, TableWidget))
        shown = next(t for t in tables if t and t.title == title)
        assert "influencer_id" not in shown.shown()
        assert list(shown.with_ids().frame["influencer_id"]) == [str(k) for k in shown.keys]
