"""Tables as an Excel workbook: formats by unit, frozen headers, a first sheet that explains."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hk_metrics.errors import ParameterError
from hk_metrics.formatting import MINUS
from hk_metrics.present import atomic, safe
from hk_metrics.present.table import Table, time_columns

if TYPE_CHECKING:
    import polars as pl

_MAX_ROWS = 1_048_575  # Excel's limit, less the header
_SYMBOLS = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£"}
# Excel knows no grouping by lakh; a condition per magnitude is the accepted way to get it.
_LAKH = "[>=10000000]{s}##\\,##\\,##\\,##0{d};[>=100000]{s}##\\,##\\,##0{d};{s}#,##0{d}"
_THOUSAND = "{s}#,##0{d}"
_Styles = Mapping[str, str]
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def formats(currency: str = "INR", grouping: str = "indian") -> dict[str, str]:
    """Return Excel's number format of each unit.

    >>> formats("USD", "international")["money"]
    '"$"#,##0.00'
    """
    pattern = _LAKH if grouping == "indian" else _THOUSAND
    symbol = f'"{_SYMBOLS.get(currency, currency + " ")}"'
    return {
        "money": pattern.format(s=symbol, d=".00"),
        "count": pattern.format(s="", d=""),
        "percent": "0.00%",
        "chance": '[>0.999]">99.9%";[<0.001]"<0.1%";0.0%',
        "times": '0.00"×"',
        "number": "#,##0.00",
        "date": "d mmm yyyy",
    }


def xlsx_bytes(
    sheets: Sequence[Table],
    about: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the tables as one workbook, for a download.

    Parameters
    ----------
    sheets
        One Excel sheet each, in this order; numbers are shown by their units and not rounded.
    about
        What the first sheet says above the definitions: dataset, period, filters, time …

    Raises
    ------
    ParameterError
        A table has more rows than a sheet can hold.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **_OPTIONS})
    try:
        names = sheet_names(["About", *(s.title for s in sheets)])
        _write_about(book, names[0], about or {}, sheets)
        for name, sheet in zip(names[1:], sheets, strict=True):
            _write_sheet(
                book, name, sheet, formats(sheet.settings.currency, sheet.settings.grouping)
            )
    finally:
        book.close()
    return buffer.getvalue()


def write_xlsx(sheets: Sequence[Table], path: Path, about: Mapping[str, Any] | None = None) -> Path:
    """Write the tables as one workbook at ``path``, whole or not at all; see `xlsx_bytes`."""
    return atomic.write(Path(path), xlsx_bytes(sheets, about))


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return titles as Excel accepts them: unique, at most 31 characters, none of ``[]:*?/\\``.

    >>> sheet_names(["By brand/campaign", "by brand campaign", ""])
    ['By brand campaign', 'by brand campaign 2', 'Sheet']
    """
    names: list[str] = []
    for title in titles:
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")[:31] or "Sheet"
        taken = {n.lower() for n in names}
        number = 1
        name = clean
        while name.lower() in taken or name.lower() == "history":  # reserved by Excel
            number += 1
            name = f"{clean[: 30 - len(str(number))]} {number}"
        names.append(name)
    return names


def _write_sheet(book: Any, name: str, sheet: Table, styles: Mapping[str, str]) -> None:
    rows = sheet.polars()
    if rows.height > _MAX_ROWS:
        raise ParameterError(
            f"table {sheet.title!r} has {rows.height:,} rows and a sheet holds {_MAX_ROWS:,}: "
            "narrow it by a filter, or take it as CSV"
        )
    page = book.add_worksheet(name)
    headings = sheet.headings(rows.columns)
    rows = rows.rename(headings)
    units = {headings[c]: u for c, u in sheet.units.items() if c in headings}
    chosen = {c: styles[u] for c, u in units.items() if u in styles}
    number_formats: dict[Any, str] = dict.fromkeys(time_columns(rows), styles["date"]) | chosen
    rows.write_excel(
        book,
        page,
        column_formats=number_formats,
        header_format={"bold": True, "text_wrap": True, "valign": "top"},
        freeze_panes=(1, 1),
        table_style={"style": "Table Style Light 1", "banded_rows": False},
        column_widths={n: _width(rows[n]) for n in rows.columns},
    )
    if sheet.unit_of_row:
        signs = {**sheet.signs, "count": "number"}
        unit = headings[sheet.unit_of_row]
        page.write_column(1, rows.columns.index(unit), [signs.get(u, u) for u in rows[unit]])
        _by_row(book, page, rows, unit, units, styles)
    numbers = {c: u for c, u in units.items() if rows[c].dtype.is_numeric()}
    _losses(book, page, rows, numbers, styles)
    if sheet.words:
        page.write_comment(0, 0, safe.text(sheet.words), {"x_scale": 3})


