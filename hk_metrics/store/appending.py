"""A new dataset added to the present one: nothing twice, nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.quality import Finding, QualityReport, finding
from hk_metrics.schemas import UNKNOWN_INFLUENCER
from hk_metrics.store.identity import content_id
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.dataset import Dataset


def appended(present: Dataset, new: Dataset) -> Dataset:
    """Return the present dataset with the rows of a new one.

    Parameters
    ----------
    present, new
        Both with canonical tables.

    Returns
    -------
    Dataset
        An influencer of a known id takes the new profile. A row that the present table already
        has is left out, as often as it has it: the same export uploaded twice counts once.
    """
    from hk_metrics.dataset import Dataset

    findings: list[Finding] = list(new.quality.findings)
    tables = dict(present.tables)
    for name, table in new.tables.items():
        before = tables.get(name)
        if before is None or name == "influencers":
            tables[name] = table if before is None else _profiles(before, table)
            continue
        fresh = _without_copies(table, before)
        tables[name] = _stacked(before, fresh)
        if fresh.height < table.height:
            findings.append(_overlap(name, table.height - fresh.height, table.height))
    quality = QualityReport(tuple(findings), new.quality.rejected)
    return Dataset(tables, new.settings, quality, content_id(tables), new.name)


def _without_copies(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are not in the known ones, counting how often each occurs."""
    import polars as pl

    columns = [c for c in rows.columns if c in known.columns]
    count = pl.int_range(pl.len()).over(columns).alias("__nth")
    numbered, before = rows.with_columns(count), known.select(columns).with_columns(count)
    return numbered.join(
        before, on=[*columns, "__nth"], how="anti", nulls_equal=True, maintain_order="left"
    ).drop("__nth")


def _profiles(before: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """A new profile takes the place of the old one, but not one made up for an unknown id."""
    import polars as pl

    made_up = pl.col("name").str.starts_with(UNKNOWN_INFLUENCER).fill_null(False)
    new = new.filter(~(made_up & pl.col("id").is_in(before["id"].implode())))
    return _stacked(before.join(new, on="id", how="anti", maintain_order="left"), new)


def _stacked(before: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return pl.concat([before, new], how="diagonal_relaxed")


def _overlap(name: str, copies: int, rows: int) -> Finding:
    return finding("overlap.stored", rows=counted(rows, "row"), table=name, count=copies)
