"""The visitor's choices, without widgets: view, link and back, presets, failures."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hk_metrics.dataset import Dataset
from hk_metrics.settings import Settings
from hk_metrics.ui.parts.panels import Page, Panel, Row, row
from hk_metrics.ui.shell.address import from_query, to_query
from hk_metrics.ui.shell.session import Session
from hk_metrics.ui.state import PRESETS, State, preset_period
from tests.worked_example import TABLES


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


@pytest.mark.parametrize("preset", [p for p in PRESETS if p not in ("all", "custom")])
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


def test_reset_keeps_page_and_comparison(state: State) -> None:
    state.restore(from_query("page=roas&brand=X&from=2025-03-02&compare=none&followers=10-"))
    state.reset()
    assert (state.filters, state.preset, state.followers) == ({}, "all", (None, None))
    assert (state.page, state.compare) == ("roas", "none")


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20
)
names = st.from_regex(r"[a-z_]{2,12}", fullmatch=True).filter(
    lambda n: n not in ("page", "period", "from", "to", "compare", "followers", "token", "theme")
)
values = st.lists(
    st.one_of(st.none(), texts.filter(lambda t: t != "(none)")), min_size=1, max_size=4, unique=True
)


@given(st.dictionaries(names, values, max_size=4), st.dictionaries(names, texts, max_size=3),
       st.sampled_from(["all", "last_28", "last_month"]), st.sampled_from(["previous_year", "none"]))  # fmt: skip
def test_link_restores_every_choice(
    filters: dict[str, list[str | None]], options: dict[str, str], preset: str, compare: str
) -> None:
    chosen = {
        "filters": {name: tuple(v) for name, v in filters.items()},
        "options": options, "preset": preset, "compare": compare, "page": "payouts",
    }  # fmt: skip
    state = State()
    state.restore(chosen)
    restored = from_query(to_query(state))
    assert {name: restored[name] for name in chosen} == chosen


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