def _by_row(
    book: Any, page: Any, rows: pl.DataFrame, unit: str, known: Mapping[str, str], styles: _Styles
) -> None:
    """Write numbers of columns with several units again, each as the unit of its row has it."""
    made: dict[str, Any] = {}
    for name in (c for c in rows.columns if c not in known and rows[c].dtype.is_numeric()):
        for at, (of, value) in enumerate(rows.select(unit, name).iter_rows(), start=1):
            if value is None or of not in styles:
                continue
            form = below_zero(styles[of], value, red=of == "money") if value < 0 else styles[of]
            made[form] = made.get(form) or book.add_format({"num_format": form})
            page.write_number(at, rows.columns.index(name), value, made[form])


def _losses(
    book: Any, page: Any, rows: pl.DataFrame, units: Mapping[str, str], styles: _Styles
) -> None:
    """Write amounts below zero again, each in red and in the grouping of its size.

    Excel's formats have two conditions, which numbers above zero need for lakh and crore.
    """
    made: dict[str, Any] = {}
    for name, unit in units.items():
        if unit not in styles or unit in ("chance", "date"):
            continue
        column = rows.columns.index(name)
        values = rows[name].to_list()
        for at in rows[name].lt(0).fill_null(False).arg_true().to_list():
            form = below_zero(styles[unit], values[at], red=unit == "money")
            made[form] = made.get(form) or book.add_format({"num_format": form})
            page.write_number(at + 1, column, values[at], made[form])


def below_zero(form: str, value: float, *, red: bool) -> str:
    """Return the format of a number below zero, from that of its unit.

    >>> below_zero(formats("INR")["money"], -1234567.5, red=True)
    '"₹"##\\\\,##\\\\,##0.00;[Red]"-""₹"##\\\\,##\\\\,##0.00'
    """
    size, chosen = abs(value), form.split(";")[-1]
    for part in form.split(";"):
        if (bound := re.match(r"\[>=(\d+)\](.*)", part)) and size >= int(bound[1]):
            chosen = bound[2]
            break
    return f'{chosen};{"[Red]" if red else ""}"{MINUS}"{chosen}'


def _width(column: pl.Series) -> int:
    """Pixels: wide enough for the longest text of the first rows, within reason."""
    import polars as pl

    longest = 0
    if column.dtype == pl.String:
        longest = column.head(1000).str.len_chars().max() or 0  # type: ignore[assignment]
    return 24 + 7 * min(max(longest, len(column.name), 10), 60)


def _write_about(book: Any, name: str, about: Mapping[str, Any], sheets: Sequence[Table]) -> None:
    page = book.add_worksheet(name)
    page.set_column(0, 0, 30)
    page.set_column(1, 3, 48)
    page.freeze_panes(0, 1)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for row, (key, value) in enumerate(about.items()):
        page.write_string(row, 0, safe.text(key), bold)
        shown = safe.cell(value)
        number = isinstance(shown, int | float)
        (page.write_number if number else page.write_string)(
            row, 1, shown if number else str(shown), wrapped
        )
    for row, line in enumerate(_definitions(sheets), start=len(about) + 1):
        page.write_row(row, 0, map(safe.text, line), wrapped if row > len(about) + 1 else bold)


def _definitions(sheets: Sequence[Table]) -> list[tuple[str, ...]]:
    """A heading and one line per metric that a sheet shows."""
    from hk_metrics.metrics import METRICS

    columns = {c for s in sheets for c in s.flat().columns}
    used = [METRICS[n] for n in METRICS if n in columns]
    lines = [(m.label, m.formula, m.note, m.unit) for m in used]
    return [("Metric", "How it is computed", "What to know", "Unit"), *lines] if lines else []
