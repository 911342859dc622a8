"""The visitor's choices, without widgets: view, link and back, presets, failures."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hk_metrics.dataset import Dataset
from hk_metrics.settings import Settings
from hk_metrics.ui.parts.panels import Page, Panel, Row, row
from hk_metrics.ui.shell.address import from_query, mark, to_query
from hk_metrics.ui.shell.session import Session
from hk_metrics.ui.state import CHOSEN, COMPARISONS, COMPLETE, PRESETS, State, preset_period
from tests.worked_example import TABLES


def dated(first: str, last: str, opening: str = "month") -> Dataset:
    """The worked example with an order on a first and on a last day."""
    orders = (
        TABLES["tracking_data"]
        .head(2)
        .with_columns(date=pl.Series([datetime.fromisoformat(first), datetime.fromisoformat(last)]))
    )
    none = {name: TABLES[name].head(0) for name in ("posts", "payouts")}
    only = {"influencers": TABLES["influencers"], "tracking_data": orders, **none}
    return Dataset(only, Settings(opening=opening), id=f"{first} {last} {opening}")  # type: ignore[arg-type]


@pytest.fixture
def state() -> State:
    return State(dataset=Dataset(TABLES, Settings(), id="worked", name="worked example"))


def test_filters_narrow_the_view(state: State) -> None:
    state.select("campaign", ["Fit"])
    totals = state.view().totals(["revenue", "spend"])
    assert (totals["revenue"], totals["spend"]) == (1550.0, 500.0)


def test_period_of_a_preset_ends_with_the_data(state: State) -> None:
    state.preset = "last_7"
    assert state.period() == (date(2025, 3, 14), date(2025, 3, 20))


@pytest.mark.parametrize("preset", [p for p in PRESETS if p not in ("all", "custom", *COMPLETE)])
@pytest.mark.parametrize("today", [date(2025, 3, 31), date(2024, 2, 29), date(2025, 1, 1)])
def test_presets_never_reach_beyond_today(preset: str, today: date) -> None:
    first, last = preset_period(preset, today)
    assert first <= last <= today


def test_toggle_widens_on_the_second_click(state: State) -> None:
    state.toggle("platform", "YouTube")
    state.toggle("platform", None)
    assert state.filters == {"platform": ("YouTube", None)}
    state.toggle("platform", "YouTube")
    state.toggle("platform", None)
    assert state.filters == {}


def test_choices_of_another_dataset_are_left_out_and_said(state: State) -> None:
    state.restore(
        {"filters": {"campaign": ("Nobody",), "zodiac": ("Leo",), "source": ("BioLink",)}}
    )
    assert state.view().filters == {"source": ("BioLink",)}
    assert len(state.misfits()) == 2


def test_reset_is_the_first_state_of_the_page(state: State) -> None:
    link = "page=roas&brand=X&from=2025-03-02&compare=none&followers=10-&o.model=markov&t.a.find=x"
    state.restore(from_query(link))
    state.reset()
    assert to_query(state) == "page=roas"
    assert mark(state) == mark(State(dataset=state.dataset, page="roas"))


def test_overview_opens_on_the_last_complete_month_and_other_pages_on_all_dates() -> None:
    state = State(dataset=dated("2025-01-02", "2025-03-30"))
    assert (
        state.period() is None
    )  # no January from its first day, no order in February, no 31 March
    state = State(dataset=dated("2025-01-01", "2025-01-31"))
    assert state.period() == (date(2025, 1, 1), date(2025, 1, 31))
    assert to_query(state) == ""
    state.page = "campaigns"
    assert to_query(state) == "page=campaigns&period=complete_month"
    state.restore(from_query("page=campaigns"))
    assert state.period() is None and to_query(state) == "page=campaigns"
    state.page = "overview"
    assert to_query(state) == "period=all"
    state.reset()
    assert to_query(state) == "" and state.period() is not None


def test_opening_is_a_setting_and_new_data_opens_anew() -> None:
    week = State(dataset=dated("2025-01-06", "2025-01-19", "week"))
    assert week.period() == (date(2025, 1, 13), date(2025, 1, 19))
    week.dataset = dated("2025-01-06", "2025-01-11", "week")
    assert (week.preset, week.misfits()) == ("all", [])
    assert State(dataset=dated("2025-01-01", "2025-01-31", "all")).period() is None
    week.restore(from_query("period=complete_week"))
    assert week.misfits() == ["The data has no complete week: all dates are shown."]


def test_how_a_table_is_set_changes_the_link_and_no_number(state: State) -> None:
    before = mark(state)
    state.arrange("ranking", "sort", "roas:asc")
    assert to_query(state) == "t.ranking.sort=roas%3Aasc"
    assert mark(state) == before
    state.arrange("ranking", "sort", "")
    assert to_query(state) == ""


words = st.text("abcxyz _.&=+%?#/éक(,:-", min_size=1, max_size=8)
names = st.one_of(
    st.text("abc_", min_size=2, max_size=6), st.sampled_from(["page", "from", "o.x", "f.y"])
)
values = st.lists(st.one_of(st.none(), words), min_size=1, max_size=4, unique=True).map(tuple)
days = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
bounds = st.one_of(st.none(), st.floats(0, 1e9, width=32).map(lambda v: float(f"{v:.15g}")))


@st.composite
def states(draw: st.DrawFn) -> State:
    """Anything that a visitor can choose."""
    made = State(page=draw(st.sampled_from(["overview", "payouts", "roas"])))
    made.filters = draw(st.dictionaries(names, values, max_size=3))
    made.options = draw(st.dictionaries(words, st.text("abc 50.%", max_size=5), max_size=3))
    made.tables = draw(st.dictionaries(words, words, max_size=3))
    made.compare = draw(st.sampled_from(list(COMPARISONS)))
    made.preset = draw(st.sampled_from(list(PRESETS)))
    first, last = draw(days), draw(days)
    if made.preset == "custom" and (first or last):
        made.first, made.last = sorted((first, last)) if first and last else (first, last)
    elif made.preset == "custom":
        made.preset = "all"
    low, high = draw(bounds), draw(bounds)
    made.followers = tuple(sorted((low, high))) if None not in (low, high) else (low, high)
    return made


def chosen(state: State) -> dict[str, object]:
    return {name: getattr(state, name) for name in ("page", *CHOSEN)}


UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@UNTIMED
@given(states())
def test_link_restores_every_choice(state: State) -> None:
    again = State()
    again.restore(from_query(to_query(state)))
    assert chosen(again) == chosen(state)
    assert mark(again) == mark(state)


@UNTIMED
@given(st.lists(states(), min_size=2, max_size=4))
def test_back_and_forward_find_each_state_again(visited: list[State]) -> None:
    shown, history = State(), [to_query(s) for s in visited]
    for query in [*history, *history[::-1], *history]:
        shown.restore(from_query(query))
        assert to_query(shown) == query


@given(st.text(max_size=200))
def test_broken_links_open_all_the_same(query: str) -> None:
    State().restore(from_query(query))


def session(state: State, *panels: Panel) -> tuple[Session, list[str], list[int]]:
    """A session with one page of the given panels, what it says, and how often it settles."""
    said: list[str] = []
    settled: list[int] = []

    def build(_: State) -> list[Row]:
        return [row(*panels)]

    page = {"overview": Page("overview", "Overview", build)}
    made = Session(state, page, said.append, lambda: settled.append(1), lambda _: None)
    return made, said, settled


def panel(draw: object) -> Panel:
    import ipywidgets

    return Panel(ipywidgets.Box(), draw)  # type: ignore[arg-type]


def test_change_recomputes_once(state: State) -> None:
    drawn: list[object] = []
    session(state, panel(drawn.append))
    state.restore({"filters": {"campaign": ("Fit",)}, "compare": "none"})
    assert 1 <= len(drawn) <= 2  # one notification for each of the two traits at most


def test_failing_panel_leaves_the_others_and_says_an_id(state: State) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    drawn: list[object] = []
    made, said, settled = session(state, panel(fail), panel(drawn.append))
    made.refresh()
    assert len(drawn) == 1
    assert len(settled) == 1
    assert "error" in said[0]
    assert "ZeroDivision" not in said[0]


def test_hidden_rows_are_not_computed(state: State) -> None:
    drawn: list[object] = []

    def build(_: State) -> list[Row]:
        return [row(panel(drawn.append), when=lambda s: s.compare == "none")]

    made = Session(
        state, {"overview": Page("overview", "Overview", build)}, print, lambda: None, print
    )
    made.refresh()
    assert drawn == []
    state.compare = "none"
    assert len(drawn) == 1
