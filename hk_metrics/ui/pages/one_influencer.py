"""One influencer's page: shown on the page of influencers when the filter holds just one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart, label_of
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.ranking.likeness import nearest
from hk_metrics.ui.pages.posts import feed_table
from hk_metrics.ui.pages.roas import segment_words
from hk_metrics.ui.pages.skill import ranking
from hk_metrics.ui.pages.statements import statement
from hk_metrics.ui.pages.tags import tags
from hk_metrics.ui.parts.cards import cards
from hk_metrics.ui.parts.components import FactList
from hk_metrics.ui.parts.lifts import lifted, method, named, verdict
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, chart, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

_KEY_FIGURES = (
    "revenue", "spend", "roas", "orders", "posts",
    "reach", "engagement_rate", "conversion_rate", "aov", "cpo",
)  # fmt: skip
_PEERS = ("revenue", "spend", "roas", "orders", "engagement_rate", "conversion_rate")


def one(state: State) -> bool:
    """Return whether the filter holds exactly one influencer, whom the dataset knows."""
    chosen = state.filters.get("influencer_id", ())
    if len(chosen) != 1 or state.dataset is None:
        return False
    return chosen[0] in state.dataset.tables["influencers"]["id"]


def several(state: State) -> bool:
    """Return whether the filter leaves more than one influencer."""
    return not one(state)


def _who(state: State) -> str:
    """Return the influencer's id."""
    return str(state.filters["influencer_id"][0])


def rows(state: State) -> list[Row]:
    """Return the rows of an influencer's page."""
    dims = state.view().dimensions
    codes = [by(d, "code or link") for d in ("source",) if d in dims]
    return [
        row(_profile(state), when=one),
        row(tags(state), when=one),
        row(cards(_KEY_FIGURES), when=one),
        row(by_day(), _standing(), when=one),
        row(_orders_by_day(), by("product"), *codes, when=one),
        row(feed_table(own=True), when=one),
        row(statement(), when=one),
        row(_peers(state), when=one),
    ]


def _profile(state: State) -> Panel:
    """Return what is known of the influencer, and the way back to all."""
    widget = FactList(back="All influencers")
    widget.add_class("hk-span-12")
    widget.on_msg(
        lambda _, m, __: state.select("influencer_id", []) if m.get("event") == "back" else None
    )

    def draw(answers: PanelAnswers) -> None:
        key = _who(answers.state)
        widget.title = answers.catalog.names.get(key, key)
        profiles = answers.catalog.profiles
        known = profiles.loc[key].to_dict() if key in profiles.index else {}
        widget.subtitle = f"Influencer {key}"
        widget.pairs = [[label_of(str(n)), _fact(v)] for n, v in known.items() if n != "name"]

    return Panel(widget, draw)


def _fact(value: Any) -> str:
    if isinstance(value, str) or value is None or value != value:
        return value if isinstance(value, str) and value else fmt.DASH
    return fmt.count(float(value)) if isinstance(value, int | float) else str(value)


def by_day() -> Panel:
    """Return revenue and spend by day."""

    def draw(answers: PanelAnswers) -> Chart:
        names = ("revenue", "spend")
        return figures.trend(
            answers.trend("D"), names, settings=answers.settings, title="Revenue and spend by day"
        )

    return chart(draw, Query(("revenue", "spend"), freq="D"), span=7, height=290)


def _orders_by_day() -> Panel:
    """Return orders by day."""

    def draw(answers: PanelAnswers) -> Chart:
        return figures.trend(
            answers.trend("D"), ("orders",), settings=answers.settings, title="Orders by day"
        )

    return chart(draw, Query(("orders",), freq="D"), span=4, height=300)


def by(dimension: str, words: str = "") -> Panel:
    """Return revenue by a dimension of the orders."""

    def draw(answers: PanelAnswers) -> Chart:
        frame = answers.by(dimension)
        title = f"Revenue by {words or dimension}"
        known = frame[frame.index != "(none)"]
        return figures.bars(known, "revenue", title=title, **answers.look())

    return chart(draw, Query(("revenue",), (dimension,)), span=4, height=300)


