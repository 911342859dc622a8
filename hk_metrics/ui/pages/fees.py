"""Fees: what a post may cost beside what peers cost; who tires, stopped, or brings clicks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.present import Table
from hk_metrics.ui.memory import answered, remembered
from hk_metrics.ui.parts.lifts import lifted, method
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import explained, sentences

if TYPE_CHECKING:
    import pandas as pd

_TITLE = "Fair fees"
_LABELS = {
    "name": "Influencer", "posts": "Posts", "cost_per_post": "Paid per post",
    "fair_fee": "Fair fee per post", "headroom": "Left", "caused_per_post": "Caused per post",
    "peer_group": "Peers", "peers": "How many", "peer_fee": "With peers' cost",
    "peer_cpm_reach": "Peers per 1,000 reached", "peer_cpe": "Peers per engagement",
}  # fmt: skip
_EXPLAINED = explained(_LABELS, {
    "posts": "Posts in this view.",
    "cost_per_post": "Spend ÷ posts.",
    "fair_fee": "Margin × the incremental revenue of a post that holds with 90 %.",
    "headroom": "Fair fee − paid per post: below 0 the posts cost more than surely comes back.",
    "caused_per_post": "Incremental revenue ÷ posts, the likeliest.",
    "peers": "Other influencers of the tier and platform, whose medians stand beside.",
    "peer_fee": "What a post of this reach costs at the peers' cost per reach.",
    "peer_cpm_reach": "Median spend per 1,000 reached of the peers.",
    "peer_cpe": "Median spend per engagement of the peers.",
})  # fmt: skip
_TURNS = {"post": "Post", "posts": "Posts", "orders": "Orders", "expected": "Expected if alike",
          "index": "Of those expected", "lower": "from", "upper": "to"}  # fmt: skip
_TURNS_EXPLAINED = explained(_TURNS, {
    "post": "The influencer's first, second, third … post in the data.",
    "posts": "Posts with that number.",
    "orders": "Orders that followed them.",
    "expected": "Orders if each post brought the same per reach as the influencer's others.",
    "index": "Orders ÷ expected, shrunken: below 1 tiring, above 1 compounding.",
    "lower": "Where it lies, nine times in ten: the lower end.",
    "upper": "Where it lies, nine times in ten: the upper end.",
})  # fmt: skip
_MONEY = ("cost_per_post", "fair_fee", "headroom", "caused_per_post", "peer_fee", "peer_cpm_reach",
          "peer_cpe")  # fmt: skip
_FEW = 5


def fees() -> Panel:
    """Return the fee at which each influencer's post breaks even with 90 % certainty."""

    return table(fair, late=True)


def fair(answers: PanelAnswers) -> Table:
    """Return the fee at which each post breaks even, beside what is paid."""
    import pandas as pd

    known, reason = _known(answers)
    if known is None:
        return Table(_TITLE, pd.DataFrame(), note=reason)
    shown = known.copy()
    names = answers.catalog.names
    shown.insert(0, "name", [names.get(str(i), str(i)) for i in shown.index])
    notes = [known.attrs["assumption"], known.attrs["note"]]
    return Table(
        _TITLE, shown[list(_LABELS)], labels=_LABELS,
        units={**dict.fromkeys(_MONEY, "money"), "posts": "count", "peers": "count"},
        explain=_EXPLAINED,
        note=" ".join(n for n in notes if n), keys=list(shown.index), pick="influencer_id",
        subtitle="The fee at which a post breaks even, nine times in ten",
    )  # fmt: skip


def _known(answers: PanelAnswers) -> tuple[pd.DataFrame | None, str]:
    from hk_metrics.fees import fair_fees

    how = method(answers)

    def compute() -> Any:
        found = lifted(answers, how, "influencer_id")
        known = found["lower"].notna().any()
        return fair_fees(answers.view, lift=found if known else None)

    return remembered(answers.view, "fees", lambda: answered(compute), how)


def sequence() -> Panel:
    """Return whether later posts bring less per reach than the first ones."""

    def draw(answers: PanelAnswers) -> Table:
        import pandas as pd

        from hk_metrics.fees import post_sequence

        title = "Orders per reach by number of the post"
        known, reason = remembered(
            answers.view, "sequence", lambda: answered(lambda: post_sequence(answers.view))
        )
        if known is None:
            return Table(title, pd.DataFrame(), note=reason)
        columns = ["posts", "orders", "expected", "index", "lower", "upper"]
        return Table(
            title, known.reset_index()[["post", *columns]], subtitle=known.attrs["text"],
            units={**dict.fromkeys(("posts", "orders", "expected"), "count"),
                   **dict.fromkeys(("index", "lower", "upper"), "times")},
            labels=_TURNS, explain=_TURNS_EXPLAINED,
        )  # fmt: skip

    return table(draw, span=7, late=True)


def concentrated() -> Panel:
    """Return how much hangs on few, who stopped posting, and who brings clicks and no orders."""
    return sentences("What hangs on few", _lines, span=5, late=True)


def _lines(answers: PanelAnswers) -> list[dict[str, str]]:
    from hk_metrics.fees import concentration

    known, reason = answered(lambda: concentration(answers.view))
    if known is None:
        return [{"text": reason, "tone": "fair"}]
    top, few = known.attrs["top_1"], known.attrs["top_5"]
    if top != top:
        return [{"text": "No influencer has revenue here.", "tone": "fair"}]
    lines = [{"text": f"The first influencer brings {fmt.percent(top)} of revenue, the first five "
                      f"{fmt.percent(few)}.", "tone": ""}]  # fmt: skip
    stopped, clicks = known[known["stopped"]], known[known["clicks_without_orders"]]
    if len(stopped):
        share = float(stopped["share"].sum())
        lines.append({"text": f"Stopped posting: {_names(stopped, answers)}; they brought "
                              f"{fmt.percent(share)} of revenue.", "tone": "fair"})  # fmt: skip
    if len(clicks):
        text = f"Clicks without orders: {_names(clicks, answers)}; that is no chance."
        lines.append({"text": text, "tone": "poor"})
    return lines


def _names(found: pd.DataFrame, answers: PanelAnswers) -> str:
    names = [answers.catalog.names.get(str(i), str(i)) for i in found.index[:_FEW]]
    more = len(found) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")
