"""Orders that were cancelled, sent back or not yet paid: which of them count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.checking.status_findings import declined, findings_of, taken_back
from hk_metrics.ingest.headers.status_words import (
    CANCELLED,
    PENDING,
    RETURNED,
    SOLD,
    is_of_commission,
    read_outcomes,
    says_delivered,
    status_headers,
)
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import join_problems, problem_frame
from hk_metrics.ingest.raw import ROW
from hk_metrics.ingest.sheet import Sheet

if TYPE_CHECKING:
    import polars as pl

_SAME_ORDER = ("tracking_id", "influencer_id", "user_id", "date")


@dataclass(frozen=True)
class Statuses:
    """What became of the orders of one file.

    Parameters
    ----------
    sheet
        The file, typed.
    headers
        The columns that say it.
    own
        The gravest that they say of each row.
    outcome
        The gravest that any file says of the same order.
    unpaid
        Whether each row's commission was declined although its sale stands.
    """

    sheet: Sheet
    headers: tuple[str, ...]
    own: pl.Series
    outcome: pl.Series
    unpaid: pl.Series

    @property
    def bought(self) -> pl.Series:
        """Whether each row is an order; a refund or a touch is none, and does not come back."""
        return _bought(self.sheet.frame)

    def rows(self, outcome: int) -> pl.DataFrame:
        """Return the orders of one outcome."""
        return self.sheet.frame.filter((self.outcome == outcome) & self.bought)


def with_statuses(sheets: Sequence[Sheet], answers: Answers, log: Log) -> list[Sheet]:
    """Let what became of orders decide whether they count.

    Parameters
    ----------
    sheets
        Typed files, before any of their rows is left out.
    answers
        Columns that the user left out are not looked at.
    log
        A question is added to it for each file that declines commissions of sales that stand.

    Returns
    -------
    list of Sheet
        The same files. Rows of cancelled, failed and void orders have a problem
        (``cancelled_order``); orders that came back are ``returned``; what is pending counts, and
        is said. What statuses say of delivery is kept as ``outcome``. An order that stands in
        several exports has the gravest status of all: the later one knows what the earlier could
        not.
    """
    found = [_statuses(s, answers) for s in sheets if s.table == "tracking_data"]
    if not any(s.headers for s in found):
        return list(sheets)
    found = _gravest(found)
    log.questions.extend(declined(s) for s in found if s.unpaid.any())
    repaid = taken_back(found)
    done = {
        id(s.sheet): replace(
            s.sheet,
            frame=_marked(s),
            problems=join_problems([s.sheet.problems, *_cancelled(s)]),
            findings=(*s.sheet.findings, *findings_of(s, repaid)),
        )
        for s in found
    }
    return [done.get(id(s), s) for s in sheets]


def _statuses(sheet: Sheet, answers: Answers) -> Statuses:
    import polars as pl

    answered = answers.columns_of(sheet.raw, sheet.table)
    headers = status_headers(sheet.raw, [h for h in sheet.columns.ignored if h not in answered])
    # What a file says under our own name is read as any status is.
    own = [h for h, name in sheet.columns.chosen.items() if name == "outcome"]
    headers = [*headers, *own]
    of_sales = [h for h in headers if not is_of_commission(h)]
    sale, paid = (
        _gravest_of(sheet.raw.frame, these)
        for these in (of_sales, [h for h in headers if h not in of_sales])
    )
    stated = pl.lit(bool(of_sales)) & pl.any_horizontal(
        pl.lit(False), *(pl.col(h).is_not_null() for h in of_sales)
    )
    stands = sheet.raw.frame.select(stated.alias("")).to_series() & (sale <= PENDING)
    unpaid = stands & (paid == CANCELLED) & _bought(sheet.frame)
    both = pl.when(stands).then(sale).otherwise(pl.max_horizontal(sale, paid))
    gravest = pl.select(both).to_series()
    return Statuses(sheet, tuple(headers), gravest, gravest, unpaid)


def _bought(frame: pl.DataFrame) -> pl.Series:
    import polars as pl

    if "orders" not in frame.columns:
        return pl.repeat(True, frame.height, eager=True)
    return frame["orders"].fill_null(1) > 0


def _gravest_of(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Return the gravest that any of the columns says of each row."""
    import polars as pl

    nothing = pl.repeat(SOLD, frame.height, dtype=pl.UInt8, eager=True).alias("")
    read = [nothing, *(read_outcomes(frame[h]).alias(h) for h in headers)]
    return pl.DataFrame(read).select(pl.max_horizontal(pl.all())).to_series()


