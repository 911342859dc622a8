"""Who an influencer is, where a file says it in other words: by name, spelling or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ingest.sheet import Sheet, joined
from hk_metrics.quality import Finding, finding
from hk_metrics.schemas import TABLES
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

REFERRING = frozenset(name for name, table in TABLES.items() if table.references)
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
        An id that differs from a profile's only in case, marks and leading zeros, or is the name
        of just one, becomes that profile's id, and so do bare numbers where the profiles' all have
        one prefix; a tracked row of "Organic" or "Direct" belongs to nobody. Where there are no
        profiles, the first spelling of an id stands for all.
    """
    import polars as pl

    table, profiles = tables[name], tables["influencers"]
    if profiles.is_empty():
        profiles = _first_spellings(tables)
    named = table["influencer_id"]
    strangers = named.filter(~named.is_in(profiles["id"].implode()))
    unknown = strangers.drop_nulls().unique().sort().to_list()
    if not unknown:
        return table
    found = _found(unknown, named, profiles)
    nobody = [u for u in unknown if u.strip().lower() in NOBODY and name == "tracking_data"]
    said = {word: f"influencer {key!r}" for word, key in found.items()}
    for answers in (said, dict.fromkeys(nobody, "nobody")):
        if answers:
            log.findings.append(_note(name, table, answers))
    renamed = pl.col("influencer_id").replace(found) if found else pl.col("influencer_id")
    kept = pl.when(~pl.col("influencer_id").is_in(nobody)).then(renamed)
    return table.with_columns(kept.alias("influencer_id"))


def of_strangers(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the files that name influencers of whom none has a profile.

    Their rows are rejected, so that they cannot stand for what another file holds.
    """
    profiles = joined("influencers", sheets).drop_nulls("id")
    if profiles.is_empty():
        return []
    tables = [s.table for s in sheets]
    doubled = [s for s in sheets if s.table in REFERRING and tables.count(s.table) > 1]
    return [s for s in doubled if "influencer_id" in s.frame.columns
            and _knows_none(s.frame["influencer_id"], profiles)]  # fmt: skip


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


def spelled(word: str) -> str:
    """Return a name or id without case, marks and leading zeros.

    >>> spelled("INF-007"), spelled("inf_7"), spelled("@asha.rao"), spelled("Asha Rao")
    ('inf7', 'inf7', 'asharao', 'asharao')
    """
    return re.sub(r"^(\D*)0+(?=\d)", r"\1", _unmarked(word))


def _unmarked(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.lower())


def _first_spellings(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the ids that the tables use, each in the first of its spellings, as profiles."""
    import polars as pl

    named = [t["influencer_id"] for t in tables.values() if "influencer_id" in t.columns]
    ids = pl.concat(named).drop_nulls().unique(maintain_order=True).to_list()
    # Without a profile to tell, 7 and 007 may be two.
    first = {_unmarked(key) or key: key for key in reversed(ids) if key.lower() not in NOBODY}
    name = pl.lit(None, pl.String).alias("name")
    return pl.DataFrame({"id": list(first.values())}).with_columns(name)


def _known(profiles: pl.DataFrame) -> dict[str, str]:
    """Return spelled name or id → id, of those that only one profile has."""
    owners: dict[str, set[str]] = {}
    for key, name in profiles.select("id", "name").iter_rows():
        for word in filter(None, (key, name)):
            owners.setdefault(spelled(word), set()).add(key)
    return {word: keys.pop() for word, keys in owners.items() if len(keys) == 1 and word}


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
