"""The platform of a post or a profile, told from its link where no column says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import RawTable
from hk_metrics.quality import finding

if TYPE_CHECKING:
    import polars as pl

_HOSTS: Mapping[str, str] = {
    "instagram.com": "Instagram", "youtube.com": "YouTube", "youtu.be": "YouTube",
    "x.com": "Twitter", "twitter.com": "Twitter", "tiktok.com": "TikTok",
    "facebook.com": "Facebook", "fb.watch": "Facebook", "linkedin.com": "LinkedIn",
    "threads.net": "Threads", "snapchat.com": "Snapchat", "pinterest.com": "Pinterest",
    "twitch.tv": "Twitch",
}  # fmt: skip
_HOST = (
    r"^\s*(?:https?://)?(?:[a-z0-9-]+\.)*("
    + "|".join(host.replace(".", r"\.") for host in _HOSTS)
    + r")(?:[/?#:]|\s*$)"
)
_SAMPLE_CELLS = 100


def with_platform(raw: RawTable, log: Log) -> RawTable:
    """Add the platform that a file's links show; the same file where any shows none.

    Nothing is told by two columns of links: a creator may be on several platforms.
    """
    links = {h: shown for h in raw.headers if (shown := _platforms(raw.frame[h])) is not None}
    if len(links) != 1:
        return raw
    header, shown = links.popitem()
    log.findings.append(finding("platform_of_link", header=header, file=raw.file))
    return replace(raw, frame=raw.frame.with_columns(shown.alias("platform")))


def _platforms(cells: pl.Series) -> pl.Series | None:
    """Return the platform of each link; None where some cell is none, or there is no link."""
    import polars as pl

    if cells.dtype != pl.String or not _shown(cells.head(_SAMPLE_CELLS)):
        return None
    hosts = cells.str.to_lowercase().str.extract(_HOST)
    if hosts.null_count() != cells.null_count() or hosts.null_count() == len(cells):
        return None
    return hosts.replace_strict(_HOSTS, default=None)


def _shown(cells: pl.Series) -> bool:
    return cells.str.to_lowercase().str.contains(_HOST).all()
