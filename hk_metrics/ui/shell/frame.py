"""The frame around pages, linked to the state: header, rail of filters, chips."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.access import SIGN_OUT, current_visitor, scope_text
from hk_metrics.dataset import Dataset
from hk_metrics.figures import label_of
from hk_metrics.settings import Settings
from hk_metrics.team.tags import TAG
from hk_metrics.ui.doubts import Doubt
from hk_metrics.ui.parts.components import Chips, Filters, Header
from hk_metrics.ui.parts.panels import COLOURED, Catalog, PanelAnswers
from hk_metrics.ui.shell.address import OPTION
from hk_metrics.ui.sources import is_sample
from hk_metrics.ui.state import COMPARISONS, PRESETS, RANGE, SPEND_MEANS, State
from hk_metrics.view import Query, View
from hk_metrics.view.filters import NONE
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import pandas as pd

FIRST = (
    "brand", "campaign", "platform", "source", "influencer_id", "category", "product", "gender",
    "tier", "basis",
)  # fmt: skip
_HIDDEN = frozenset({"name", "organic"})
_LONGEST_LIST = 2000
# The badge until the pages' doubts are counted, too: half a count would be another number.
_UNCOUNTED = {"tone": "", "findings": "Checking …", "told": ""}
_MOST_CHIPS = 8  # of one filter; more are told as a number


def describe(header: Header, state: State) -> None:
    """Show which dataset is open, its period and its findings."""
    dataset = state.dataset
    assert dataset is not None
    span = dataset.ledger.period
    header.dataset = {
        "name": dataset.name or "Dataset",
        "period": fmt.period(*span) if span else "no dates",
        "sample": is_sample(dataset),
        **_UNCOUNTED,
    }


def account() -> dict[str, str]:
    """Return who has signed in, what they may, and where they sign out; nothing if nobody has."""
    visitor = current_visitor()
    if not visitor.name:
        return {}
    may = f"{visitor.role}, sees {scope_text(visitor.scope)}"
    return {"name": visitor.name, "may": may, "out": os.environ.get(SIGN_OUT, "")}


def badge(dataset: Dataset, doubts: Sequence[Doubt]) -> dict[str, str]:
    """Return what the badge says: how much there is to look at, of the import and on the pages."""
    errors, warnings = len(dataset.quality.errors), len(dataset.quality.warnings)
    parts = [counted(n, noun) for n, noun in ((errors, "error"), (warnings, "warning")) if n]
    parts += [str(d) for d in doubts if d.count]
    total = errors + warnings + sum(d.count for d in doubts)
    tone = "poor" if errors else "fair" if total else "good"
    text = counted(total, "finding") if total else "No findings"
    return {"tone": tone, "findings": text, "told": ", ".join(parts)}


def link_header(header: Header, state: State) -> None:
    """Let the header follow the page, and the page follow the header."""
    state.observe(lambda change: setattr(header, "page", change.new), "page")
    header.observe(lambda change: setattr(state, "page", change.new), "page")


def facets(dataset: Dataset, catalog: Catalog) -> list[dict[str, Any]]:
    """Return each dimension's values with their orders, colours and names, largest first."""
    view = dataset.view()
    dims = [d for d in view.dimensions if d not in _HIDDEN]
    dims.sort(key=lambda d: FIRST.index(d) if d in FIRST else len(FIRST))
    sums = view.collect({d: Query(("orders",), (d,)) for d in dims})
    found = []
    for dim in dims:
        orders = sums[dim]["orders"].sort_values(ascending=False, kind="stable")
        values = [
            [
                None if v == NONE else v,
                _name(dim, v, catalog),
                fmt.compact_count(n),
                _swatch(dim, v, catalog),
            ]
            for v, n in orders.head(_LONGEST_LIST).items()
        ]
        if len(values) > 1:
            found.append({"name": dim, "label": label_of(dim), "values": values})
    return [*found, *_tag_facet(view, sums)]


