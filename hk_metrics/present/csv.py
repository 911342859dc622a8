"""Tables as CSV: UTF-8, text quoted and neutralised, numbers in full precision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.present import atomic
from hk_metrics.present.table import Table, time_columns

if TYPE_CHECKING:
    import polars as pl

_DIGITS = 15


def csv_bytes(sheet: Table) -> bytes:
    """Return the table as CSV, for a download.

    Parameters
    ----------
    sheet
        A table of any grain; values keep their unit (``percent`` stays a fraction), so that the
        file can be computed with.

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark, which Excel needs to read ₹ and names; a missing number is an
        empty cell.

    Notes
    -----
    All text is quoted, so that a program which splits at semicolons finds no cell inside it.
    Numbers have 15 digits, all that a float is sure of: no sum of paise ends in 09999999999.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"name": ["=1+1"], "profit": [-12.5]})
    >>> print(csv_bytes(Table("Top", rows)).decode("utf-8-sig"))
    "name","profit"
    "'=1+1",-12.5
    """
    return _written(sheet.polars())


def _written(rows: pl.DataFrame) -> bytes:
    import polars as pl

    midnight = all((rows[n].dt.truncate("1d") == rows[n]).all() for n in time_columns(rows))
    date = "%Y-%m-%d" if midnight else "%Y-%m-%dT%H:%M:%S"
    numbers = [pl.col(n).round_sig_figs(_DIGITS) for n, t in rows.schema.items() if t.is_float()]
    out = rows.with_columns(numbers).write_csv(quote_style="non_numeric", datetime_format=date)
    return ("\ufeff" + out).encode()


def worded_csv(sheet: Table) -> bytes:
    """Return the table as people read it: headings in words with units, numbers as shown.

    Parameters
    ----------
    sheet
        A table of any grain.

    Returns
    -------
    bytes
        As `csv_bytes`; per cent as such, names beside ids, and at the end a column with all digits
        for each whose numbers the rounding changes.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"who": ["Bo"], "rate": [0.02612]})
    >>> print(worded_csv(Table("Top", rows, {"rate": "percent"}, {"rate": "Rate"})).decode())
    \ufeff"who","Rate (%)","Rate (%), exact"
    "Bo",2.6,2.612
    """
    import polars as pl

    table = sheet.with_ids()
    rows = table.polars()
    shown, exact = {}, {}
    for name in (n for n, t in rows.schema.items() if t.is_numeric()):
        unit = table.unit(name)
        full = rows[name].cast(pl.Float64) * (100 if unit in ("percent", "chance") else 1)
        shown[name] = full if unit not in _ROUNDED else _rounded(full, unit)
        lost = (full - shown[name]).abs() > 1e-12 * (1 + full.abs())
        if lost.any():
            exact[name] = full
    heads = table.headings(rows.columns, units=True)
    whole = [n for n in shown if not (shown[n].round() != shown[n]).any()]
    columns = [
        shown[n].cast(pl.Int64) if n in whole else shown.get(n, rows[n]) for n in rows.columns
    ]
    frame = pl.DataFrame({heads[n]: c for n, c in zip(rows.columns, columns, strict=True)})
    return _written(frame.with_columns(s.alias(f"{heads[n]}, exact") for n, s in exact.items()))


_ROUNDED = {"money": 2, "count": 1, "percent": 1, "chance": 1, "times": 2, "number": 2}


def _rounded(values: pl.Series, unit: str) -> pl.Series:
    """Return numbers as they are shown; small per cents with three figures."""
    plain = values.round(_ROUNDED[unit])
    small = (values.abs() < 0.95) & (values != 0)
    return values.round_sig_figs(3).zip_with(small, plain) if unit == "percent" else plain


def write_csv(sheet: Table, path: Path) -> Path:
    """Write the table as CSV at ``path``, whole or not at all."""
    return atomic.write(Path(path), csv_bytes(sheet))
