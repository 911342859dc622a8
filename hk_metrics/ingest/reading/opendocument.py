"""How large the sheets of an OpenDocument workbook (.ods) are once their repeats are unfolded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from hk_metrics.ingest.raw import UnreadableError
from hk_metrics.ingest.reading.limits import check_memory

if TYPE_CHECKING:
    from hk_metrics.settings import Settings

_CELL = 64  # bytes of a cell and of its formula while they are read
_CELLS = ("table:table-cell", "table:covered-table-cell")
_MOST_REPEATS = 1 << 31


def check_opendocument(pieces: Iterable[bytes], size: int, file: str, settings: Settings) -> None:
    """Refuse a document whose repeated rows, cells and spaces fill the memory.

    Parameters
    ----------
    pieces
        The document's content, in order.
    size
        Bytes of all pieces.
    file, settings
        What to call it; limits.

    Raises
    ------
    UnreadableError
        If it is too large, or no plain XML.

    Notes
    -----
    The empty rows and cells with which every sheet ends count only if something follows them, as
    a reader keeps them only then.
    """
    grid = _Grid()
    parser = expat.ParserCreate()
    parser.StartElementHandler = grid.begin
    parser.EndElementHandler = grid.end
    parser.CharacterDataHandler = grid.text
    parser.StartDoctypeDeclHandler = _refused
    try:
        for piece in pieces:
            parser.Parse(piece)
            check_memory(grid.bytes, size, file, settings)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableError(
            file, "damaged_file", f"the workbook cannot be opened ({error})",
            "open it in a spreadsheet and save it again",
        ) from error  # fmt: skip
    check_memory(grid.bytes, size, file, settings)


def _refused(*_: object) -> None:
    raise ValueError("it declares a document type")


@dataclass
class _Grid:
    """What the rows that were met so far take.

    ``bytes`` is the sum for finished tables and rows; ``width`` the widest row of the table,
    ``rows`` its rows; ``waiting`` empty rows that count only if another row follows.
    """

    bytes: int = 0
    width: int = 0
    rows: int = 0
    waiting: int = 0
    row_repeats: int = 1
    cells: int = 0
    empty_cells: int = 0
    row_text: int = 0
    cell_repeats: int = 1
    cell_text: int = 0
    filled: bool = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "table:table":
            self.width = self.rows = self.waiting = 0
        elif name == "table:table-row":
            self.row_repeats = _count(given.get("table:number-rows-repeated"))
            self.cells = self.empty_cells = self.row_text = 0
        elif name in _CELLS:
            self.cell_repeats = _count(given.get("table:number-columns-repeated"))
            valued = [v for k, v in given.items() if k.startswith("office:") or "formula" in k]
            self.cell_text, self.filled = sum(map(len, valued)), bool(valued)
        elif name == "text:s":
            self.cell_text += _count(given.get("text:c"))

    def text(self, data: str) -> None:
        self.cell_text += len(data)

    def end(self, name: str) -> None:
        if name in _CELLS:
            self._end_cell()
        elif name == "table:table-row":
            self._end_row()

    def _end_cell(self) -> None:
        if not self.filled:
            # Of several empty ones in a row only the last one's repeats are kept; all is safer.
            self.empty_cells += self.cell_repeats
            return
        self.cells += self.empty_cells + self.cell_repeats
        self.row_text += self.cell_repeats * self.cell_text
        self.empty_cells = 0

    def _end_row(self) -> None:
        if not self.cells:
            self.waiting += self.row_repeats
            return
        rows, width = self.rows + self.waiting + self.row_repeats, max(self.width, self.cells)
        self.bytes += (rows * width - self.rows * self.width) * _CELL
        self.bytes += self.row_repeats * self.row_text
        self.rows, self.width, self.waiting = rows, width, 0


def _count(text: str | None) -> int:
    """Read how often something is repeated; what is no number is refused by the reader."""
    return min(int(text), _MOST_REPEATS) if text and text.strip().isdecimal() else 1
