"""What a ledger can tell: columns a metric needs, why it cannot be told, what is estimated."""

from __future__ import annotations

from collections.abc import Collection

from hk_metrics.ledger import Ledger
from hk_metrics.metrics import METRICS, Measure, parts

NOT_OF_POSTS = frozenset({"source", "product"})


def columns(metric: str, ledger: Ledger) -> list[str]:
    """Return the ledger columns that a metric needs; optional ones only where they are there."""
    needed: list[str] = []
    for part in parts(metric):
        measure = METRICS[part]
        if isinstance(measure, Measure):
            terms = measure.resolve(ledger.settings)
            needed += [c for c in terms if c not in measure.optional or c in ledger.measures]
    return needed


def reason(metric: str, ledger: Ledger, asked: Collection[str]) -> str | None:
    """Return why a metric cannot be told under filters and breakdowns on `asked`; None if it can.

    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> reason("reach", data.ledger, ["source"])
    'a post has no source: its reach and reactions are not split by it'
    """
    needed = columns(metric, ledger)
    strange = NOT_OF_POSTS & set(asked)
    for column in needed:
        if column not in ledger.measures:
            return f"the data has no {column.replace('_', ' ')}"
        if column in ledger.of_posts and strange:
            names = " or ".join(sorted(strange))
            return f"a post has no {names}: its reach and reactions are not split by it"
    if isinstance(METRICS[metric], Measure) and not needed:
        return "no rate card is set (settings: emv_rates)"
    return None


def is_estimated(metric: str, dimension: str, ledger: Ledger) -> bool:
    """Return whether a metric's split by a dimension was estimated rather than observed."""
    kinds = set()
    for column in columns(metric, ledger):
        if column in ledger.of_posts:
            kinds |= {"post"}
        else:
            kinds |= {"order", "spend"} if column == "spend" else {"order"}
    return any((kind, dimension) in ledger.estimated for kind in kinds)
