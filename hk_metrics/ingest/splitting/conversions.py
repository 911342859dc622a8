"""Orders that are named beside what was paid, where no other file holds any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.headers.names import column_named
from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.splitting.parts import part_of
from hk_metrics.quality import finding

_ORDERS = "tracking_data"
_SHARED = ("influencer_id", "campaign", "brand", "date")


def with_conversions(raws: Sequence[RawTable], answers: Answers, log: Log) -> list[RawTable]:
    """Add the orders of campaign sheets as tracked orders, where no file holds orders.

    A sheet of costs that does not say what is paid for does not say "orders paid for" either: its
    orders or conversions are what the influencers brought. Their revenue is not known.
    """
    kinds = {r.file: answers.tables.get(r.file, r.table or _table(r)) for r in raws}
    if _ORDERS in kinds.values():
        return list(raws)
    sheets = [r for r in raws if kinds[r.file] == "payouts" and r.table is None]
    parts = [part for r in sheets if (part := _orders(r, answers, log))]
    return [*raws, *parts]


def _table(raw: RawTable) -> str | None:
    return recognise(raw.headers, raw.name).table


def _orders(raw: RawTable, answers: Answers, log: Log) -> RawTable | None:
    answered = answers.columns_of(raw, "payouts")
    names = {h: answered.get(h, column_named("payouts", h)) for h in raw.headers}
    first = {name: h for h, name in reversed(names.items()) if name}
    brought = first.get("orders")
    if "basis" in first or brought is None or not {"influencer_id", "total_payout"} <= set(first):
        return None
    if column_named(_ORDERS, brought) != "orders":
        return None
    columns = {first[name]: name for name in (*_SHARED, "orders") if name in first}
    log.findings.append(finding("conversions", header=brought, file=raw.file))
    part = part_of(raw, _ORDERS, raw.frame.select(ROW, *columns), columns)
    return replace(part, undated="date" not in first)
