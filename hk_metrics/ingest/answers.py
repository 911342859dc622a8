"""What only a person can decide: the questions an import asks, and the answers it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.dates import DateOrder
from hk_metrics.quality import Finding
from hk_metrics.schemas import TABLES

UnknownInfluencers = Literal["ask", "keep", "reject"]


@dataclass(frozen=True)
class Question:
    """One decision.

    Parameters
    ----------
    finding
        The question in words, with its place.
    choices
        What may be answered: value → words.
    default
        What is done where rows may be rejected without asking; None where nothing can be assumed.
    """

    finding: Finding
    choices: Mapping[str, str]
    default: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, file and column: what an answer refers to."""
        return self.finding.code, self.finding.file, self.finding.column

    def settled(self) -> Finding:
        """The question as a warning that says what was assumed."""
        assumed = self.choices.get(self.default or "", self.default)
        message = f"{self.finding.message} Assumed: {assumed}."
        return replace(self.finding, severity="warning", message=message)


@dataclass(frozen=True)
class Answers:
    """What the user decided.

    Parameters
    ----------
    tables
        File → table, or None to leave the file out.
    columns
        File or table → header → canonical column, or None to leave it out. The key ``""`` holds
        answers for whichever file has the header.
    date_order
        For every column whose dates are ambiguous.
    date_orders
        File → date order, where files differ.
    unknown_influencers
        Whether rows whose influencer has no profile are kept under an added profile.
    """

    tables: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    date_order: DateOrder | None = None
    date_orders: Mapping[str, DateOrder] = field(default_factory=dict)
    unknown_influencers: UnknownInfluencers = "ask"

    def columns_of(self, file: str, table: str, headers: tuple[str, ...]) -> dict[str, str | None]:
        """Return header → column of the answers that concern one file."""
        given = {**self.columns.get("", {}), **self.columns.get(table, {})}
        given |= self.columns.get(file, {})
        found: dict[str, str | None] = {}
        for a, b in given.items():
            if a in headers:
                found[a] = b
            elif b in headers and a in TABLES[table].names:
                found[b] = a
            elif a not in self.columns.get("", {}):
                found[a] = b
        return found


def answers_from(
    mapping: Mapping[str, Any] | None,
    date_order: DateOrder | None,
    unknown_influencers: UnknownInfluencers,
) -> Answers:
    """Read the ``mapping`` argument of `load`.

    Either header → canonical column, or the same within file or table names.
    """
    if date_order not in (None, "day_first", "month_first"):
        raise ParameterError(
            f"date_order is {date_order!r}: it must be 'day_first', 'month_first' or None"
        )
    if unknown_influencers not in ("ask", "keep", "reject"):
        raise ParameterError(
            f"unknown_influencers is {unknown_influencers!r}: it must be 'ask', 'keep' or 'reject'"
        )
    nested = {k: v for k, v in (mapping or {}).items() if isinstance(v, Mapping)}
    flat = {k: v for k, v in (mapping or {}).items() if not isinstance(v, Mapping)}
    return Answers(
        columns={**nested, **({"": flat} if flat else {})},
        date_order=date_order,
        unknown_influencers=unknown_influencers,
    )
