"""Who an influencer is, where a file says it in other words: by name, spelling or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import Sheet, joined
from hk_metrics.ingest.spelled import spelled, unmarked
from hk_metrics.ingest.values.addresses import handle_of
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_REFERRING = frozenset(name for name, table in TABLES.items() if table.references)
# Columns of a profile that say what its influencer is called elsewhere.
_CALLED = re.compile(
    r"handle|user_?name|screen_?name|nick|alias|account|channel|profile|instagram|youtube|twitter|"
    r"tiktok|(^|_)(ig|yt|link|url|code|coupon)(_|$)|code$"
)
_PARTIAL = re.compile(r"(?i)(^|[^a-z])(top|best|leading|worst|bottom|selected)([^a-z]|$)")
_NOBODY = ("organic", "direct", "none", "unattributed", "no influencer", "(not set)", "(direct)")


def identified(sheets: Sequence[Sheet], log: Log) -> list[Sheet]:
    """Return the files with their influencers by the ids that the profiles have.

    Parameters
    ----------
    sheets
        Typed files, before any is compared with another.
    log
        Notes are added to it.

    Returns
    -------
    list of Sheet
        An id that differs from a profile's only in case, marks and leading zeros, or is the name,
        handle or address of just one, becomes that profile's id, and so do bare numbers where the
        profiles' all have one prefix; a tracked row of "Organic" or "Direct" belongs to nobody.
        Where there are no profiles, the first spelling of an id stands for all.
    """
    referring = [s for s in sheets if s.table in _REFERRING and "influencer_id" in s.frame.columns]
    profiles = joined("influencers", sheets).drop_nulls("id")
    if profiles.is_empty():
        profiles = _first_spellings(referring)
    names = {table: _names(table, referring, profiles) for table in {s.table for s in referring}}
    done = {id(s): _identified(s, names[s.table], log) for s in referring}
    return [done.get(id(s), s) for s in sheets]


def _names(table: str, sheets: Sequence[Sheet], profiles: pl.DataFrame) -> dict[str, str | None]:
    """Return the words of a table for influencers → their ids; None for those that are nobody."""
    import polars as pl

    known = profiles["id"].implode()
    named = pl.concat([s.frame["influencer_id"] for s in sheets if s.table == table])
    unknown = named.filter(~named.is_in(known)).drop_nulls().unique().sort().to_list()
    found = _found(unknown, named, profiles) if unknown else {}
    nobody = [u for u in unknown if u.strip().lower() in _NOBODY and table == "tracking_data"]
    return {**found, **dict.fromkeys(nobody)}


def _identified(sheet: Sheet, names: Mapping[str, str | None], log: Log) -> Sheet:
    import polars as pl

    ids = sheet.frame["influencer_id"]
    words = ids.filter(ids.is_in(list(names))).unique().sort().to_list() if names else []
    if not words:
        return sheet
    matched = {w: f"influencer {names[w]!r}" for w in words if names[w] is not None}
    for answers in (matched, {w: "nobody" for w in words if names[w] is None}):
        if answers:
            log.findings.append(_note(sheet.table, sheet.frame, answers))
    renamed = pl.col("influencer_id").replace({w: names[w] for w in words})
    return replace(sheet, frame=sheet.frame.with_columns(renamed))


def of_unknown_influencers(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the files that name influencers of whom none has a profile.

    Their rows are rejected, so that they cannot stand for what another file holds.
    """
    profiles = joined("influencers", sheets).drop_nulls("id")
    if profiles.is_empty():
        return []
    tables = [s.table for s in sheets]
    doubled = [s for s in sheets if s.table in _REFERRING and tables.count(s.table) > 1]
    return [s for s in doubled if "influencer_id" in s.frame.columns
            and _knows_none(s.frame["influencer_id"], profiles)]  # fmt: skip


def are_partial(sheets: Sequence[Sheet]) -> bool:
    """Whether all profiles are of some influencers only: of a file of sums, or "the best ten"."""
    given = [s.raw for s in sheets if s.table == "influencers"]
    return bool(given) and all(raw.part_of or _PARTIAL.search(raw.file) for raw in given)


