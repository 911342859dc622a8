"""References between the tables: every influencer that a row names must have a profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.checking.rejection import MONEY
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import join_problems, problem_frame, rows_where
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES, UNKNOWN_INFLUENCER
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_SHOWN = 4
_REFERRING = tuple(name for name, table in TABLES.items() if table.references)


def with_dangling_references(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """Return the names of the tables that refer to a row that does not exist."""
    return [name for name in _REFERRING if _dangling(name, frames).height]


def _dangling(table: str, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the cells of a table that refer to a row that does not exist.

    Returns
    -------
    DataFrame
        file, row, column, value, code (``unknown_influencer``).
    """
    import polars as pl

    frame = frames[table]
    found = [problem_frame()]
    for column, (target, key) in TABLES[table].references.items():
        bad = rows_where(frame, ~pl.col(column).is_in(frames[target][key].implode()))
        found.append(
            bad.select(
                pl.col(FILE).alias("file"),
                pl.col(ROW).alias("row"),
                pl.lit(column).alias("column"),
                pl.col(column).alias("value"),
                pl.lit("unknown_influencer").alias("code"),
            )
        )
    return pl.concat(found)


def settle_references(
    tables: Mapping[str, pl.DataFrame],
    unsettled: Sequence[str],
    answers: Answers,
    log: Log,
    partial: bool = False,
) -> pl.DataFrame:
    """Report ids without a profile, or give them one where the user said so.

    Parameters
    ----------
    tables, unsettled
        All tables, and the names of those that may have such ids.
    answers
        Whether unknown influencers are kept.
    log
        What is found is added to it.
    partial
        Whether the profiles are known to be some of the influencers only: the best ten, say.

    Returns
    -------
    DataFrame
        The influencers, with added profiles where unknown ids are kept. They always are where
        there is no influencers file at all: there is nothing that the ids could contradict.
    """
    influencers = tables["influencers"]
    found = {name: _dangling(name, tables) for name in unsettled}
    missing = join_problems(found.values())
    if missing.is_empty():
        return influencers
    if answers.unknown_influencers != "keep" and influencers.height and not partial:
        for name, problems in found.items():
            log.add_problems(name, problems)
        return influencers
    ids = missing["value"].unique()
    log.findings.append(_kept(missing, ids, tables))
    return _with_unknown(influencers, ids)


def _kept(missing: pl.DataFrame, ids: pl.Series, tables: Mapping[str, pl.DataFrame]) -> Finding:
    """Say who is kept without a profile, which files name them, and with how much money."""
    places = [place for name in _REFERRING for place in _places(name, tables[name], ids)]
    named = ", ".join(place for place, _, _ in places)
    money = {
        label: sum(m for _, of, m in places if of == label) for label in ("payouts", "revenue")
    }
    shown = ", ".join(ids.sort().head(_SHOWN)) + (" …" if len(ids) > _SHOWN else "")
    first = missing.row(0, named=True)
    return finding(
        "kept_unknown" if tables["influencers"].height else "kept_unknown.all",
        influencers=counted(len(ids), "influencer"), shown=shown, named=UNKNOWN_INFLUENCER,
        places=named,
        file=first["file"], table="influencers", row=first["row"], column=first["column"],
        value=first["value"], count=missing.height,
        money=money["payouts"] or money["revenue"] or None,
    )  # fmt: skip


def _places(name: str, table: pl.DataFrame, ids: pl.Series) -> list[tuple[str, str, float]]:
    """Return for each file of a table what it has of these influencers: in words, and in money."""
    import polars as pl

    label = {"tracking_data": "revenue", "payouts": "payouts"}.get(name, "")
    amount = pl.col(MONEY[name]).sum() if name in MONEY else pl.lit(0.0)
    theirs = table.lazy().filter(pl.col("influencer_id").is_in(ids.implode()))
    files = theirs.group_by(FILE, maintain_order=True).agg(pl.len(), amount.alias("money"))
    return [
        (f"{counted(rows, 'row')} of {file}" + f" with {money:,.2f} of {label}" * bool(label),
         label, money)
        for file, rows, money in files.collect().iter_rows()
    ]  # fmt: skip


def _with_unknown(influencers: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Add a profile for each id that has none: named as unknown, all else empty."""
    import polars as pl

    new = pl.DataFrame({"id": ids.unique().sort()}).with_columns(
        pl.format(f"{UNKNOWN_INFLUENCER} ({{}})", "id").alias("name")
    )
    return pl.concat([influencers, new], how="diagonal")
