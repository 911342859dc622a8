"""Files that hold several tables at once, split before anything else is understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.flat import flat_columns, split_flat
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import meant, plain
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.recognise import recognise
from hk_metrics.ingest.shopify import is_shopify, read_shopify
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

LEAST_ATTRIBUTES = 2
PAID = frozenset(
    {"commission", "commissionamount", "commissionpaid", "commissionearned", "payout",
     "payoutamount", "totalpayout", "affiliatecommission", "partnercommission", "cost", "spend"}
)  # fmt: skip


def expanded(
    raws: Sequence[RawTable], answers: Answers, settings: Settings, log: Log
) -> list[RawTable]:
    """Split flat files, Shopify exports and pre-joined orders; leave every other file as it is."""
    tables: list[RawTable] = []
    for raw in raws:
        if raw.file in answers.tables:
            tables.append(raw)
        elif is_shopify(raw.headers):
            tables += read_shopify(raw, [r for r in raws if r is not raw], settings, log)
        elif flat_columns(raw.headers) is not None:
            tables += split_flat(raw, settings, log)
        else:
            tables.append(raw)
    return [*tables, *_profiles(tables, log), *_payouts(tables, log)]


def _profiles(raws: Sequence[RawTable], log: Log) -> list[RawTable]:
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
        return [RawTable(f"{raw.file} › influencers", "influencers", frame, table="influencers")]
    return []


def _payouts(raws: Sequence[RawTable], log: Log) -> list[RawTable]:
    """Take what each order cost from a file of orders that says it, where there are no payouts."""
    import polars as pl

    kinds = {raw.file: raw.table or recognise(raw.headers, raw.name).table for raw in raws}
    if "payouts" in kinds.values():
        return []
    parts = []
    for raw in raws:
        paid = next((h for h in raw.headers if plain(h) in PAID), None)
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
