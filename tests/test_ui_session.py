"""A session without a browser: no widget is left behind, and a failing panel spares the others."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from ipywidgets.widgets import widget

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.report.records import History, Run
from hk_metrics.ui.parts.components import Cards, Component, TableWidget
from hk_metrics.ui.parts.downloads import Download
from hk_metrics.ui.parts.figure import Figure
from hk_metrics.ui.shell.app import Dashboard
from hk_metrics.ui.shell.frame import describe
from hk_metrics.ui.shell.session import widgets_within
from tests.length import times
from tests.report_toy import write_config

CHANGES = times(15, 100)


@pytest.fixture(scope="module")
def data() -> Dataset:
    made, _ = hk.simulate(seed=7, influencers=12, days=40, events=400)
    return made


@pytest.fixture
def dashboard(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dashboard:
    monkeypatch.setattr("hk_metrics.ui.shell.app.opened", lambda _: data)
    return Dashboard()


def test_filter_changes_make_no_widgets(dashboard: Dashboard) -> None:
    state = dashboard.state
    brands = [value for value in state.view().values("brand") if value]
    for page in ("campaigns", "overview"):
        state.page = page
    before = len(widget._instances)
    for change in range(CHANGES):
        state.filters = {"brand": (brands[change % len(brands)],)}
    state.reset()
    assert len(widget._instances) == before


def test_tab_in_front_is_what_leaves_and_names_the_file(dashboard: Dashboard) -> None:
    state, handed = dashboard.state, list[Download]()
    dashboard.session.hand_out = handed.append
    names, heads = [], []
    for tab in ("return", "credit", "gossip"):
        state.page, state.options = "roas", {"tab": tab}
        dashboard.session.export_page("page")
        names.append(handed[-1].name)
        heads.append(openpyxl.load_workbook(io.BytesIO(handed[-1].content)).sheetnames)
    assert [n.split(".")[0] for n in names] == ["roas-return", "roas-credit", "roas-return"]
    assert any("Segments" in h for h in heads[0])
    assert not any("Segments" in h for h in heads[1])
    assert heads[2] == heads[0]


def test_what_was_drawn_before_the_browser_spoke_is_sent_again(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A front end that loads for longer than the session waits has not heard of it."""
    session, sent = dashboard.session, list[str]()

    def send_state(widget: widget.Widget, *_: object) -> None:
        if "hk-unseen" not in getattr(widget, "_dom_classes", ()):
            sent.append(widget.model_id)

    async def visit() -> None:
        session.refresh()
        panels = session.open("overview").panels(dashboard.state)
        late = {p.widget.model_id for p in panels if p.late} | {dashboard.header.model_id}
        assert len(late) > 1
        while session._waiting:
            await asyncio.sleep(0.05)
        monkeypatch.setattr(Component, "send_state", send_state)
        session.painted()
        assert set(sent) == late
        sent.clear()
        session.painted()
        assert sent == []

    monkeypatch.setattr("hk_metrics.ui.shell.session._PATIENCE", 0.0)
    asyncio.run(visit())


def test_what_waits_is_not_drawn_of_a_choice_that_is_gone(
    dashboard: Dashboard, caplog: pytest.LogCaptureFixture
) -> None:
    session, state = dashboard.session, dashboard.state
    who = str(state.view().values("influencer_id")[0])

    async def visit() -> None:
        state.page, state.filters = "influencers", {"influencer_id": (who,)}
        session.refresh()
        waiting = session._waiting
        assert waiting is not None
        state.filters = {}
        while session._waiting:
            session.painted()  # what the browser says of the state before
            await asyncio.sleep(0.005)
        assert session._answers is not waiting[1]

    asyncio.run(visit())
    assert "dashboard error" not in caplog.text


def test_warm_session_lets_the_browser_paint_first_and_counts_before_it_tells(
    dashboard: Dashboard,
) -> None:
    session = dashboard.session

    async def visit() -> None:
        describe(dashboard.header, dashboard.state)
        session.refresh()
        assert session._late is not None
        before = session._late.when()
        await asyncio.sleep(0.01)
        session.greet()
        assert session._late.when() > before
        assert dashboard.header.dataset["findings"] == "Checking …"
        session.complete()
        assert "finding" in dashboard.header.dataset["findings"].lower()
        session.greet()  # the browser asks for all that is drawn: none of it is sent twice
        assert session._unheard == []

    asyncio.run(visit())


