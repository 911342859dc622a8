"""What a ledger can tell: columns a metric needs, why it cannot be told, what is estimated."""

from __future__ import annotations

from collections.abc import Collection

from hk_metrics.ledger import Ledger
from hk_metrics.ledger.costs import COST_MEASURES
from hk_metrics.ledger.posts import POST_MEASURES
from hk_metrics.metrics import METRICS, Distinct, Measure, parts
from hk_metrics.schemas import COST_KINDS

_NOT_OF_POSTS = frozenset({"source", "product"})
_SPREAD = frozenset({"spend", "spend_due", *COST_MEASURES})
_ORDERS = frozenset({"orders", "revenue"})
# What people call a column that the data has no value of.
_CALLED = {
    "spend": "payouts",
    "spend_due": "payouts that are said to be due",
    "costs": "costs beside payouts",
    **{f"cost_{kind}": f"{kind} costs" for kind in COST_KINDS},
    "market_value": "market value of gifts",
    "orders": "order counts",
    "user_id": "customer ids",
    "post_followers": "follower counts",
    "matured_revenue": "history of orders delivered and returned that is long enough",
    "open_revenue": "history of orders delivered and returned that is long enough",
}
# What people set a metric's columns by.
_NO_MARGIN = "no margin is set (settings: margin, or a table margins)"
_SET = {
    "emv": "no rate card is set (settings: emv_rates)",
    "gross_margin": _NO_MARGIN,
    "contribution": _NO_MARGIN,
    "revenue_without_margin": "no product or brand has a margin of its own, or all have one",
}


def columns(metric: str, ledger: Ledger) -> list[str]:
    """Return the ledger columns that a metric needs; optional ones only where they are there."""
    needed: list[str] = []
    for part in parts(metric):
        measure = METRICS[part]
        if isinstance(measure, Measure):
            terms = measure.resolve(ledger.settings)
            needed += [c for c in terms if c not in measure.optional or c in ledger.measures]
        elif isinstance(measure, Distinct):
            needed += ["orders", "user_id"]
    return needed


def reason(metric: str, ledger: Ledger, asked: Collection[str]) -> str | None:
    """Return why a metric cannot be told under filters and breakdowns on `asked`; None if it can.

    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> reason("reach", data.ledger, ["source"])
    'a post has no source: its reach and reactions are not split by it'
    """
    if unset := _unset(metric, ledger):
        return unset
    needed = columns(metric, ledger)
    strange = _NOT_OF_POSTS & set(asked)
    for column in needed:
        if column in ledger.absent or not _is_column(column, ledger):
            return f"the data has no {_lack(column, ledger)}"
        if column in ledger.of_posts and strange:
            names = " or ".join(sorted(strange))
            return f"a post has no {names}: its reach and reactions are not split by it"
    return None


def _unset(metric: str, ledger: Ledger) -> str:
    """Return which setting a metric waits for; empty where it waits for none."""
    for part in parts(metric):
        measure = METRICS[part]
        if isinstance(measure, Measure) and not measure.resolve(ledger.settings):
            return _SET.get(part, "it has no columns")
    return ""


def is_offered(metric: str, ledger: Ledger) -> bool:
    """Return whether the data has the columns of a metric, be they without any value."""
    needed = columns(metric, ledger)
    return not _unset(metric, ledger) and all(_is_column(c, ledger) for c in needed)


def _is_column(column: str, ledger: Ledger) -> bool:
    return column == "user_id" or column in ledger.columns


def _lack(column: str, ledger: Ledger) -> str:
    """Return what is not in the data: the whole table of a column, or the column."""
    if column in POST_MEASURES and "posts" in ledger.absent:
        return "posts"
    if column in _ORDERS | {"user_id"} and ledger.absent >= _ORDERS:
        return "tracked orders"
    return _CALLED.get(column, column.replace("_", " "))


def is_estimated(metric: str, dimension: str, ledger: Ledger) -> bool:
    """Return whether a metric's split by a dimension was estimated rather than observed."""
    if reason(metric, ledger, [dimension]):
        return False
    kinds = set()
    for column in columns(metric, ledger):
        if column in ledger.of_posts:
            kinds |= {"post"}
        else:
            kinds |= {"order", "spend"} if column in _SPREAD else {"order"}
    return any((kind, dimension) in ledger.estimated for kind in kinds)
