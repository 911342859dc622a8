"""A flat file of sums, split into the tables that it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.checking.stray_lines import LAST_ROWS, TOTALS, are_remarks, called_totals
from hk_metrics.ingest.column_report import second_columns
from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import join_problems, problem_frame
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.splitting.flat_headers import FAMILIES, flat_columns
from hk_metrics.ingest.values.basis import PAID_FOR
from hk_metrics.ingest.values.numbers import are_numbers, parse_number
from hk_metrics.quality import finding

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

_DERIVED = frozenset(
    {"roas", "roi", "cpo", "aov", "cac", "cpm", "cpe", "engagementrate", "conversionrate", "ctr"}
)
NAME = "display name"
_MOST_POSTS = 5_000


def split_flat(raw: RawTable, settings: Settings, log: Log) -> list[RawTable]:
    """Split a flat file into influencers, payouts, tracked sums and posts.

    Notes
    -----
    Each row's sums become one tracked row and one payout; without a column for it, the payout
    follows the orders. The posts of a row share its reach, likes and comments equally.
    """
    import polars as pl

    found = flat_columns(raw.headers)
    assert found is not None
    key = found.setdefault("id", found.get("name", ""))
    problems = _no_rows(raw, key)
    creator = pl.col(key).cast(pl.String).str.strip_chars()
    given = raw.frame.filter(~pl.col(ROW).is_in(problems["row"].implode())).with_columns(creator)
    payouts = _part(given, found, ("payouts", "shared"))
    if "basis" not in found:
        basis = _basis(found)
        payouts = payouts.with_columns(pl.lit(basis).alias("basis"))
        log.findings.append(finding("no_basis.told", paid_for=PAID_FOR[basis], file=raw.file))
    if "orders" in found:
        payouts = payouts.with_columns(given[found["orders"]])
    parts = {
        "influencers": _influencers(given, raw, found),
        "payouts": payouts,
        "tracking_data": _part(given, found, ("tracking_data", "shared")),
        "posts": _posts(given, found, settings),
    }
    parts = {name: frame for name, frame in parts.items() if frame.height}
    _tell(raw, found, list(parts), settings, log)
    names = {header: name for name, header in found.items()}
    return [
        RawTable(
            f"{raw.file} › {name}", name, frame,
            raw.findings if name == "influencers" else (),
            problems if name == "influencers" else problems.clear(),
            table=name, undated="date" not in found, part_of=raw.file,
            columns=names | {key: "id" if name == "influencers" else "influencer_id", NAME: "name"},
        )
        for name, frame in parts.items()
    ]  # fmt: skip


def _basis(found: Mapping[str, str]) -> str:
    """Say what payouts pay for by what the file counts."""
    if "orders" in found:
        return "order"
    return "post" if {"posts", *FAMILIES["posts"]} & set(found) else "commission"


def _no_rows(raw: RawTable, key: str) -> pl.DataFrame:
    """Rows that are of nobody: cut wrongly, lines of totals, cells of the creator left empty."""
    import polars as pl

    empty = raw.frame[key].is_null() | (raw.frame[key].cast(pl.String).str.strip_chars() == "")
    nobody = raw.frame[key].cast(pl.String).str.contains(TOTALS).fill_null(False) | empty
    below = empty.reverse().cum_min().reverse()
    total = nobody & (called_totals(raw.frame, raw.headers) | below)
    last = raw.frame.tail(LAST_ROWS)
    file = f"{raw.file} › influencers"
    return join_problems(
        [
            raw.problems.with_columns(file=pl.lit(file)),
            problem_frame(file, "total_row", "", raw.frame.filter(total)[ROW]),
            problem_frame(file, "remark_row", "", last.filter(are_remarks(last, raw.headers))[ROW]),
            problem_frame(file, "empty_cell", "id", raw.frame.filter(empty & ~total)[ROW]),
        ]
    )


def _influencers(given: pl.DataFrame, raw: RawTable, found: Mapping[str, str]) -> pl.DataFrame:
    """One row per influencer, with every column that is no figure or name of another."""
    import polars as pl

    key = found["id"]
    sums = {h for n, h in found.items() if n not in FAMILIES["influencers"]}
    left = {key, *sums, *_figures(raw, found)}
    columns = [pl.col(h) for h in raw.headers if h not in left]
    if found.get("name", key) == key:
        columns.append(pl.col(key).alias(NAME))
    rows = given.unique(key, keep="first", maintain_order=True)
    return rows.select(ROW, key, *columns)


def _figures(raw: RawTable, found: Mapping[str, str]) -> list[str]:
    """List the columns of numbers that have no place in the tables."""
    free = [h for h in raw.headers if h not in found.values()]
    return [h for h in free if plain(h) in _DERIVED or are_numbers(raw.frame[h])]


def _part(given: pl.DataFrame, found: Mapping[str, str], families: Sequence[str]) -> pl.DataFrame:
    return given.select(
        ROW, found["id"], *(found[n] for f in families for n in FAMILIES[f] if n in found)
    )


def _posts(given: pl.DataFrame, found: Mapping[str, str], settings: Settings) -> pl.DataFrame:
    """Give each row as many posts as it says, its sums shared equally among them."""
    import polars as pl

    sums = [n for n in FAMILIES["posts"] if n in found]
    if not sums and "posts" not in found:
        return given.select(ROW).clear()

    def number(name: str) -> pl.Series:
        return parse_number(given[found[name]], settings.currency, whole=True).values

    rows = _part(given, found, ("posts", "shared"))
    # An empty sum is none; one that cannot be read stays empty, and is reported as such later.
    rows = rows.with_columns(
        pl.when(given[found[n]].is_null()).then(0.0).otherwise(number(n)).alias(found[n])
        for n in sums
    )
    if "platform" in found:
        rows = rows.with_columns(given[found["platform"]])
    active = pl.any_horizontal(pl.lit(False), *(pl.col(found[n]).ne_missing(0) for n in sums))
    count = pl.lit(number("posts")).fill_null(1) if "posts" in found else pl.lit(1.0)
    rows = rows.with_columns(
        __n=pl.max_horizontal(count.round(), active.cast(pl.Float64)).clip(0, _MOST_POSTS)
    )
    rows = rows.filter(pl.col("__n") > 0).with_columns(
        *((pl.col(found[n]) / pl.col("__n")).alias(found[n]) for n in sums),
        *(pl.lit(0.0).alias(n) for n in ("reach", "likes", "comments") if n not in sums),
    )
    repeated = rows.select(pl.exclude("__n").repeat_by(pl.col("__n").cast(pl.UInt32)))
    return repeated.explode(repeated.columns) if rows.height else rows.select(ROW).clear()


def _tell(
    raw: RawTable,
    found: Mapping[str, str],
    parts: Sequence[str],
    settings: Settings,
    log: Log,
) -> None:
    used = ", ".join(f"{h!r} as {n}" for n, h in found.items() if h != n)
    left = _figures(raw, found)
    dates = "" if "date" in found else " It has no dates: pages that need them stay empty."
    held = ["orders" if name == "tracking_data" else name for name in parts] or ["nothing"]
    listed = " and ".join(filter(None, [", ".join(held[:-1]), held[-1]]))
    log.findings.append(finding("flat_file", tables=listed, dates=dates, file=raw.file))
    if used:
        log.findings.append(finding("flat_file.columns", columns=used, file=raw.file))
    if left:
        headers = ", ".join(map(repr, left))
        log.findings.append(finding("ignored_column", headers=headers, file=raw.file))
    for table in ("payouts", "tracking_data"):
        chosen = {h: n for n, h in found.items()}
        log.findings.extend(second_columns(raw, table, chosen, settings))
    if "posts" not in found and any(n in found for n in FAMILIES["posts"]):
        log.findings.append(finding("flat_posts", file=raw.file))
