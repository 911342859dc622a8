"""A dataset: the canonical tables, immutable, and the doors to its ledger and views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hk_metrics.ledger import Ledger
from hk_metrics.quality import QualityReport
from hk_metrics.settings import Settings, default_settings
from hk_metrics.view import View

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of one import, immutable.

    Parameters
    ----------
    tables
        Table name → Polars frame with the canonical columns and types of `hk_metrics.schemas`.
    settings
        Currency, windows, bands …
    quality
        What the import understood, doubted and rejected.
    id
        Hash of the content; equal content, equal id.
    name
        What to call it on a page, e.g. the folder it came from.
    """

    tables: Mapping[str, pl.DataFrame]
    settings: Settings = field(default_factory=default_settings)
    quality: QualityReport = field(default_factory=QualityReport)
    id: str = ""
    name: str = ""

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger at full grain, built once."""
        return Ledger.build(self.tables, self.settings)

    def view(self, *, attribution: str | None = None, **filters: Any) -> View:
        """Return the part of the ledger that the filters keep."""
        return View(self.ledger).where(**filters)
