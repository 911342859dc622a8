"""Profiles of the influencers that stand in a file of orders, posts or payouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hk_metrics.ingest.headers.names import column_named, meant
from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.quality import finding

_LEAST_ATTRIBUTES = 2


def with_profiles(raws: Sequence[RawTable], log: Log) -> list[RawTable]:
    """Take the influencers' attributes from a file that has them where there is no file of them."""
    kinds = {raw.file: raw.table or recognise(raw.headers, raw.name).table for raw in raws}
    if "influencers" in kinds.values():
        return list(raws)
    for i, raw in enumerate(raws):
        table = kinds[raw.file]
        if table not in ("tracking_data", "payouts", "posts"):
            continue
        key = _creator(raw, table)
        found = [h for h in raw.headers if h != key and _is_attribute(h, table)]
        if key is None or len(found) < _LEAST_ATTRIBUTES:
            continue
        headers = ", ".join(map(repr, found))
        log.findings.append(finding("joined_profiles", headers=headers, file=raw.file))
        rest = replace(raw, frame=raw.frame.drop(found))
        return [*raws[:i], rest, *raws[i + 1 :], _profiles(raw, key, found)]
    return list(raws)


def _profiles(raw: RawTable, key: str, found: Sequence[str]) -> RawTable:
    import polars as pl

    rows = raw.frame.filter(pl.col(key).is_not_null())
    frame = rows.select(ROW, key, *found).unique(key, keep="first", maintain_order=True)
    if not any(column_named("influencers", h) == "name" for h in found):
        frame = frame.with_columns(pl.col(key).cast(pl.String).alias("name"))
    return RawTable(
        f"{raw.file} › influencers", "influencers", frame, table="influencers",
        columns={key: "id"}, part_of=raw.file,
    )  # fmt: skip


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
