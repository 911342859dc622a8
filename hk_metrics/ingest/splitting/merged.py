"""Files in which whole tables were merged row by row: orders with payouts, posts with orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.splitting.merged_payouts import payouts_of
from hk_metrics.ingest.splitting.merged_words import column_words, has_suffix, is_payout
from hk_metrics.ingest.splitting.parts import first_of_each, kinds, part_of
from hk_metrics.ingest.values.basis import read_basis
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

# The coarser first: what settles a payout also settles an order, but not the other way round.
_FACTS = ("payouts", "posts", "tracking_data")
_SHOWN = frozenset({"reach", "likes", "comments", "impressions", "video_views", "url", "post_id"})
_OWN_IDS = ("influencer_id", "post_id", "tracking_id", "payout_id")
_EVENT_IDS = frozenset({"user_id", "tracking_id"})
_SAMPLE_ROWS = 100


@dataclass(frozen=True, eq=False)
class Merged:
    """A file, and the tables of facts whose rows stand in it side by side.

    A join repeats rows: those of a table are what is distinct in its own columns. A column that
    several tables may have (a date, a campaign) belongs to those whose own columns settle it.

    Parameters
    ----------
    raw
        The file.
    left_out
        Headers that the user said to leave out.
    """

    raw: RawTable
    left_out: frozenset[str] = frozenset()

    @cached_property
    def held(self) -> list[str]:
        """The tables that it has the essential columns of; the one with the finest rows last."""
        has = {
            "payouts": "total_payout" in self.words["payouts"],
            "posts": len(_SHOWN & set(self.words["posts"])) > 1,
            "tracking_data": "revenue" in self.words["tracking_data"],
        }
        return [t for t in _FACTS if has[t] and "influencer_id" in self.words[t]]

    @cached_property
    def words(self) -> dict[str, dict[str, list[str]]]:
        """Table → column → the headers that may name it, the most certain first."""
        headers = [h for h in self.raw.headers if h not in self.left_out]
        words = {table: column_words(table, headers) for table in _FACTS}
        if "influencer_id" in words["posts"]:  # a mere "Name" beside posts names who sold, too
            words["tracking_data"].setdefault("influencer_id", words["posts"]["influencer_id"])
        earned, paid = words["tracking_data"].get("revenue", []), words["payouts"]
        paid["basis"] = [h for h in paid.get("basis", []) if self._says_basis(h)]
        paid["total_payout"] = [
            h for h in paid.get("total_payout", [])
            if h not in earned and (paid["basis"] or is_payout(h))
        ]  # fmt: skip
        return {table: {c: hs for c, hs in found.items() if hs} for table, found in words.items()}

    def _says_basis(self, header: str) -> bool:
        cells = self.raw.frame[header].drop_nulls().head(_SAMPLE_ROWS)
        return any(read_basis(str(cell)[:100]) for cell in cells)

    @cached_property
    def creator(self) -> str:
        """The header of the influencer's id."""
        return self.words[self.held[-1]]["influencer_id"][0]

    @cached_property
    def has_events(self) -> bool:
        """Whether its orders can be told apart, so that one that stands twice is one."""
        return bool(_EVENT_IDS & set(self.own("tracking_data").values()))

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """Table → header → column, of the tables that are held."""
        found: dict[str, dict[str, str]] = {}
        for table in self.held:
            own = self.own(table)
            taken = {h for others in found.values() for h in others if has_suffix(h)}
            shared = {}
            for column, headers in self.words[table].items():
                free = [h for h in headers if h not in taken and h not in self.echoes]
                settled = [h for h in free if self._settles(own, h)]
                if column not in ("influencer_id", *own.values()) and settled:
                    shared[settled[-1] if has_suffix(settled[-1]) else settled[0]] = column
            found[table] = own | shared
        return found

    def own(self, table: str) -> dict[str, str]:
        """Header → column of those that only this one of the held tables can have."""
        others = {h for t in self.held if t != table for hs in self.words[t].values() for h in hs}
        free = {
            column: [h for h in headers if h not in others and h not in self.echoes]
            for column, headers in self.words[table].items()
        }
        return {headers[0]: column for column, headers in free.items() if headers}

    @cached_property
    def echoes(self) -> list[str]:
        """The influencer's id and where it stands again: that is no id of an order or a post."""
        found = {h for words in self.words.values() for c in _OWN_IDS for h in words.get(c, ())}
        ids = self.raw.frame[self.creator]
        return [self.creator, *(h for h in found if self.raw.frame[h].equals(ids))]

    def _settles(self, own: Iterable[str], header: str) -> bool:
        """Whether rows that are equal in the key are equal in the header's column."""
        key = [self.creator, *own]
        rows = self.raw.frame.select(dict.fromkeys([*key, header]).keys())
        return kinds(rows.select(key)) == kinds(rows)

    @cached_property
    def repeats(self) -> bool:
        """Whether its finest rows stand in it again beside other rows of the coarser tables."""
        key = [self.creator, *self.columns[self.held[-1]]]
        cells = self.raw.frame.select(self.raw.headers)
        distinct = self.held[-1] == "posts" or self.has_events
        return distinct and kinds(cells.select(key)) < kinds(cells)

    def distinct(self, table: str) -> pl.DataFrame:
        """Return the rows of a table: each once, where any of its own columns has a value."""
        import polars as pl

        filled = pl.any_horizontal(pl.col(h).is_not_null() for h in self.own(table))
        key = [self.creator, *self.columns[table]]
        return first_of_each(self.raw.frame.filter(filled), key)