def _gravest(found: Sequence[Statuses]) -> list[Statuses]:
    """Give an order that came to nothing in one file, in all of its rows, that outcome in every."""
    import polars as pl

    columns = [s.sheet.frame.columns for s in found]
    key = [c for c in _SAME_ORDER if all(c in names for names in columns)]
    if len(found) < 2 or not {"tracking_id", "date"} <= {*key}:
        return list(found)
    rows = [s.sheet.frame.select(key).with_columns(s.own.alias("own")) for s in found]
    ends = [r.group_by(key).agg(pl.col("own").min()) for r in rows]
    done = (pl.col("own") >= RETURNED) & pl.col("tracking_id").is_not_null()
    worst = (
        pl.concat(ends, how="vertical_relaxed").filter(done)
        .group_by(key).agg(pl.col("own").max().alias("worst"))
    )  # fmt: skip
    joined = (
        r.join(worst, on=key, how="left", nulls_equal=True, maintain_order="left") for r in rows
    )
    gravest = [j.select(pl.max_horizontal("own", "worst")).to_series() for j in joined]
    return [replace(s, outcome=outcome) for s, outcome in zip(found, gravest, strict=True)]


def _marked(statuses: Statuses) -> pl.DataFrame:
    """Return the rows with what came back, and with what was delivered or is still open."""
    frame, back = _with_outcomes(statuses), (statuses.outcome == RETURNED) & statuses.bought
    if not back.any():
        return frame
    if "returned" in frame.columns:
        back = back | frame["returned"].fill_null(False)
    return frame.with_columns(back.alias("returned"))


def _with_outcomes(statuses: Statuses) -> pl.DataFrame:
    """Return the rows with what their statuses say of delivery, where they say it of any."""
    import polars as pl

    frame, cells = statuses.sheet.frame.drop("outcome", strict=False), statuses.sheet.raw.frame
    stated = pl.DataFrame([says_delivered(cells[h]).alias(h) for h in statuses.headers])
    if not statuses.headers or not any(column.count() for column in stated):
        return frame
    # Of two columns one says that the parcel is there: the other is of the money.
    there = stated.select(pl.any_horizontal(pl.all()).fill_null(False)).to_series()
    some = stated.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    outcome = (
        pl.when(statuses.outcome == RETURNED).then(pl.lit("returned"))
        .when(there).then(pl.lit("delivered"))
        .when(some).then(pl.lit("open"))
    )  # fmt: skip
    bought = pl.when(statuses.bought).then(outcome).alias("outcome")
    return frame.with_columns(pl.select(bought).to_series())


def _cancelled(statuses: Statuses) -> Iterator[pl.DataFrame]:
    """Yield the problems: each row under the first column that says it, or as another file's."""
    import polars as pl

    raw, left = statuses.sheet.raw, statuses.own == CANCELLED
    for header in statuses.headers:
        mine = left & (read_outcomes(raw.frame[header]) == CANCELLED)
        left = left & ~mine
        rows = raw.frame.filter(mine)
        words = rows[header].cast(pl.String)
        yield problem_frame(raw.file, "cancelled_order", header, rows[ROW], words)
    elsewhere = (statuses.outcome == CANCELLED) & (statuses.own < CANCELLED)
    if elsewhere.any():
        rows = statuses.sheet.frame.filter(elsewhere)
        yield problem_frame(
            raw.file, "cancelled_elsewhere", "tracking_id", rows[ROW], rows["tracking_id"]
        )
