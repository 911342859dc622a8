"""Files of orders that hold more: profiles of the influencers, what each order cost."""

from __future__ import annotations

from collections.abc import Sequence

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import column_named, forms, meant
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.recognise import recognise
from hk_metrics.ingest.synonyms import CREATORS
from hk_metrics.quality import Finding

LEAST_ATTRIBUTES = 2
PAID = frozenset(
    {"commission", "commissionamount", "commissionpaid", "commissionearned", "payout",
     "payoutamount", "totalpayout", "cost", "spend"}
)  # fmt: skip


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
        if not any(column_named("influencers", h) == "name" for h in found):
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
