"""Excel workbooks to cells: one table a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.ingest.raw import RawTable, UnreadableError, from_cells
from hk_metrics.ingest.reading.header import find_header
from hk_metrics.ingest.reading.limits import USUAL_FOLD, check_memory, check_shape, size_of
from hk_metrics.quality import finding

if TYPE_CHECKING:
    from fastexcel import ExcelReader

    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings

_HEADER_ROWS = 60
_MOST_SHEETS = 250


def read_workbook(content: Content, file: str, settings: Settings) -> list[RawTable]:
    """Read a workbook of any kind that calamine knows.

    Returns
    -------
    list of RawTable
        One per visible sheet with cells, named ``file › sheet``.

    Raises
    ------
    UnreadableError
        If it is damaged, has too many sheets, or they are too large.
    """
    import fastexcel

    tables: list[RawTable] = []
    taken = 0
    try:
        book = fastexcel.read_excel(content if isinstance(content, bytes) else str(content))
        if len(book.sheet_names) > _MOST_SHEETS:
            raise UnreadableError(
                file, "too_large", f"it has more than {_MOST_SHEETS} sheets",
                "save the sheets that hold tables in a workbook of their own",
            )  # fmt: skip
        for sheet in book.sheet_names:
            table = _read_sheet(book, sheet, file, settings)
            if table is not None:
                taken += int(table.frame.estimated_size())
                check_memory(taken, USUAL_FOLD * size_of(content), file, settings)
                tables.append(table)
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise UnreadableError(
            file,
            "damaged_file",
            f"the workbook cannot be opened ({reason})",
            "open it in a spreadsheet and save it again as .xlsx without a password",
        ) from error
    return tables


def _read_sheet(book: ExcelReader, sheet: str, file: str, settings: Settings) -> RawTable | None:
    # skip_rows=0 keeps blank rows at the top, without which row numbers would be wrong.
    loaded = book.load_sheet(
        sheet, header_row=None, dtypes="string", skip_rows=0, skip_whitespace_tail_rows=True
    )
    cells = loaded.to_polars()
    header = find_header(cells.head(_HEADER_ROWS).rows())
    if header is None or loaded.visible != "visible":
        return None
    label = f"{Path(file).name} › {sheet.strip()}"
    check_shape(cells.height, cells.width, label, settings)
    notes = (finding("header_row.of_sheet", header=header + 1),) if header else ()
    return from_cells(cells, header, label, sheet.strip(), notes, ragged=False)