def test_linked_page_is_drawn_once(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hk_metrics.ui.shell.app.opened", lambda _: data)
    monkeypatch.setattr("hk_metrics.ui.shell.app.newer", lambda _: None)
    monkeypatch.setenv("QUERY_STRING", "page=posts")
    drawn: list[str] = []

    async def visit() -> None:
        made = Dashboard()
        made.session.listeners.append(lambda answers: drawn.append(answers.state.page))
        made.start()
        await asyncio.sleep(0.1)

    asyncio.run(visit())
    assert drawn == ["posts"]


def test_failing_panel_says_so_and_the_others_are_drawn(
    dashboard: Dashboard,
    data: Dataset,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("<img src=x onerror=alert(1)> at /secret/path")

    told: list[str] = []
    monkeypatch.setattr(dashboard.session, "say", told.append)
    monkeypatch.setattr("hk_metrics.ui.pages.overview.figures.bars", broken)
    brand = next(value for value in data.view().values("brand") if value)
    dashboard.state.restore({"filters": {"brand": (brand,)}, "preset": "all"})
    words = (
        r"A part of this page could not be computed \(error ([0-9a-f]{6})\)\. The rest is right\."
    )
    mark = re.fullmatch(words, told[0])
    assert mark is not None
    assert any(mark[1] in record.getMessage() for record in caplog.records)
    panels = dashboard.session.open("overview").panels(dashboard.state)
    cards = next(p.widget for p in panels if isinstance(p.widget, Cards))
    wanted = data.view(brand=brand).totals(["revenue"])["revenue"]
    assert cards.cards[0]["exact"].replace(",", "") == f"₹{wanted:.2f}"


def test_data_page_lists_the_runs_of_reports(
    dashboard: Dashboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HK_METRICS_REPORTS", str(write_config(tmp_path)))
    began = datetime(2025, 5, 5, 2, 30, tzinfo=UTC)  # 08:00 in India
    run = Run(report="toy", key="7c", status="failed", started=began, period="w", message="no data")
    History(tmp_path / "runs").write(run)
    dashboard.state.page = "data"
    tables = [
        w for w in widgets_within(dashboard.main) if isinstance(w, TableWidget) and w.described
    ]
    shown = next(t.described.frame for t in tables if t.described.title == "Reports")
    assert shown.to_numpy().tolist() == [["5 May 2025, 08:00", "toy", "w", "failed", "no data"]]


def test_campaigns_show_the_measure_chosen(dashboard: Dashboard) -> None:
    dashboard.state.page = "campaigns"
    titles = {w.words.get("title") for w in widgets_within(dashboard.main) if isinstance(w, Figure)}
    assert "Revenue and spend by campaign" in titles
    dashboard.state.choose("measure", "roas")
    drawn = {w.words.get("title") for w in widgets_within(dashboard.main) if isinstance(w, Figure)}
    assert {"ROAS by campaign", "ROAS by brand"} <= drawn


def test_reset_goes_back_to_the_first_state(dashboard: Dashboard) -> None:
    dashboard.state.page = "roas"
    first = dashboard.browser.now
    dashboard.state.choose("model", "markov")
    assert "Credit: Markov" in " ".join(chip["text"] for chip in dashboard.chips.chips)
    assert dashboard.browser.now != first
    dashboard.state.reset()
    assert (dashboard.state.options, dashboard.browser.now) == ({}, first)
    assert dashboard.browser.query == "page=roas"
    assert dashboard.chips.chips == []


def test_every_panel_of_the_page_carries_the_id_of_the_state(dashboard: Dashboard) -> None:
    for page in dashboard.session.pages:
        dashboard.state.page = page
        panels = dashboard.session.open(page).panels(dashboard.state)
        assert {panel.widget.shown for panel in panels} == {dashboard.browser.now}, page
    assert len({dashboard.browser.now, ""}) == 2


def test_table_shows_and_hands_out_what_its_reader_set(dashboard: Dashboard) -> None:
    dashboard.state.restore({"page": "campaigns", "tables": {"by-campaign.sort": "spend:asc"}})
    panels = dashboard.session.open("campaigns").panels(dashboard.state)
    tables = [p.widget for p in panels if isinstance(p.widget, TableWidget) and p.widget.described]
    table = next(t for t in tables if "campaign" in t.described.frame)
    dashboard.state.restore({"tables": {f"{table.described.slug}.sort": "spend:asc"}})
    seen = table.seen()
    assert seen is not None
    spend = seen.frame["spend"].dropna()
    assert spend.is_monotonic_increasing and spend.nunique() > 2
    assert table.table["sort"] == ["spend", "asc"]
    name = str(seen.frame.iloc[1]["campaign"])
    table.tell("find", f"  {name.upper()[1:5]} ")
    found = table.seen()
    assert found is not None
    assert set(found.frame["campaign"]) == {
        n for n in seen.frame["campaign"] if name[1:5].lower() in n.lower()
    }
    assert f"{table.described.slug}.find=" in dashboard.browser.query
