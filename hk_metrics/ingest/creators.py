"""Who an influencer is, where a file says it in other words: by name, by case, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hk_metrics.formatting import counted
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.quality import Finding

if TYPE_CHECKING:
    import polars as pl

NOBODY = ("organic", "direct", "none", "unattributed", "no influencer", "(not set)", "(direct)")


def identified(name: str, tables: Mapping[str, pl.DataFrame], log: Log) -> pl.DataFrame:
    """Return a table with its influencers by the ids that their profiles have.

    Parameters
    ----------
    name
        A table that refers to influencers.
    tables
        All tables; the influencers' own ids and names are what is compared with.
    log
        Notes are added to it.

    Returns
    -------
    DataFrame
        An id that differs from a profile's only in case, or is the name of just one, becomes that
        profile's id; a tracked row of "Organic" or "Direct" belongs to nobody.
    """
    import polars as pl

    table, profiles = tables[name], tables["influencers"]
    named = table["influencer_id"]
    strangers = named.filter(~named.is_in(profiles["id"].implode()))
    unknown = strangers.drop_nulls().unique().sort().to_list()
    if not unknown:
        return table
    known = _known(profiles)
    found = {u: known[u.strip().lower()] for u in unknown if u.strip().lower() in known}
    nobody = [u for u in unknown if u.strip().lower() in NOBODY and name == "tracking_data"]
    for answers in (found, dict.fromkeys(nobody, "nobody")):
        if answers:
            log.findings.append(_note(name, table, answers))
    renamed = pl.col("influencer_id").replace(found) if found else pl.col("influencer_id")
    kept = pl.when(~pl.col("influencer_id").is_in(nobody)).then(renamed)
    return table.with_columns(kept.alias("influencer_id"))


def _known(profiles: pl.DataFrame) -> dict[str, str]:
    """Return lower-case name or id → id, of those that only one profile has."""
    import polars as pl

    spelled = pl.concat(
        [profiles.select(pl.col(c).alias("word"), "id") for c in ("name", "id")]
    ).drop_nulls()
    lower = spelled.select(pl.col("word").str.to_lowercase().str.strip_chars(), "id").unique()
    single = lower.filter(pl.len().over("word") == 1)
    return {str(word): str(key) for word, key in single.iter_rows()}


def _note(name: str, table: pl.DataFrame, answers: Mapping[str, str]) -> Finding:
    rows = table.filter(table["influencer_id"].is_in(list(answers)))
    shown = ", ".join(f"{a!r} is {b!r}" for a, b in list(answers.items())[:4])
    message = f"{counted(len(answers), 'influencer')} in other words: {shown}"
    return Finding(
        "note", "influencer_named", message,
        file=rows[FILE][0], table=name, row=rows[ROW][0], column="influencer_id",
        count=rows.height,
    )  # fmt: skip
