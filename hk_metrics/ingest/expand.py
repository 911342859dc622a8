"""Files that hold several tables at once, split before anything else is understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.flat import flat_columns, split_flat
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.names import known, plain
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.recognise import recognise
from hk_metrics.ingest.shopify import is_shopify, read_shopify
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

LEAST_ATTRIBUTES = 2


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
    return [*tables, *_profiles(tables, log)]


def _profiles(raws: Sequence[RawTable], log: Log) -> list[RawTable]:
    """Take the influencers' attributes from pre-joined files where there is no file of them."""
    import polars as pl

    kinds = {raw.file: raw.table or recognise(raw.headers, raw.name).table for raw in raws}
    if "influencers" in kinds.values():
        return []
    attributes = known("influencers")
    for raw in raws:
        if kinds[raw.file] not in ("tracking_data", "payouts", "posts"):
            continue
        own = known(str(kinds[raw.file]))
        key = next((h for h in raw.headers if own.get(plain(h), ("",))[0] == "influencer_id"), None)
        found = [
            h for h in raw.headers
            if plain(h) in attributes and attributes[plain(h)][0] not in ("id", "platform")
            and plain(h) not in own
        ]  # fmt: skip
        if key is None or len(found) < LEAST_ATTRIBUTES:
            continue
        message = f"influencers are taken from here too: {', '.join(map(repr, found))}"
        log.findings.append(Finding("note", "joined_profiles", message, file=raw.file))
        rows = raw.frame.filter(pl.col(key).is_not_null())
        frame = rows.select(ROW, key, *found).unique(key, keep="first", maintain_order=True)
        return [RawTable(f"{raw.file} › influencers", "influencers", frame, table="influencers")]
    return []
