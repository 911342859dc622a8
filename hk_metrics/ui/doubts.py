"""What the pages doubt of a dataset beside the import: counted once, for badge and report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hk_metrics.ui.memory import remembered

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset


@dataclass(frozen=True)
class Doubt:
    """How much of one kind there is to look at, and the page that lists it."""

    count: int
    one: str
    many: str
    page: str

    def __str__(self) -> str:
        return f"{self.count:,} {self.one if self.count == 1 else self.many}"


def doubts(dataset: Dataset) -> tuple[Doubt, ...]:
    """Return what the pages Payouts and Posts list of a whole dataset."""
    from hk_metrics.payouts.audit import audit

    rows = remembered(dataset.view(), "audit", lambda: audit(dataset))
    return (
        Doubt(len(rows), "payout that does not add up", "payouts that do not add up", "payouts"),
        Doubt(len(to_review(dataset)), "number to review", "numbers to review", "posts"),
    )


def to_review(dataset: Dataset) -> pd.DataFrame:
    """Return the signals of a dataset, worked out once."""
    from hk_metrics.signals import signals

    return remembered(dataset.view(), "signals", lambda: signals(dataset))
