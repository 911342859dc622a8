"""Files of orders that hold more: profiles, what each order cost; or no count of orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hk_metrics.ingest.answers import Answers, Question
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import forms, meant
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.recognise import recognise
from hk_metrics.ingest.synonyms import CREATORS
from hk_metrics.quality import Finding

LEAST_ATTRIBUTES = 2
PAID = frozenset(
    {"commission", "commissionamount", "commissionpaid", "commissionearned", "payout",
     "payoutamount", "totalpayout", "cost", "spend"}
)  # fmt: skip


def with_orders(raw: RawTable, answers: Answers, log: Log) -> RawTable:
    """Count each row of a file of orders as one where no column says how many it is.

    With an order number of its own on each row that is certain; else it is asked.
    """
    import polars as pl

    if raw.table or recognise(raw.headers, raw.name).table != "tracking_data":
        return raw
    said = answers.columns_of(raw, "tracking_data")
    columns = {h: said.get(h, _column("tracking_data", h)) for h in raw.headers}
    if None not in columns.values() and not {"orders", "revenue"} & set(columns.values()):
        return _touches(raw, log)
    if "orders" in columns.values() or "revenue" not in columns.values():
        return raw
    number = next((h for h, name in columns.items() if name == "tracking_id"), None)
    message = "no column says how many orders a row is: each is counted as one"
    if number is not None and raw.frame[number].is_unique().all():
        log.findings.append(Finding("note", "one_order_a_row", message, file=raw.file))
    else:
        fix = "add a column 'orders', with 0 for a touch without an order"
        finding = Finding("error", "one_order_a_row", f"{message}.", fix, file=raw.file,
                          table="tracking_data", row=1, column="orders")  # fmt: skip
        log.questions.append(Question(finding, {"1": "one order a row"}, "1"))
    return replace(raw, frame=raw.frame.with_columns(pl.lit(1).alias("orders")))


def _touches(raw: RawTable, log: Log) -> RawTable:
    """Take a file of events that says nothing of orders or money as touches."""
    import polars as pl

    finding = Finding(
        "error", "touches", "no column says orders or revenue.", "add the columns that it lacks",
        file=raw.file, table="tracking_data", row=1, column="orders",
    )  # fmt: skip
    log.questions.append(Question(finding, {"0": "its rows are touches without an order"}, "0"))
    nothing = [pl.lit(0).alias(name) for name in ("orders", "revenue")]
    return replace(raw, frame=raw.frame.with_columns(nothing))


def joined_profiles(raws: Sequence[RawTable], log: Log) -> list[RawTable]:
    """Take the influencers' attributes from pre-joined files where there is no file of them."""
    import polars as pl

    kinds = {raw.file: raw.table or recognise(raw.headers, raw.name).table for raw in raws}
    if "influencers" in kinds.values():
        return []
    for raw in raws:
        table = kinds[raw.file]
        if table not in ("tracking_data", "payouts", "posts"):
            continue
        key = _creator(raw, table)
        found = [h for h in raw.headers if h != key and _is_attribute(h, table)]
        if key is None or len(found) < LEAST_ATTRIBUTES:
            continue
        message = f"influencers are taken from here too: {', '.join(map(repr, found))}"
        log.findings.append(Finding("note", "joined_profiles", message, file=raw.file))
        rows = raw.frame.filter(pl.col(key).is_not_null())
        frame = rows.select(ROW, key, *found).unique(key, keep="first", maintain_order=True)
        if not any(_column("influencers", h) == "name" for h in found):
            frame = frame.with_columns(pl.col(key).cast(pl.String).alias("name"))
        return [RawTable(f"{raw.file} › influencers", "influencers", frame, table="influencers",
                         columns={key: "id"})]  # fmt: skip
    return []


def joined_payouts(raws: Sequence[RawTable], log: Log) -> list[RawTable]:
    """Take what each order cost from a file of orders that says it, where there are no payouts."""
    import polars as pl

    kinds = {raw.file: raw.table or recognise(raw.headers, raw.name).table for raw in raws}
    if "payouts" in kinds.values():
        return []
    parts = []
    for raw in raws:
        paid = next((h for h in raw.headers if PAID & {f for f, _ in forms(h, CREATORS)}), None)
        key = _creator(raw, "tracking_data")
        if kinds[raw.file] != "tracking_data" or raw.table or paid is None or key is None:
            continue
        names = {h: hit[0] for h in raw.headers if (hit := meant("tracking_data", h))}
        shared = [h for h, name in names.items() if name in ("date", "campaign", "brand")]
        rows = raw.frame.filter(pl.col(key).is_not_null() & pl.col(paid).is_not_null())
        frame = rows.select(
            ROW, pl.col(key).alias("influencer_id"), pl.lit("commission").alias("basis"),
            pl.lit(None, pl.Float64).alias("rate"), pl.col(paid).alias("total_payout"),
            *(pl.col(h).alias(names[h]) for h in shared),
        )  # fmt: skip
        message = f"{paid!r} is what each order cost: payouts are taken from here too"
        log.findings.append(Finding("note", "joined_payouts", message, file=raw.file))
        parts.append(RawTable(f"{raw.file} › payouts", "payouts", frame, table="payouts"))
    return parts


def _creator(raw: RawTable, table: str) -> str | None:
    """The header of the influencer's id: the most certain of those that name one."""
    hits = [(h, hit) for h in raw.headers if (hit := meant(table, h))]
    named = [(h, hit[1]) for h, hit in hits if hit[0] == "influencer_id"]
    return max(named, key=lambda pair: pair[1])[0] if named else None


def _is_attribute(header: str, table: str) -> bool:
    """Whether a header names something of the influencer and nothing of the table's own."""
    attribute, own = meant("influencers", header), meant(table, header)
    mine = own is not None and own[0] != "influencer_id"
    return attribute is not None and attribute[0] not in ("id", "platform") and not mine


def _column(table: str, header: str) -> str | None:
    hit = meant(table, header)
    return hit[0] if hit else None
