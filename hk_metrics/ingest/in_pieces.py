"""Files that one piece has no room for, to a dataset: through the disk, a part at a time.

Rows are divided by influencer, each part is understood and its ledger built, and order rows are
divided again by user. No more than a part is in memory; what is finished lies in a folder, from
which the store takes it as it is.
"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from hk_metrics.errors import ParameterError, StoreError
from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.draft import dataset_of
from hk_metrics.ingest.piece_notes import PieceNotes
from hk_metrics.ingest.pieces import (
    TRACKING,
    Outline,
    gathered,
    outlined,
    part_numbers,
    piece_of,
)
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.reading.batches import ROW_BYTES, LargeEvents, batches
from hk_metrics.ingest.reading.sources import RawTables, read_sources
from hk_metrics.ingest.scratch import Scratch
from hk_metrics.interchange import LateTables
from hk_metrics.ledger.brands import spellings
from hk_metrics.ledger.lookups import Lookups, lookups_of
from hk_metrics.ledger.partitions import divided, ledger_of_parts, part_of

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.dataset import Dataset
    from hk_metrics.settings import Settings

_FILE = "__of"
_SAMPLE = 20_000
# So many parts are in memory at a time, counting what building one takes.
_AT_A_TIME = 4


def load_in_pieces(
    large: LargeEvents,
    name: str,
    answers: Answers,
    settings: Settings,
    accept: bool,
    say: Callable[[str, float], None],
) -> Dataset | None:
    """Load large files of tracked events; None where rows need those of others.

    Parameters
    ----------
    large, name
        The files, and what the dataset is called.
    answers, settings
        As of `load`.
    accept
        Whether rejected rows and assumed answers are accepted.
    say
        Called with a step in words and the share done.

    Raises
    ------
    SchemaError
        As of `load`.
    StoreError
        If there is no room on the disk.
    """
    others = replace(read_sources(list(large.beside), settings), name=name)
    label, path = next(iter(large.files.items()))
    first = next(batches(label, path))
    sample = replace(first, frame=first.frame.head(_SAMPLE))
    resolved = answers.resolved((*others.tables, sample))
    outline = outlined(sample, others, resolved, settings, [*large.files])
    if outline is None:
        return None
    place = Scratch.made(settings)
    try:
        with place.writing():
            data = _Import(large, others, outline, place, accept, say).dataset()
    except BaseException:
        place.remove()
        raise
    weakref.finalize(data, place.remove)
    return data


@dataclass(frozen=True)
class _Import:
    """One import through the disk."""

    large: LargeEvents
    others: RawTables
    outline: Outline
    place: Scratch
    accept: bool
    say: Callable[[str, float], None]

    @property
    def settings(self) -> Settings:
        return self.outline.settings

    @property
    def rows(self) -> int:
        """How many rows of a part are in memory at a time."""
        return max(1, self.settings.memory // (ROW_BYTES * _AT_A_TIME))

    @property
    def parts(self) -> int:
        return max(2, -(-self.large.needed // ROW_BYTES // self.rows))

    def dataset(self) -> Dataset:
        self._divide()
        notes, tracked = self._understand()
        self.say("comparing payouts with posts and orders", 0.6)
        made = gathered(self.others, self.outline, notes)
        data = dataset_of(made, self.settings, self.others.name, self.accept)
        beside = {n: t for n, t in data.tables.items() if n != TRACKING}
        if "costs" in beside:
            raise ParameterError(
                "Costs follow the posts of everybody, and what is read in pieces is built some "
                "influencers at a time: leave the costs out, or allow more memory "
                "(HK_METRICS_MEMORY, --memory)"
            )
        lazy = {n: nw.from_native(t).lazy() for n, t in beside.items()}
        lookups = tracked + lookups_of(lazy)
        ledger = ledger_of_parts(
            partial(self._parts_of_ledger, beside, lookups), self.settings, lookups, self.parts,
            self.place.folder,
        )  # fmt: skip
        files = [self._canonical(part) for part in range(self.parts)]
        far = {TRACKING: (sum(n.rows for n in notes), partial(_read_all, files))}
        tables = LateTables(beside, far, {TRACKING: files})
        return replace(data, tables=tables, built=ledger)

    def _divide(self) -> None:
        """Write the raw rows of each part of the influencers together.

        As many as memory has room for are divided at once: a file of few rows costs as much as one
        of many.
        """
        import polars as pl

        held: list[pl.DataFrame] = []
        spilled = 0
        for raw, share in self._batches():
            self.say(f"dividing {raw.file}", 0.05 + 0.25 * share)
            numbers = part_numbers(raw.frame, self.outline, self.parts).alias("__part")
            held.append(raw.frame.with_columns(numbers, pl.lit(raw.file).alias(_FILE)))
            if sum(frame.height for frame in held) >= self.rows:
                self._spill(held, spilled)
                held, spilled = [], spilled + 1
        if held:
            self._spill(held, spilled)

    def _batches(self) -> Iterator[tuple[RawTable, float]]:
        """Return batches with how much of all files was read before each one's file."""
        sizes = {label: path.stat().st_size for label, path in self.large.files.items()}
        before = 0
        for label, path in self.large.files.items():
            for raw in batches(label, path):
                yield raw, before / sum(sizes.values())
            before += sizes[label]

    def _spill(self, held: list[pl.DataFrame], count: int) -> None:
        """Write rows to the folders of their parts."""
        import polars as pl

        rows = pl.concat(held, how="diagonal_relaxed")
        for (part,), mine in rows.partition_by("__part", as_dict=True, include_key=False).items():
            folder = self.place.folder / f"raw-{part:04}"
            folder.mkdir(exist_ok=True)
            mine.write_ipc(folder / f"{count:06}.arrow", compression="lz4")

    def _understand(self) -> tuple[list[PieceNotes], Lookups]:
        """Turn each part's raw rows into canonical ones."""
        notes, tracked = [], lookups_of({TRACKING: nw.from_native(self.outline.like).lazy()})
        for part in range(self.parts):
            self.say("reading values and checking rows", 0.3 + 0.3 * part / self.parts)
            rows = self.outline.like
            raws = list(self._raws(part))
            if raws:
                rows, note = piece_of(raws, self.outline, part, self.parts)
                rows = _cast_like(rows, self.outline.like)
                notes.append(note)
            rows.write_parquet(self._canonical(part))
            tracked = tracked + lookups_of({TRACKING: nw.from_native(rows).lazy()})
            shutil.rmtree(self.place.folder / f"raw-{part:04}", ignore_errors=True)
        return notes, tracked

    def _raws(self, part: int) -> Iterator[RawTable]:
        import polars as pl

        files = sorted((self.place.folder / f"raw-{part:04}").glob("*.arrow"))
        if not files:
            return
        frames = [pl.read_ipc(f) for f in files]
        whole = pl.concat(frames, how="diagonal_relaxed")
        for (label,), rows in whole.partition_by(_FILE, as_dict=True, include_key=False).items():
            used = [c for c in rows.columns if c == ROW or rows[c].null_count() < rows.height
                    or c in self.outline.headers.values()]  # fmt: skip
            yield RawTable(str(label), Path(str(label)).stem, rows.select(used))

    def _parts_of_ledger(self, beside: dict[str, pl.DataFrame], lookups: Lookups) -> Iterator[Any]:
        import polars as pl

        spelling = spellings(lookups.brands, self.settings)
        for part, tables in enumerate(divided(beside, self.parts)):
            self.say("building the ledger", 0.62 + 0.25 * part / self.parts)
            tracking = pl.read_parquet(self._canonical(part))
            if spelling and "brand" in tracking.columns:
                tracking = tracking.with_columns(pl.col("brand").replace(spelling))
                tracking.write_parquet(self._canonical(part))
            yield part_of({**tables, TRACKING: tracking}, self.settings, lookups)

    def _canonical(self, part: int) -> Path:
        return self.place.folder / f"{TRACKING}-{part:04}.parquet"


def _read_all(files: Sequence[Path]) -> pl.DataFrame:
    import polars as pl

    with suppress(FileNotFoundError):
        return pl.concat(pl.read_parquet(f) for f in files)
    raise StoreError("what was read lies no more on the disk: load it again, or from the store")


def _cast_like(rows: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return rows.select(
        (pl.col(n) if n in rows.columns else pl.lit(None)).cast(t).alias(n)
        for n, t in like.schema.items()
    )
