"""What a team says, on the page and without a browser: saved, refused, drawn, side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

import hk_metrics as hk
from hk_metrics.access import Visitor
from hk_metrics.access.visitor import VARIABLE
from hk_metrics.formatting import DASH, money
from hk_metrics.store.book import TeamBook
from hk_metrics.ui.pages import side_by_side
from hk_metrics.ui.parts.components import DayNotes, Filters, TableWidget, TagList
from hk_metrics.ui.parts.figure import Figure
from hk_metrics.ui.shell.app import Dashboard
from hk_metrics.ui.shell.session import widgets_within
from hk_metrics.ui.state import State


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> hk.Store:
    made = hk.Store(tmp_path_factory.mktemp("store"))
    made.commit(hk.simulate(seed=7, influencers=12, days=60, events=600)[0])
    return made


@pytest.fixture(scope="module")
def opened(store: hk.Store) -> Iterator[Dashboard]:
    """One session for all: to open one draws a whole page."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("hk_metrics.ui.shell.app.opened", lambda _: store.current())
        yield Dashboard()


@pytest.fixture
def dashboard(opened: Dashboard, store: hk.Store) -> Iterator[Dashboard]:
    yield opened
    for file in store.folder.glob("*.jsonl"):
        file.unlink()
    opened.state.restore({"page": "data", "preset": "all", "filters": {}})
    opened.state.spoke += 1


@pytest.fixture
def heard(dashboard: Dashboard) -> Iterator[list[str]]:
    """What the visitor is told from now on."""
    sentences: list[str] = []

    def hear(change: Any) -> None:
        sentences.append(change.new.get("text", ""))

    dashboard.browser.observe(hear, "message")
    yield sentences
    dashboard.browser.unobserve(hear, "message")


def _book(store: hk.Store) -> TeamBook:
    return TeamBook(store.folder)


def _of(dashboard: Dashboard, kind: type, title: str = "") -> Any:
    """Return the widget of a kind on the page in sight, of a title where one is given."""
    page = dashboard.session.open(dashboard.state.page).root
    for widget in widgets_within(page):
        described = getattr(widget, "described", None)
        if isinstance(widget, kind) and (not title or (described and described.title == title)):
            return widget
    raise AssertionError(f"no {kind.__name__} {title}")


def _ask(widget: Any, **message: Any) -> None:
    widget._handle_custom_msg(message, [])


def _last(heard: list[str], words: str) -> bool:
    """Return whether the visitor was told words, and forget what they were told."""
    found = any(words in sentence for sentence in heard)
    heard.clear()
    return found


def _facets(rail: Filters) -> dict[str, list[list[Any]]]:
    return {f["name"]: f["values"] for f in rail.facets}


