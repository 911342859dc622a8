"""An import before it happens: what was understood, what is asked, what would result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.ingest.answers import Answers, Question, UnknownInfluencers
from hk_metrics.ingest.checking.rejection import rejected_csv
from hk_metrics.ingest.column_report import IGNORE
from hk_metrics.ingest.draft import Draft, dataset_of
from hk_metrics.ingest.drafting import drafted_apart
from hk_metrics.ingest.file_plan import FilePlan, file_plans
from hk_metrics.ingest.memory import remember
from hk_metrics.ingest.pipeline import draft
from hk_metrics.ingest.reading.sources import RawTables
from hk_metrics.ingest.values.dates import DateOrder
from hk_metrics.payouts.activity import attributed
from hk_metrics.quality import QualityReport, kind_of
from hk_metrics.schemas import TABLES
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.dataset import Dataset


@dataclass(frozen=True)
class ImportPlan:
    """An import that can be looked at, answered and carried out; nothing is stored by it.

    Parameters
    ----------
    reading
        What was read.
    answers
        What was decided so far.
    settings
        Currency, time zone, limits.
    made
        What would result.
    apart
        Whether the files are strangers', so that large ones are checked in a process apart.
    """

    reading: RawTables
    answers: Answers
    settings: Settings
    made: Draft
    apart: bool = False

    @property
    def questions(self) -> tuple[Question, ...]:
        """What only a person can decide, with its choices; empty where nothing is open."""
        return self.made.questions

    @property
    def report(self) -> QualityReport:
        """Every problem, warning and note; open questions among the problems."""
        return self.made.report(settled=False)

    @property
    def ready(self) -> bool:
        """Whether `dataset` would give one: usable rows, and no question without a default."""
        return self.made.usable

    @cached_property
    def files(self) -> tuple[FilePlan, ...]:
        """How each file was understood, in the order they were given."""
        return file_plans(self.reading, self.made)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One row per table: ``rows_in``, ``rejected``, ``kept``, and ``changed`` cells."""
        import pandas as pd

        changed: dict[str, int] = {}
        for note in self.made.findings:
            kind = kind_of(note)
            if kind and kind.changes:
                changed[note.table] = changed.get(note.table, 0) + note.count
        names = [n for n in TABLES if self.made.rows_in[n]]
        rejected = [self._rejected_rows(n) for n in names]
        rows_in = [self.made.rows_in[n] for n in names]
        return pd.DataFrame(
            {
                "rows_in": rows_in,
                "rejected": rejected,
                "kept": [a - b for a, b in zip(rows_in, rejected, strict=True)],
                "changed": [changed.get(n, 0) for n in names],
            },
            index=pd.Index(names, name="table"),
        )

    def _rejected_rows(self, table: str) -> int:
        rows = self.made.rejected.get(table)
        return 0 if rows is None else rows.height

    @cached_property
    def totals(self) -> dict[str, float]:
        """What would result: revenue, orders, spend (money, count, money), reach, posts …

        NaN where the files have no value of it.
        """
        tables = self.made.tables
        credited = attributed(tables["tracking_data"])
        posts = tables["posts"]
        return {
            "revenue": _sum(credited["revenue"]),
            "orders": _sum(credited["orders"]),
            "spend": _sum(tables["payouts"]["total_payout"]),
            "reach": _sum(posts["reach"]),
            "engagements": _sum(posts["likes"]) + float(posts["comments"].sum()),
            "posts": float(posts.height or nan),
            "influencers": float(tables["influencers"].height),
            "organic_revenue": _sum(tables["tracking_data"]["revenue"]) - _sum(credited["revenue"]),
        }

    def answer(self, question: Question, choice: str) -> ImportPlan:
        """Return the plan with one question answered.

        Parameters
        ----------
        question
            One of `questions`.
        choice
            One of its ``choices``.

        Raises
        ------
        UnknownNameError
            If the question does not offer that choice.
        """
        if choice not in question.choices:
            raise UnknownNameError.of("choice", choice, question.choices)
        code, file, column = question.key
        if code == "unrecognised_file":
            return self.with_table(file, None if choice == IGNORE else choice)
        if code == "doubtful_column":
            return self.with_column(file, column, None if choice == IGNORE else choice)
        if code == "ambiguous_dates":
            return self.with_date_order("day_first" if choice == "day_first" else "month_first",
                                        file)  # fmt: skip
        if code == "missing_column" and choice:
            return self.with_column(file, choice, column)
        return self._with(accepted=self.answers.accepted | {question.key})

    def with_table(self, file: str, table: str | None) -> ImportPlan:
        """Return the plan with a file taken for a table, or left out."""
        whole = self._known_file(file)
        if table is not None and table not in TABLES:
            raise UnknownNameError.of("table", table, TABLES)
        return self._with(tables={**self.answers.tables, whole: table})

    def with_column(self, file: str, header: str, column: str | None) -> ImportPlan:
        """Return the plan with a header taken for a canonical column, or left out."""
        self._known_file(file)
        of_file = {**self.answers.columns.get(file, {}), header: column}
        return self._with(columns={**self.answers.columns, file: of_file})

    def with_date_order(self, order: DateOrder, file: str | None = None) -> ImportPlan:
        """Return the plan with ambiguous dates read day first or month first."""
        if order not in ("day_first", "month_first"):
            raise ParameterError(f"order is {order!r}: it must be 'day_first' or 'month_first'")
        if file is None:
            return self._with(date_order=order)
        self._known_file(file)
        return self._with(date_orders={**self.answers.date_orders, file: order})

    def with_unknown_influencers(self, how: UnknownInfluencers) -> ImportPlan:
        """Return the plan with rows of unknown influencers kept (under a new profile) or not."""
        return self._with(unknown_influencers=how)

    def _known_file(self, file: str) -> str:
        """Return the file that was handed in, of which this may be a part."""
        names = [raw.file for raw in self.reading.tables]
        whole = next((n for n in names if file == n or file.startswith(f"{n} › ")), None)
        if whole is None:
            raise UnknownNameError.of("file", file, names)
        return whole

    def _with(self, **changes: object) -> ImportPlan:
        answers = replace(self.answers, **changes)  # type: ignore[arg-type]
        make = drafted_apart if self.apart else draft
        return replace(self, answers=answers, made=make(self.reading, answers, self.settings))

    def dataset(self, name: str | None = None) -> Dataset:
        """Return the dataset that the plan gives: rejected rows left out, defaults assumed.

        Raises
        ------
        SchemaError
            If the plan is not `ready`.
        """
        return dataset_of(self.made, self.settings, name or self.reading.name, accept=True)

    def remember(self, folder: Path | None = None) -> None:
        """Keep the answers for files with the same headers; call it after the commit."""
        remember(self.reading.tables, self.answers, folder or self.settings.store)

    def rejected_csv(self) -> dict[str, bytes]:
        """Return file name → CSV of the rejected rows of a table, with file, row and reason."""
        return rejected_csv(self.report)


def _sum(values: pl.Series) -> float:
    return float(values.sum()) if values.count() else nan