def _tag_facet(view: View, sums: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return the team's tags with the orders of their influencers; nothing where there are none."""
    tags = view.team.tags
    if not tags or TAG in view.dimensions or "influencer_id" not in sums:
        return []
    orders = sums["influencer_id"]["orders"]
    values = [
        [name, name, fmt.compact_count(float(orders[orders.index.isin(ids)].sum())), ""]
        for name, ids in tags.items()
    ]
    return [{"name": TAG, "label": "Tag", "values": values}]


def _swatch(dimension: str, value: object, catalog: Catalog) -> str:
    known = catalog.palette.colours.get(dimension, {})
    return known.get(str(value), "") if dimension in COLOURED else ""


def _name(dimension: str, value: object, catalog: Catalog) -> str:
    return catalog.names.get(str(value), str(value)) if dimension == "influencer_id" else str(value)


def link_filters(rail: Filters, state: State) -> None:
    """Let the rail follow the state, and the state follow the rail."""
    known = {"period": PRESETS, "compare": COMPARISONS}
    rail.choices = {name: [list(pair) for pair in words.items()] for name, words in known.items()}

    def from_rail(change: Any) -> None:
        if change.name == "selection":
            chosen = {k: tuple(v) for k, v in change.new.items() if v}
            if chosen != {k: tuple(v) for k, v in state.filters.items()}:
                state.filters = chosen
        elif change.name == "followers":
            state.followers = tuple(change.new.get("chosen") or (None, None))
        elif change.name == "compare":
            state.compare = change.new
        else:
            _set_period(state, change.new)

    rail.observe(from_rail, ["selection", "period", "compare", "followers"])
    rail.on_msg(lambda _, message, __: state.reset() if message.get("event") == "reset" else None)


def show_filters(rail: Filters, state: State) -> None:
    """Put the state into the rail."""
    dataset = state.dataset
    assert dataset is not None
    span = dataset.ledger.period
    shown = state.period() or span
    rail.span = [d.isoformat() for d in span] if span else []
    rail.selection = {k: list(v) for k, v in state.filters.items()}
    rail.compare = state.compare
    rail.followers = {"max": RANGE in dataset.ledger.columns, "chosen": list(state.followers)}
    ends = {
        k: d.isoformat() if d else None for k, d in (("first", state.first), ("last", state.last))
    }
    rail.period = {
        "preset": state.preset,
        "shown": [d.isoformat() for d in shown] if shown else [],
        **(ends if state.preset == "custom" else {}),
    }


def _set_period(state: State, chosen: Mapping[str, Any]) -> None:
    days = {k: date.fromisoformat(chosen[k]) if chosen.get(k) else None for k in ("first", "last")}
    if days["first"] and days["last"] and days["first"] > days["last"]:
        days = {"first": days["last"], "last": days["first"]}
    preset = chosen.get("preset", "all")
    state.restore({"preset": preset if preset in PRESETS else "all", **days})


def show_chips(chips: Chips, answers: PanelAnswers) -> None:
    """Show the filters in force, the period, and what a reader must know about the view."""
    state, catalog = answers.state, answers.catalog
    found = (_chips_of(dim, values, catalog) for dim, values in state.filters.items())
    chips.chips = [
        *(chip for some in found for chip in some), *_range_chips(state), *_choice_chips(state),
    ]  # fmt: skip
    period = answers.view.period
    lead = [fmt.period(*period)] if period else []
    if answers.before is not None and answers.before.period is not None:
        lead.append(f"compared with {fmt.period(*answers.before.period)}")
    chips.lead = ", ".join([*lead, *_grounds(answers)])
    notes = [{"text": n, "tone": "fair"} for n in (*state.misfits(), *answers.view.notes)]
    if is_sample(answers.dataset):
        notes.insert(
            0,
            {
                "text": "This is generated sample data.",
                "tone": "",
                "action": "Bring your own",
                "event": "data",
            },
        )
    chips.notes = notes


def _chips_of(dim: str, values: Sequence[Any], catalog: Catalog) -> list[dict[str, Any]]:
    """Return a chip for each value of a filter; one for all of them where they are many."""
    if len(values) > _MOST_CHIPS:
        text = f"{label_of(dim)}: {len(values):,} chosen"
        return [{"dimension": dim, "value": None, "text": text}]
    names = [_name(dim, NONE if v is None else v, catalog) for v in values]
    return [
        {"dimension": dim, "value": value, "text": f"{label_of(dim)}: {name}"}
        for value, name in zip(values, names, strict=True)
    ]


def _grounds(answers: PanelAnswers) -> list[str]:
    """Return what every number rests on beside the filters: the margin, and which data it is."""
    version = "" if is_sample(answers.dataset) else answers.dataset.id
    margins = margin_text(answers.settings)
    kept = [margins] if margins else []
    return [*kept, f"data {version[:8]}"] if version else kept


def margin_text(settings: Settings) -> str:
    """Return the margins in force, in words; empty for none.

    >>> margin_text(Settings(margin=0.35, margins=({"brand": "Gritzo", "margin": 0.5},)))
    'margin 35.0%, 1 product or brand with its own'
    """
    own, margin = len(settings.margins), settings.margin
    overall = f"margin {fmt.percent(margin)}" if margin is not None else ""
    if not own:
        return overall
    of = "product or brand with its" if own == 1 else "products and brands with their"
    return f"{overall or 'margin'}{',' if overall else ' of'} {own:,} {of} own"


def _choice_chips(state: State) -> list[dict[str, Any]]:
    """Return a chip for each choice of a page that changes the numbers of every page."""
    from hk_metrics.attribution import MODELS
    from hk_metrics.incrementality import LABELS

    labels = {
        "model": {name: f"Credit: {model.label}" for name, model in MODELS.items()},
        "method": {name: f"Lift: {label}" for name, label in LABELS.items()},
        "spend": {name: f"Spend: {label.lower()}" for name, label in SPEND_MEANS.items()},
    }
    chosen = [(name, labels[name].get(state.option(name, ""), "")) for name in labels]
    if (margin := state.margin()) is not None:
        chosen.append(("margin", f"Margin: {fmt.percent(margin)}"))
    if share := state.option("baseline", ""):
        chosen.append(("baseline", f"Baseline share: {share}%"))
    return [
        {"dimension": f"{OPTION}{name}", "value": None, "text": text}
        for name, text in chosen if text
    ]  # fmt: skip


def _range_chips(state: State) -> list[dict[str, Any]]:
    low, high = state.followers
    if low is None and high is None:
        return []
    ends = [
        f"from {fmt.compact_count(low)}" if low is not None else "",
        f"to {fmt.compact_count(high)}" if high is not None else "",
    ]
    return [
        {"dimension": RANGE, "value": None, "text": f"Followers: {' '.join(e for e in ends if e)}"}
    ]


def link_chips(chips: Chips, state: State) -> None:
    """Let a chip's cross remove its filter."""

    def act(_: Any, message: Mapping[str, Any], __: Any) -> None:
        event = message.get("event")
        if event == "reset":
            state.reset()
        elif event == "data":
            state.page = "data"
        elif event == "remove" and message["dimension"] == RANGE:
            state.followers = (None, None)
        elif event == "remove" and len(state.filters.get(message["dimension"], ())) > _MOST_CHIPS:
            state.select(message["dimension"], [])
        elif event == "remove" and message["dimension"].startswith(OPTION):
            state.choose(message["dimension"].removeprefix(OPTION), "")
        elif event == "remove":
            state.toggle(message["dimension"], message["value"])

    chips.on_msg(act)
