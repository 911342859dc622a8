"""Text whose quotation marks do not pair: cut into rows line by line, the odd ones repaired."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import UnreadableError

if TYPE_CHECKING:
    import polars as pl

_MOST_LINES = 40
MANY_ROWS = 50_000
SHORT_SHARE = 0.9


def lenient_cells(
    text: str, delimiter: str, width: int, file: str
) -> tuple[pl.DataFrame, list[int]]:
    """Cut a text into cells where a strict reader fails.

    Parameters
    ----------
    text
        The whole file.
    delimiter, width
        Of its header.
    file
        What to call it.

    Returns
    -------
    cells, broken
        One row per record, at most one column more than the header; indices of the records whose
        quotation marks could not be paired.

    Raises
    ------
    UnreadableError
        If nearly no line has the header's cells.

    Notes
    -----
    A line with an odd number of marks either begins a cell of several lines, which a later odd
    line ends and then gives as many cells as the header, or has a mark that means inches or
    nothing, and is read without quoting.
    """
    import polars as pl

    broken: list[int] = []
    rows: list[list[str | None]] = []
    short = 0
    for record, whole in _records(text.splitlines(), delimiter, width):
        short += len(record) < 2
        if len(rows) == MANY_ROWS and width > 2 and short > SHORT_SHARE * MANY_ROWS:
            raise short_rows(short, MANY_ROWS, width, file)
        if not whole:
            broken.append(len(rows))
        cut = [*record[:width], delimiter.join(record[width:])] if len(record) > width else record
        rows.append([*(c if c != "" else None for c in cut), *[None] * (width + 1 - len(cut))])
    schema = {f"c{i}": pl.String for i in range(width + 1)}
    return pl.DataFrame(rows, schema=schema, orient="row"), broken


def short_rows(short: int, rows: int, width: int, file: str) -> UnreadableError:
    """Say that nearly no line of a file has the cells that its header names."""
    return UnreadableError(
        file, "damaged_file",
        f"of its first {rows:,} lines, {short:,} hold one cell where the header has {width:,}",
        "look for a quotation mark that is never closed, and export it again",
    )  # fmt: skip


def _records(lines: Sequence[str], delimiter: str, width: int) -> Iterator[tuple[list[str], bool]]:
    """Yield the cells of each record, and whether its marks pair."""
    i = 0
    while i < len(lines):
        taken, cells, whole = 1, _quoted(lines[i : i + 1], delimiter), True
        if lines[i].count('"') % 2:
            taken, cells, whole = _unpaired(lines, i, delimiter, width)
        yield cells, whole
        i += taken


def _unpaired(
    lines: Sequence[str], start: int, delimiter: str, width: int
) -> tuple[int, list[str], bool]:
    """Read a record that begins with an odd line: lines taken, cells, whether the marks pair."""
    plain = lines[start].split(delimiter)
    if len(plain) == width:
        return 1, plain, True
    for end in range(start + 1, min(start + _MOST_LINES, len(lines))):
        if lines[end].count('"') % 2:
            cells = _quoted(lines[start : end + 1], delimiter)
            if len(cells) == width:
                return end + 1 - start, cells, True
            break
    return 1, plain, False


def _quoted(lines: Sequence[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(["\n".join(lines)], delimiter=delimiter), [])
    except csv.Error:
        return "\n".join(lines).split(delimiter)


def swallowed(
    cells: pl.DataFrame, sizes: Mapping[str, int], delimiter: str, header: int = 0
) -> bool:
    """Whether a missing quotation mark made whole rows part of one cell.

    ``sizes`` are those of `longest`: only a column with a long cell is looked at. A cell that holds
    a row, but for its last cell, holds another value of the same column.
    """
    body = cells.slice(header + 1)
    wide = [c for c, size in sizes.items() if size > 2 * cells.width]
    wide = [c for c in wide if c == cells.columns[-1] or sizes[c] > 2 * _shortest(body[c])]
    row_within = rf"\n(?:[^\n]*{_escaped(delimiter)}){{{max(cells.width - 1, 1)}}}"
    return any(
        cells[c].filter(cells[c].str.contains("\n", literal=True)).str.contains(row_within).any()
        for c in wide
    )


def _shortest(cells: pl.Series) -> int:
    """Return the length in bytes of the shortest cell; 0 where one is empty."""
    import polars as pl

    return int(cells.to_frame().select(pl.all().str.len_bytes().fill_null(0).min()).item() or 0)


def _escaped(delimiter: str) -> str:
    return {"|": r"\|", "^": r"\^", "\t": r"\t"}.get(delimiter, delimiter)
