"""Files that hold several tables at once, split before anything else is understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.codes import credited
from hk_metrics.ingest.completed import with_orders
from hk_metrics.ingest.flat import split_flat
from hk_metrics.ingest.flat_headers import flat_columns
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.merged import Merged, split_merged
from hk_metrics.ingest.merged_payouts import repeats_payouts
from hk_metrics.ingest.profiles import with_profiles
from hk_metrics.ingest.raw import RawTable
from hk_metrics.ingest.shopify import is_shopify, read_shopify

if TYPE_CHECKING:
    from hk_metrics.settings import Settings


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
        elif flat_columns(raw.headers) is not None and not repeats_payouts(Merged(raw)):
            tables += split_flat(raw, settings, log)
        else:
            main, *parts = split_merged(raw, answers, log)
            whole = credited(main, [r for r in raws if r is not raw], log)
            tables += [with_orders(whole, answers, log), *parts]
    return with_profiles(tables, log)
