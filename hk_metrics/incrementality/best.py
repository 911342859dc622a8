"""Which method's incremental ROAS stands everywhere: the best one that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hk_metrics.incrementality import assumed_share, interrupted, post_response
from hk_metrics.incrementality.estimators import ESTIMATORS
from hk_metrics.incrementality.table import lift

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

# What people call each method, those first that lean on the data most.
_OURS: Mapping[str, str] = {
    post_response.METHOD: "Response to posts",
    interrupted.METHOD: "Before and after",
    assumed_share.METHOD: "Assumed share",
}


class _Labels(Mapping[str, str]):
    """Ours, and those of estimators that installed packages add."""

    def __getitem__(self, method: str) -> str:
        return _OURS[method] if method in _OURS else str(ESTIMATORS.theirs[method].LABEL)

    def __iter__(self) -> Iterator[str]:
        yield from _OURS
        yield from ESTIMATORS.theirs

    def __len__(self) -> int:
        return len(ESTIMATORS)


LABELS: Mapping[str, str] = _Labels()


@dataclass(frozen=True, eq=False)
class Best:
    """The method that answers a view best.

    Parameters
    ----------
    method
        Its name.
    found
        `hk_metrics.lift` of the whole by it: one row.
    passed_over
        Better methods → why they do not answer.
    """

    method: str
    found: pd.DataFrame
    passed_over: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What people call the method."""
        return LABELS[self.method]


def best(data: Dataset | View, *, ask: Callable[..., pd.DataFrame] = lift, **options: Any) -> Best:
    """Return the lift of the whole by the best method that answers.

    Parameters
    ----------
    data
        A dataset, or a view of one.
    ask
        Answers instead of `hk_metrics.lift`, e.g. from what is already known.
    options
        As in `hk_metrics.lift`: ``sales``, ``events``, filters.

    Returns
    -------
    Best
        Response to posts, else before and after; one whose interval is too wide to act on only
        where the other does not answer either. The assumed share where neither does: it always
        answers, and nothing in the data supports it.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=20, events=500)
    >>> found = best(data)
    >>> found.label, sorted(found.passed_over)
    ('Assumed share', ['interrupted', 'post_response'])
    """
    unsure: Best | None = None
    passed: dict[str, str] = {}
    for method in _OURS:  # what a package adds is chosen, never taken unasked
        found = ask(data, method, **options)
        row = found.iloc[0]
        answered = row["estimate"] == row["estimate"]
        if answered and method == assumed_share.METHOD and unsure:
            return unsure
        if answered and not row["inconclusive"]:
            return Best(method, found, passed)
        if answered and unsure is None:
            unsure = Best(method, found, dict(passed))
        passed[method] = str(row["refusal"] or "Its interval is too wide to act on.")
    return unsure or Best(assumed_share.METHOD, found, passed)
