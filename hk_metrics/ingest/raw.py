"""One table as it came: its cells, its headers, and where it is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hk_metrics.errors import HkMetricsError
from hk_metrics.ingest.problems import problem_frame
from hk_metrics.quality import Finding, finding

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from hk_metrics.ingest.values.dates import DateOrder

    Content = Path | bytes

ROW = "__row"
FILE = "__file"
Cells = Sequence[str | None]
_MOST_CHARS = 200
_RESERVED = (ROW, FILE, "__n")


class UnreadableError(HkMetricsError):
    """A file cannot be read at all; becomes one finding, so that the other files are read too."""

    def __init__(self, file: str, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.finding = finding(code, file=file, why=message, repair=fix)

    @classmethod
    def of(cls, found: Finding) -> UnreadableError:
        """Return the error of a finding that was made elsewhere."""
        error = cls(found.file, "damaged_file", found.message, found.fix)
        error.finding = found
        return error


@dataclass(frozen=True)
class RawTable:
    """Cells of one file, sheet or frame, before anything is understood.

    Parameters
    ----------
    file
        What a person calls it: ``orders.csv``, ``book.xlsx › Sheet1``.
    name
        What the file or sheet name says it holds.
    frame
        Columns named as the header names them, and ``ROW``, the line of each row in the file.
    findings
        What was met while reading.
    problems
        Rows that cannot be used whatever they mean, e.g. with more cells than the header.
    table
        The table that it is, where that is certain before its columns are looked at.
    undated
        Whether its rows are sums over a time that the file does not name.
    columns
        Header → canonical column, where that is certain before the columns are looked at.
    part_of
        The file that it is a part of, where one held several tables.
    used
        Headers that are no columns of the table and yet were used: a coupon named influencers.
    order_lines
        Whether its rows may be lines of orders, of which one number is one order.
    date_order
        How its dates are written, where its format says so: day_first or month_first.
    """

    file: str
    name: str
    frame: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    problems: pl.DataFrame = field(default_factory=problem_frame)
    table: str | None = None
    undated: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    part_of: str = ""
    used: frozenset[str] = frozenset()
    order_lines: bool = False
    date_order: DateOrder | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers as the file has them."""
        return tuple(c for c in self.frame.columns if c != ROW)


def from_frame(frame: pl.DataFrame, file: str, name: str) -> RawTable:
    """Take a frame whose columns already have names; its rows are counted from 1."""
    names = unique_names(frame.columns, frame.width)
    columns = [_as_cells(frame[c]).alias(n) for c, n in zip(frame.columns, names, strict=True)]
    return RawTable(file, name, frame.select(columns).with_row_index(ROW, offset=1))


def _as_cells(values: pl.Series) -> pl.Series:
    """Return a column as numbers, days, truths or text; every other type becomes text."""
    import polars as pl

    kind = values.dtype
    if kind.is_decimal():
        return values.cast(pl.Float64)
    if kind.is_numeric() or kind in (pl.String, pl.Boolean, pl.Date, pl.Datetime):
        return values
    if kind in (pl.Categorical, pl.Enum, pl.Null, pl.Time):
        return values.cast(pl.String)
    if kind == pl.Binary:
        return values.bin.encode("hex")
    return pl.Series([None if v is None else str(v) for v in values], dtype=pl.String)


def longest(cells: pl.DataFrame) -> dict[str, int]:
    """Return the length in bytes of the longest text of each column; 0 where there is none."""
    import polars as pl

    sizes = cells.select(pl.selectors.string().str.len_bytes().max().fill_null(0))
    return dict(zip(sizes.columns, sizes.row(0), strict=True)) if cells.width else {}


def from_cells(
    cells: pl.DataFrame,
    header: int,
    file: str,
    name: str,
    findings: tuple[Finding, ...] = (),
    *,
    ragged: bool = True,
) -> RawTable:
    """Turn a grid of cells into a table: header found, blank rows and columns left out.

    Parameters
    ----------
    cells
        All rows of the file as text, the header among them.
    header
        Index of the header row.
    file, name, findings
        As of `RawTable`.
    ragged
        Whether cells beyond the header mean that the row was cut wrongly, as in delimited text;
        in a workbook they are columns without a name.
    """
    import polars as pl

    head = cells.row(header)
    width = max((i + 1 for i, c in enumerate(head) if c is not None and c.strip()), default=0)
    body = cells.slice(header + 1).with_row_index(ROW, offset=header + 2)
    filled = [c for c in cells.columns if body[c].null_count() < body.height]
    used = [c for i, c in enumerate(cells.columns) if i < width or c in filled]
    names = unique_names(head, cells.width)
    renamed = dict(zip(cells.columns, names, strict=True))
    frame = body.select(ROW, *used)
    if any(frame[c].null_count() for c in used):
        frame = frame.filter(~pl.all_horizontal(pl.col(c).is_null() for c in used))
    beyond = [c for i, c in enumerate(cells.columns) if i >= width and c in used]
    problems = problem_frame()
    if beyond and ragged:
        problems = _ragged(frame, beyond, file)
        frame = frame.drop(beyond)
    return RawTable(
        file,
        name,
        frame.rename({c: renamed[c] for c in frame.columns if c != ROW}),
        findings,
        problems,
    )


def _ragged(frame: pl.DataFrame, beyond: list[str], file: str) -> pl.DataFrame:
    import polars as pl

    rows = frame.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in beyond))
    values = rows.select(pl.concat_str(beyond, separator=" | ", ignore_nulls=True)).to_series()
    return problem_frame(file, "ragged_row", "", rows[ROW], values)


def unique_names(cells: Cells, width: int) -> list[str]:
    """Name every column: the header's own words, numbered where empty or twice.

    >>> unique_names(["id", "", "id"], 4)
    ['id', 'column 2', 'id (2)', 'column 4']
    """
    names, texts = list(_RESERVED), bare_cells(cells[:width])
    for i in range(width):
        name = (texts[i] if i < len(texts) else "") or f"column {i + 1}"
        if name == "*" or (name[0] == "^" and name[-1] == "$"):
            name += " "  # else Polars takes it for a pattern
        same = sum(n == name or n.startswith(f"{name} (") for n in names)
        names.append(f"{name} ({same + 1})" if same else name)
    return names[len(_RESERVED) :]


def bare_cells(cells: Cells) -> list[str]:
    """Return the texts of cells without the spaces around and the doubled ones within."""
    return [
        "" if c is None else " ".join(c[:_MOST_CHARS].replace("\ufeff", "").split()) for c in cells
    ]