def _knows_none(named: pl.Series, profiles: pl.DataFrame) -> bool:
    ids = named.drop_nulls().unique().to_list()
    known = set(profiles["id"])
    return bool(ids) and known.isdisjoint(ids) and not _found(ids, named, profiles)


def _found(unknown: Sequence[str], named: pl.Series, profiles: pl.DataFrame) -> dict[str, str]:
    """Return unknown id → the profile's id that it spells otherwise, names or numbers."""
    known = _known(profiles)
    found = {u: known[word] for u in unknown if (word := spelled(u)) in known}
    if len(unknown) == named.drop_nulls().n_unique() and not found:
        found = _numbered(unknown, profiles["id"].to_list())
    return found


def _first_spellings(sheets: Sequence[Sheet]) -> pl.DataFrame:
    """Return the ids that the files use, each in the first of its spellings, as profiles."""
    import polars as pl

    order = list(TABLES)
    named = [s.frame["influencer_id"] for s in sorted(sheets, key=lambda s: order.index(s.table))]
    found = [ids.cast(pl.String) for ids in named]
    ids = pl.concat(found).drop_nulls().unique(maintain_order=True).to_list() if found else []
    # Without a profile to tell, 7 and 007 may be two.
    first = {unmarked(key) or key: key for key in reversed(ids) if key.lower() not in _NOBODY}
    keys = pl.Series("id", list(first.values()), pl.String)
    return keys.to_frame().with_columns(pl.lit(None, pl.String).alias("name"))


def _known(profiles: pl.DataFrame) -> dict[str, str]:
    """Return spelled id, name, handle or address → id, of those that only one profile has."""
    owners: dict[str, set[str]] = {}
    for column in _calling(profiles):
        for key, word in _words(profiles, column):
            for form in {spelled(word), spelled(handle_of(word))}:
                owners.setdefault(form, set()).add(key)
    return {word: keys.pop() for word, keys in owners.items() if len(keys) == 1 and word}


def _words(profiles: pl.DataFrame, column: str) -> Iterator[tuple[str, str]]:
    import polars as pl

    return profiles.select("id", pl.col(column).alias("word")).drop_nulls().iter_rows()


def _calling(profiles: pl.DataFrame) -> list[str]:
    """Return the columns of the profiles that say what an influencer is called."""
    import polars as pl

    texts = [c for c in profiles.columns if profiles.schema[c] == pl.String]
    return [c for c in texts if c in ("id", "name") or _CALLED.search(c)]


def _numbered(unknown: Sequence[str], ids: Sequence[str]) -> dict[str, str]:
    """Match ids by their numbers where all of one side have one prefix and the other's none.

    ``17`` is ``INF_017`` then; ``A17`` beside other ids without a letter is somebody else.
    """
    theirs, ours = _by_number(unknown), _by_number(ids)
    prefixes = {prefix for prefix, _ in theirs}, {prefix for prefix, _ in ours}
    if prefixes[0] == prefixes[1] or {""} not in prefixes or max(map(len, prefixes)) > 1:
        return {}
    owners = {number: key for (_, number), key in ours.items()}
    return {u: owners[number] for (_, number), u in theirs.items() if number in owners}


def _by_number(ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return (prefix, number) → id; an id without a number has itself as its prefix."""
    parts = {key: re.fullmatch(r"([^\d]*)(\d+)", spelled(key)) for key in ids}
    return {(m[1], m[2]) if m else (key, ""): key for key, m in parts.items()}


def _note(name: str, table: pl.DataFrame, answers: Mapping[str, str]) -> Finding:
    rows = table.filter(table["influencer_id"].is_in(list(answers)))
    shown = ", ".join(f"{a!r} is {b}" for a, b in list(answers.items())[:4])
    return finding(
        "influencer_named", influencers=counted(len(answers), "influencer"), shown=shown,
        file=rows[FILE][0], table=name, row=rows[ROW][0], column="influencer_id",
        count=rows.height,
    )  # fmt: skip
