"""Large files of tracked events, CSV and Parquet, read a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.raw import ROW, RawTable, UnreadableError, from_frame, unique_names
from hk_metrics.ingest.reading.encoding import detect_encoding
from hk_metrics.ingest.reading.folders import levels_of
from hk_metrics.ingest.reading.text import detect_dialect, head

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

_BATCH = 200_000
_SAMPLE_BYTES = 256 * 1024
# What an import in one piece takes at most, measured: per row, and per byte of text.
ROW_BYTES = 800
_TEXT_FOLD = 9
_TEXTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class LargeEvents:
    """Files of tracked events that are read in pieces, and the files beside them.

    Parameters
    ----------
    files
        Label → path.
    beside
        All other files.
    needed
        Bytes that an import in one piece would take.
    """

    files: dict[str, Path]
    beside: tuple[Path, ...]
    needed: int


def large_events(source: object, settings: Settings) -> LargeEvents | None:
    """Return the files of tracked events of a source that one piece has no room for; else None.

    Parameters
    ----------
    source
        A folder, a file or a pattern; of all else there is no more than was handed in.
    settings
        How much memory there is.
    """
    if not isinstance(source, str | Path) or "://" in str(source):
        return None
    found = _files(Path(source).expanduser())
    sizes = {label: _needed(path) for label, path in found.items()}
    if sum(sizes.values()) <= settings.memory:
        return None
    events = {label: path for label, path in found.items() if sizes[label] and _are_events(path)}
    needed = sum(sizes[label] for label in events)
    if needed <= settings.memory:
        return None
    return LargeEvents(events, tuple(p for n, p in found.items() if n not in events), needed)


def _files(path: Path) -> dict[str, Path]:
    if path.is_dir():
        levels, _ = levels_of(path)
        return {f.relative_to(path).as_posix(): f for files in levels for f in files}
    if path.is_file():
        return {path.name: path}
    if has_magic(str(path)):
        matches = Path(path.anchor or ".").glob(str(path.relative_to(path.anchor)))
        return {f.name: f for f in sorted(matches) if f.is_file()}
    return {}


def _needed(path: Path) -> int:
    import polars as pl

    if path.suffix.lower() in _TEXTS:
        return path.stat().st_size * _TEXT_FOLD
    if path.suffix.lower() != ".parquet":
        return 0
    try:
        rows = pl.scan_parquet(path, glob=False, hive_partitioning=False).select(pl.len()).collect()
    except (pl.exceptions.PolarsError, OSError):
        return 0  # what is wrong with it is said where it is read
    return int(rows.item()) * ROW_BYTES


def _are_events(path: Path) -> bool:
    headers = _lazily(path).collect_schema().names()
    name = path.stem if recognise(tuple(headers), path.stem).table else path.parent.name
    return recognise(tuple(headers), name).table == "tracking_data"


def batches(label: str, path: Path) -> Iterator[RawTable]:
    """Read a file a batch of rows at a time; each row knows its place in the file.

    Raises
    ------
    UnreadableError
        If it is damaged, or no text in UTF-8 with a cell for each header.
    """
    import polars as pl

    begin = 1 if path.suffix.lower() == ".parquet" else _dialect_header(path) + 2
    rows = 0
    try:
        for batch in _lazily(path).collect_batches(chunk_size=_BATCH, maintain_order=True):
            raw = from_frame(batch, label, path.stem)
            place = (pl.col(ROW) - 1 + begin + rows).cast(pl.UInt32)
            rows += batch.height
            yield RawTable(label, path.stem, raw.frame.with_columns(place.alias(ROW)))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableError(
            label, "damaged_file",
            f"from row {rows + begin:,} on it cannot be read ({str(error).splitlines()[0]})",
            "export it again as Parquet, or as CSV in UTF-8 with a cell for every header",
        ) from error  # fmt: skip


def _lazily(path: Path) -> pl.LazyFrame:
    import polars as pl

    if path.suffix.lower() == ".parquet":
        return pl.scan_parquet(path, glob=False, hive_partitioning=False)
    sample = head(path, _SAMPLE_BYTES)
    if detect_encoding(sample) != "utf-8":
        raise UnreadableError(
            path.name, "damaged_file", "so large a text is read in UTF-8 alone, which it is not",
            "export it as Parquet, or as CSV in UTF-8",
        )  # fmt: skip
    dialect = detect_dialect(sample)
    lines = pl.read_csv(
        sample, has_header=False, infer_schema=False, separator=dialect.delimiter,
        eol_char=dialect.newline, n_rows=dialect.header + 1, truncate_ragged_lines=True,
    )  # fmt: skip
    names = unique_names(lines.row(dialect.header), dialect.width)
    texts = dict.fromkeys(names, pl.String)
    return pl.scan_csv(
        path, has_header=False, skip_rows=dialect.header + 1, schema=texts,
        separator=dialect.delimiter, eol_char=dialect.newline, missing_columns="insert", glob=False,
    )  # fmt: skip


def _dialect_header(path: Path) -> int:
    return detect_dialect(head(path, _SAMPLE_BYTES)).header