def split_merged(raw: RawTable, answers: Answers, log: Log) -> list[RawTable]:
    """Take a file apart that holds rows of several tables side by side; any other stays whole.

    The orders, or else the posts, keep the name of the file.
    """
    answered = [pair for table in _FACTS for pair in answers.columns_of(raw, table).items()]
    merged = Merged(raw, frozenset(h for h, column in answered if column is None))
    if raw.table or len(merged.held) < 2:
        return [raw]
    main = _main(merged)
    parts = [_posts(merged)] if "posts" in merged.held[:-1] else []
    if "payouts" in merged.held:
        parts.append(payouts_of(merged, main, log))
    log.findings.extend(_parts_found(merged, [main, *parts]))
    return [main, *parts]


def _main(merged: Merged) -> RawTable:
    table = merged.held[-1]
    rows = merged.distinct(table) if merged.repeats else merged.raw.frame
    elsewhere = {h for t in merged.held[:-1] for h in merged.columns[t]}
    kept = {merged.creator: "influencer_id", **merged.columns[table]}
    left = [h for h in merged.raw.headers if h in elsewhere or h in merged.echoes]
    frame = rows.drop(h for h in left if h not in kept)
    plain_names = {h: c for h, c in kept.items() if has_suffix(h) and c not in frame.columns}
    kept = {plain_names.get(h, h): c for h, c in kept.items()}
    sums = table == "tracking_data" and not merged.has_events
    return replace(
        merged.raw, frame=frame.rename(plain_names), columns=kept, table=table if sums else None
    )


def _posts(merged: Merged) -> RawTable:
    names = {merged.creator: "influencer_id", **merged.columns["posts"]}
    return part_of(merged.raw, "posts", merged.distinct("posts").select([ROW, *names]), names)


def _parts_found(merged: Merged, parts: Sequence[RawTable]) -> Iterator[Finding]:
    words = {"tracking_data": "order", "posts": "post", "payouts": "payout"}
    tables = [merged.held[-1], *(p.name for p in parts[1:])]
    held = [counted(p.frame.height, words[t]) for p, t in zip(parts, tables, strict=True)]
    rows = merged.raw.frame.height
    repeated = parts[0].frame.height < rows
    yield finding(
        "merged_file", rows=counted(rows, "row"), held=", ".join(held),
        repeated="; what the join repeated is counted once" if repeated else "",
        file=merged.raw.file, count=rows,
    )  # fmt: skip
