"""Files that hold several tables at once, split before anything else is understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.shapes.known import format_of
from hk_metrics.ingest.shapes.shaped import shaped
from hk_metrics.ingest.splitting.codes import credited
from hk_metrics.ingest.splitting.conversions import with_conversions
from hk_metrics.ingest.splitting.derived_columns import with_orders
from hk_metrics.ingest.splitting.flat import split_flat
from hk_metrics.ingest.splitting.flat_headers import flat_columns
from hk_metrics.ingest.splitting.merged import Merged, split_merged
from hk_metrics.ingest.splitting.merged_payouts import repeats_payouts
from hk_metrics.ingest.splitting.profiles import with_profiles
from hk_metrics.ingest.splitting.shopify import is_shopify, read_shopify

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

_ORDERS = "tracking_data"


def expanded(
    raws: Sequence[RawTable], answers: Answers, settings: Settings, log: Log
) -> list[RawTable]:
    """Split flat files, Shopify exports and pre-joined orders; leave every other file as it is."""
    tables: list[RawTable] = []
    for raw in raws:
        others = [r for r in raws if r is not raw]
        if raw.file in answers.tables:
            tables.append(_whole(raw, others, answers, log))
        elif form := format_of(raw.headers):
            tables += shaped(raw, form, others, answers, settings.currency, log)
        elif is_shopify(raw.headers):
            tables += read_shopify(raw, others, settings, log)
        elif flat_columns(raw.headers) is not None and not repeats_payouts(Merged(raw)):
            tables += split_flat(raw, settings, log)
        else:
            main, *parts = split_merged(raw, answers, log)
            tables += [_whole(main, others, answers, log), *parts]
    return with_conversions(with_profiles(tables, log), answers, log)


def _whole(raw: RawTable, others: Sequence[RawTable], answers: Answers, log: Log) -> RawTable:
    """Give orders their influencers and their number, where no column of the file has them."""
    found = recognise(raw.headers, raw.name).table
    if raw.table or answers.tables.get(raw.file, found) != _ORDERS:
        return raw
    answered = answers.columns_of(raw, _ORDERS)
    if "influencer_id" not in answered.values():
        # A file's name says what it holds: here the user said it.
        named = raw if raw.file not in answers.tables else replace(raw, name=_ORDERS)
        known = len(log.findings)
        whole = credited(named, others, log)
        used = frozenset(f.column for f in log.findings[known:])
        raw = replace(whole, name=raw.name, used=used)
    return with_orders(raw, answered, log)
