"""The choices as a link's query, and back: a shared link opens exactly the same view."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

from hk_metrics.ui.state import COMPARISONS, PRESETS, State
from hk_metrics.view.filters import NONE

_OWN = ("page", "period", "from", "to", "compare", "followers", "token", "theme")
OPTION, _TABLE, _FILTER = "o.", "t.", "f."
_MOST = 20_000


def to_query(state: State) -> str:
    """Return the choices that differ from the start, as a query without "?".

    >>> state = State(page="campaigns", filters={"brand": ("Gritzo", None)})
    >>> to_query(state)
    'page=campaigns&brand=Gritzo&brand=%28none%29'
    """
    tables = [(f"{_TABLE}{name}", v) for name, v in sorted(state.tables.items())]
    return urlencode(_chosen(state) + tables)


def _chosen(state: State) -> list[tuple[str, str]]:
    """Return all choices but how tables are set, which changes no number."""
    pairs: list[tuple[str, str]] = []
    if state.page != "overview":
        pairs.append(("page", state.page))
    pairs += _dates(state)
    if state.compare != "previous_period":
        pairs.append(("compare", state.compare))
    low, high = state.followers
    if low is not None or high is not None:
        pairs.append(("followers", f"{_bound(low)}-{_bound(high)}"))
    for name, values in sorted(state.filters.items()):
        field = f"{_FILTER}{name}" if _taken(name) else name
        pairs += [(field, NONE if value is None else str(value)) for value in values]
    return pairs + [(f"{OPTION}{name}", str(v)) for name, v in sorted(state.options.items())]


def _taken(name: str) -> bool:
    """Return whether a dimension has the name of something else in a link."""
    return name in _OWN or name.startswith((OPTION, _TABLE, _FILTER))


def _dates(state: State) -> list[tuple[str, str]]:
    if state.preset == "custom":
        ends = (("from", state.first), ("to", state.last))
        return [(name, day.isoformat()) for name, day in ends if day]
    return [] if state.preset == state.opening() else [("period", state.preset)]


def mark(state: State) -> str:
    """Return a short id of a dataset's version and the choices: what a page is a function of.

    >>> mark(State()) == mark(State()) != mark(State(page="roas"))
    True
    """
    version = state.dataset.id if state.dataset else ""
    return hashlib.sha256(f"{version}?{urlencode(_chosen(state))}".encode()).hexdigest()[:12]


def from_query(query: str) -> dict[str, Any]:
    """Return the choices that a query makes, as `State.restore` takes them.

    A link that names no period leaves the preset None: the one that its page opens on.
    What is not understood is left out: a broken link still opens the dashboard.

    >>> chosen = from_query("?page=roas&from=2025-03-01&brand=Gritzo&o.model=markov")
    >>> chosen["page"], chosen["preset"], chosen["first"], chosen["filters"], chosen["options"]
    ('roas', 'custom', datetime.date(2025, 3, 1), {'brand': ('Gritzo',)}, {'model': 'markov'})
    """
    pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True) if query.count("&") < _MOST else []
    single = {name: value for name, value in pairs if name in _OWN}
    filters: dict[str, tuple[str | None, ...]] = {}
    options: dict[str, str] = {}
    tables: dict[str, str] = {}
    for name, value in pairs:
        if name.startswith(OPTION):
            options[name.removeprefix(OPTION)] = value
        elif name.startswith(_TABLE):
            tables[name.removeprefix(_TABLE)] = value
        elif name not in _OWN:
            dimension = name.removeprefix(_FILTER)
            chosen = None if value == NONE else value
            filters[dimension] = (*filters.get(dimension, ()), chosen)
    return {
        "page": single.get("page", "overview"),
        "filters": filters,
        "options": options,
        "tables": tables,
        "followers": _range(single.get("followers", "")),
        "compare": _known(single.get("compare"), COMPARISONS, "previous_period"),
        **_period(single),
    }


def _period(single: dict[str, str]) -> dict[str, Any]:
    first, last = _day(single.get("from")), _day(single.get("to"))
    if first and last and first > last:
        first, last = last, first
    if first or last:
        return {"preset": "custom", "first": first, "last": last}
    preset = single.get("period")
    known = preset in PRESETS and preset != "custom"
    return {"preset": preset if known else None, "first": None, "last": None}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _known(value: str | None, known: dict[str, str], default: str) -> str:
    return value if value in known else default


def _bound(value: float | None) -> str:
    return "" if value is None else format(Decimal(repr(value)), "f")


def _range(text: str) -> tuple[float | None, float | None]:
    low, _, high = text.partition("-")
    try:
        bounds = (float(low) if low else None, float(high) if high else None)
    except ValueError:
        return None, None
    swapped = None not in bounds and bounds[0] > bounds[1]  # type: ignore[operator]
    return (bounds[1], bounds[0]) if swapped else bounds