def test_view_is_saved_from_the_header_and_refused_to_who_only_looks(
    dashboard: Dashboard, store: hk.Store, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dashboard.header.saved == {"may": True, "views": []}
    dashboard.state.restore({"preset": "all", "filters": {"brand": ("Gritzo",)}})
    _ask(dashboard.header, event="view", do="save", name="Gritzo pay")
    saved: Any = dashboard.header.saved
    (view,) = saved["views"]
    assert (view["name"], view["query"]) == ("Gritzo pay", "period=all&brand=Gritzo")
    _ask(dashboard.header, event="view", do="rename", key=view["key"], name="Gritzo payouts")
    assert [v.name for v in _book(store).views()] == ["Gritzo payouts"]
    _ask(dashboard.header, event="view", do="save", name="  ")
    assert _last(heard, "is empty")
    for looker in (Visitor("Vik", "viewer"), Visitor("A", "admin", {"brand": ("Gritzo",)})):
        monkeypatch.setenv(VARIABLE, looker.as_text())
        for do in ("save", "rename", "delete"):
            _ask(dashboard.header, event="view", do=do, name="mine", key=view["key"])
            assert _last(heard, "only an editor or an admin may save")
    assert [v.name for v in _book(store).views()] == ["Gritzo payouts"]
    monkeypatch.delenv(VARIABLE)
    _ask(dashboard.header, event="view", do="delete", key=view["key"])
    assert dashboard.header.saved == {"may": True, "views": []}


def test_news_of_the_data_stay_offered_beside_those_of_the_team(
    dashboard: Dashboard, store: hk.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = iter(("New data was imported at 10:02 by Bo.", ""))
    monkeypatch.setattr(dashboard.news, "look", lambda _: next(told))

    async def looks() -> None:
        dashboard._look_out()
        _book(store).pin("2025-01-20", "site down", by="Bo")
        dashboard._look_out()

    asyncio.run(looks())
    message: Any = dashboard.browser.message
    assert message["text"].startswith(
        "New data was imported at 10:02 by Bo. The note “site down” was saved at "
    )
    assert message["event"] == "news"
    dashboard.state.dataset = store.current()
    assert dashboard._offered == ""


def test_warm_session_takes_up_what_was_said_while_it_waited(
    dashboard: Dashboard, store: hk.Store, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hk_metrics.ui.shell.app.newer", lambda _: None)
    monkeypatch.delenv("QUERY_STRING", raising=False)
    dashboard.state.restore({"page": "overview", "preset": "all"})
    _book(store).pin("2025-01-20", "site down", by="Bo")
    dashboard.start()
    assert [note["text"] for note in _of(dashboard, DayNotes).notes] == ["site down"]
    assert not _last(heard, "site down")


def test_note_is_on_every_chart_over_time_of_every_page(
    dashboard: Dashboard, store: hk.Store, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def marked() -> set[bool]:
        page = dashboard.session.open(dashboard.state.page)
        shown = (p.widget for p in page.panels(dashboard.state) if isinstance(p.widget, Figure))
        charts = (w.chart for w in shown if w.chart is not None)
        times = [c for c in charts if c.layout.get("xaxis", {}).get("type") == "date"]
        assert {bool(t.data) for t in times} <= {True}
        return {"site down" in t.note and t.data[-1]["name"] == "Note" for t in times}

    dashboard.state.restore({"page": "overview", "preset": "all"})
    assert marked() == {False}
    _ask(
        _of(dashboard, DayNotes), event="pin", key="", day="2025-01-20", text="site down", brand=""
    )
    notes = _of(dashboard, DayNotes)
    assert [n["words"] for n in notes.notes] == ["20 Jan 2025: site down"]
    one = {"influencer_id": (str(dashboard.state.view().by("influencer_id").index[0]),)}
    for page, filters in (("overview", {}), ("campaigns", {}), ("influencers", one)):
        dashboard.state.restore({"page": page, "filters": filters})
        assert marked() == {True}, page
    dashboard.state.restore({"page": "overview", "filters": {}})
    monkeypatch.setenv(VARIABLE, Visitor("Vik", "viewer").as_text())
    _ask(notes, event="unpin", key=notes.notes[0]["key"])
    assert _last(heard, "only an editor")
    monkeypatch.delenv(VARIABLE)
    _ask(notes, event="unpin", key=notes.notes[0]["key"])
    assert marked() == {False}
    assert _book(store).notes() == []


def test_influencers_are_tagged_on_their_page_and_from_the_table(
    dashboard: Dashboard, store: hk.Store, heard: list[str]
) -> None:
    people = [str(i) for i in dashboard.state.view().by("influencer_id").index[:3]]
    assert "tag" not in _facets(dashboard.rail)
    dashboard.state.page = "influencers"
    table = _of(dashboard, TableWidget, "Ranking")
    assert "tags" not in table.described.frame
    _ask(table, event="chosen", do="tag", keys=[*people[:2], "nobody"], tag="micro")
    assert _book(store).tags() == {"micro": tuple(people[:2])}
    assert [v[0] for v in _facets(dashboard.rail)["tag"]] == ["micro"]
    assert set(table.described.frame["tags"]) == {"micro", ""}
    _ask(table, event="chosen", do="tag", keys=[], tag="micro")
    assert _last(heard, "nobody is chosen")
    dashboard.state.filters = {"influencer_id": (people[2],)}
    _ask(_of(dashboard, TagList), event="tag", tag="MICRO")
    assert _of(dashboard, TagList).tags == ["micro"]
    dashboard.state.filters = {"tag": ("micro",)}
    assert [c["text"] for c in dashboard.chips.chips] == ["Tag: micro"]
    assert dashboard.browser.query.endswith("tag=micro")
    shown = dashboard.state.view().totals(["revenue", "roas"]).to_dict()
    data = dashboard.state.dataset
    assert data is not None
    assert shown == data.view(influencer_id=people).totals(["revenue", "roas"]).to_dict()
    dashboard.state.filters = {"tag": ("gone",)}
    assert any("gone" in n["text"] for n in dashboard.chips.notes)


def test_two_to_four_stand_side_by_side(dashboard: Dashboard) -> None:
    state = dashboard.state
    people = [str(i) for i in state.view().by("influencer_id").index[:5]]
    state.restore({"page": "influencers", "preset": "all"})
    _ask(_of(dashboard, TableWidget, "Ranking"), event="chosen", do="compare", keys=people[:2])
    assert state.filters["influencer_id"] == tuple(people[:2])
    table = _of(dashboard, TableWidget, "Side by side").described
    assert table is not None
    rows = table.frame.set_index("metric")
    names = dashboard.session.catalog().names
    assert list(rows.columns) == [names[i] for i in people[:2]]
    view = state.view()
    for i in people[:2]:
        revenue = view.where(influencer_id=i).totals(["revenue"])["revenue"]
        assert rows.loc["Revenue", names[i]] == money(float(revenue))
    assert "–" in rows.loc["ROAS, lasting", names[people[0]]]
    assert rows.loc["Verdict on lift"].ne(DASH).all()
    page = widgets_within(dashboard.session.open("influencers").root)
    drawn = (w.chart for w in page if isinstance(w, Figure) and w.chart is not None)
    charts = [c for c in drawn if c.title.endswith("by week")]
    assert [len(c.data) for c in charts] == [2, 2, 2]
    weekly = charts[0].table
    assert weekly is not None
    assert weekly[names[people[0]]].sum() == pytest.approx(
        float(view.where(influencer_id=people[0]).totals(["revenue"])["revenue"])
    )
    for few, there in (
        (people[:1], False), (people[:4], True), (people, False), ([people[0], "nobody"], False),
    ):  # fmt: skip
        other = State(dataset=state.dataset, filters={"influencer_id": tuple(few)})
        assert side_by_side.few(other) is there
