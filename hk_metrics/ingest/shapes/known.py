"""The formats that are known: ours, and those that an installed package adds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from hk_metrics import plugins
from hk_metrics.ingest.shapes.format import Format

_GROUP = "hk_metrics.shapes"
_OURS = (
    "awin", "impact", "shareasale", "refersion", "cj", "rakuten", "partnerize", "tiktok_shop",
    "amazon", "shopify_codes", "woocommerce", "google_analytics", "meta", "youtube", "tiktok", "x",
    "razorpayx", "paypal", "wise", "creator_lists",
)  # fmt: skip


@cache
def formats() -> tuple[Format, ...]:
    """Return every format that is known, those of installed packages first.

    A package adds some with an entry point of the group ``hk_metrics.shapes`` that names a
    `Format`, or a tuple of them.
    """
    found = list(plugins.added(_GROUP, _read).values())
    for name in _OURS:
        found += import_module(f"hk_metrics.ingest.shapes.{name}").FORMATS
    return tuple(found)


def _read(given: Any) -> list[tuple[str, Format]]:
    return [(form.name, form) for form in plugins.all_of(Format)(given)]


def format_of(headers: Sequence[str]) -> Format | None:
    """Return the format that a file's headers tell, the most of them first; None where none does.

    Parameters
    ----------
    headers
        As the file has them.
    """
    fits = [(form.fits(headers), form) for form in formats()]
    best = max(fits, key=lambda fit: fit[0], default=(0, None))
    return best[1] if best[0] else None