def _standing() -> Panel:
    """Return how sure the influencer's ROAS is, and what was caused."""
    return sentences("How sure, and what was caused", _certainty, span=5, late=True)


def _certainty(answers: PanelAnswers) -> list[dict[str, str]]:
    key = _who(answers.state)
    frame, reason = ranking(answers.view.where(influencer_id=None))
    ranked = frame is not None and key in frame.index and frame["shrunken"].notna()[key]
    unranked = [{"text": reason or "Without spend there is no ROAS to rank.", "tone": "fair"}]
    skill = _skill(frame, key, answers) if frame is not None and ranked else unranked
    found = lifted(answers, method(answers), "influencer_id")
    kept = answers.view.share_kept
    return [*skill, *(_caused(r, kept, answers) for r in found.to_dict("records"))]


def _skill(frame: pd.DataFrame, key: str, answers: PanelAnswers) -> list[dict[str, str]]:
    own = frame.loc[[key]].to_dict("records")[0]
    place, of = list(frame.index).index(key) + 1, int(frame["shrunken"].notna().sum())
    raw, likely, low, high = (fmt.times(own[n]) for n in ("raw", "shrunken", "lower", "upper"))
    sure = fmt.chance(own["above_break_even"])
    tone = {"high": "good", "good": "good", "loss": "poor"}.get(str(own["segment"]), "fair")
    return [
        {"text": f"Place {place:,} of {of:,} by the ROAS that lasts.", "tone": ""},
        {"text": f"ROAS {raw}; lasting, told from luck: {likely} ({low} to {high}, 90 %). "
                 f"Above break-even with {sure} probability.", "tone": tone},
        {"text": f"{segment_words(own['segment'], answers)}, with "
                 f"{fmt.chance(float(own['certainty']))} certainty.", "tone": tone},
    ]  # fmt: skip


def _caused(row: Any, kept: float, answers: PanelAnswers) -> dict[str, str]:
    if row["refusal"] or row["estimate"] != row["estimate"]:
        return {"text": f"Lift is not told: {verdict(row, kept)}", "tone": "fair"}
    names = ("estimate", "lower", "upper", "tracked")
    lift, low, high, tracked = (fmt.compact_money(row[n], answers.settings) for n in names)
    spanned = f" ({low} to {high})" if row["lower"] == row["lower"] else ""
    text = (f"Of {tracked} credited, {lift}{spanned} would not have come otherwise: incremental "
            f"ROAS {fmt.times(row['iroas'])} {named(answers, str(row['method']))}, "
            f"{verdict(row, kept)}.")  # fmt: skip
    return {"text": text, "tone": "" if row["inconclusive"] else "accent"}


def _peers(state: State) -> Panel:
    """Return the influencers most like this one: same category and platform, near in followers."""

    def draw(answers: PanelAnswers) -> Table:
        key = _who(answers.state)
        profiles, names = answers.catalog.profiles, answers.catalog.names
        view = answers.view.where(influencer_id=None)
        known = set(view.values("influencer_id"))
        like = [i for i in (key, *nearest(profiles, key)) if i in known]
        frame = view.where(influencer_id=like).by("influencer_id", _PEERS)
        frame = frame.reindex([i for i in like if i in frame.index])
        frame.insert(0, "name", [names.get(str(i), str(i)) for i in frame.index])
        frame.insert(1, "follower_count", profiles["follower_count"].reindex(frame.index))
        return Table(
            "Peers like this one", frame, units={**{m: METRICS[m].unit for m in _PEERS},
            "follower_count": "count"}, subtitle="The same category and platform, then nearest in "
            "followers; this one first. Click a name for its page",
            labels={**{m: METRICS[m].label for m in _PEERS}, "name": "Influencer",
                    "follower_count": "Followers"},
            keys=list(frame.index), pick="influencer_id", note=answers.view.gaps(_PEERS),
        )  # fmt: skip

    made = table(draw)
    # A click adds a filter; so that a peer takes this one's place, this one leaves first.
    made.widget.on_msg(
        lambda _, m, __: state.select("influencer_id", []) if m.get("event") == "pick" else None
    )
    return made
