"""Tables as CSV: UTF-8, text quoted and neutralised, numbers in full precision."""

from __future__ import annotations

from pathlib import Path

from hk_metrics.present import atomic
from hk_metrics.present.table import Table, time_columns

DIGITS = 15


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
    import polars as pl

    rows = sheet.polars()
    midnight = all((rows[n].dt.truncate("1d") == rows[n]).all() for n in time_columns(rows))
    date = "%Y-%m-%d" if midnight else "%Y-%m-%dT%H:%M:%S"
    numbers = [pl.col(n).round_sig_figs(DIGITS) for n, t in rows.schema.items() if t.is_float()]
    out = rows.with_columns(numbers).write_csv(quote_style="non_numeric", datetime_format=date)
    return ("\ufeff" + out).encode()


def write_csv(sheet: Table, path: Path) -> Path:
    """Write the table as CSV at ``path``, whole or not at all."""
    return atomic.write(Path(path), csv_bytes(sheet))
