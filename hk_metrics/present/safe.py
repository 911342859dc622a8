"""The one choke-point for text that leaves: no formulas, no script links; numbers stay numbers."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoDataFrameT

# A spreadsheet reads a cell as a formula by its first character; it skips white space, a byte-order
# mark or zero-width marks before it, and folds the full-width forms, so those count as well.
_BEFORE = r"[\s\u00a0\u200b-\u200f\u2060\ufeff\x00-\x1f]*"
FORMULA = rf"^(?:{_BEFORE}[=+\-@＝＋－＠]|[\t\r\n])"
_FORMULA = re.compile(FORMULA)
_LINK_SCHEMES = frozenset({"http", "https", "mailto"})
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


def text(value: str) -> str:
    """Return the text so that no spreadsheet runs it as a formula.

    Parameters
    ----------
    value
        Text from data.

    Returns
    -------
    str
        The same text, with an apostrophe before it where it would start a formula.

    Notes
    -----
    This is not encryption or validation: the text stays readable. Text that looks like a negative
    number is neutralised too; a number must be given as a number.

    Source: OWASP, "CSV Injection".

    >>> text("=1+1"), text("Asha"), text("-12.5")
    ("'=1+1", 'Asha', "'-12.5")
    """
    return f"'{value}" if _FORMULA.match(value) else value


def cell(value: Any) -> Any:
    """Return a value as it may be written: numbers, dates, flags as they are, the rest as text.

    >>> cell(-12.5), cell("@SUM(A1)"), cell(["=1"])
    (-12.5, "'@SUM(A1)", "['=1']")
    """
    if value is None or isinstance(value, bool | int | float) or hasattr(value, "isoformat"):
        return value
    if hasattr(value, "item"):  # a NumPy scalar
        return cell(value.item())
    return text(str(value))


def frame(table: IntoDataFrameT) -> IntoDataFrameT:
    """Return the table with all text neutralised, column names included.

    Parameters
    ----------
    table
        A pandas or Polars frame of any grain; a pandas index is left alone.

    Returns
    -------
    pandas.DataFrame or polars.DataFrame
        The same rows and columns; numeric, date and flag columns untouched.

    >>> frame(pd.DataFrame({"name": ["=1+1", "Bo"], "profit": [-12.5, 2.0]}))
        name  profit
    0  '=1+1   -12.5
    1     Bo     2.0
    """
    data = nw.from_native(table, eager_only=True)
    mixed = [n for n, t in data.schema.items() if t == nw.Object]
    words = [n for n, t in data.schema.items() if t in (nw.String, nw.Categorical, nw.Enum)]
    nested = [n for n, t in data.schema.items() if t.is_nested()]
    done = data.with_columns(
        *(_neutral(n) for n in words),
        *(_mapped(data[n]) for n in (*mixed, *nested)),
    )
    return done.rename({n: text(n) for n in data.columns}).to_native()


def _neutral(name: str) -> nw.Expr:
    value = nw.col(name).cast(nw.String)
    quoted = nw.concat_str(nw.lit("'"), value)
    return nw.when(value.str.contains(FORMULA)).then(quoted).otherwise(value).alias(name)


def _mapped(column: nw.Series[Any]) -> nw.Series[Any]:
    """Mixed Python values have no vectorised form; they are rare (a hand-made frame)."""
    values = [cell(v) for v in column.to_list()]
    if column.implementation.is_pandas():
        native = pd.Series(values, index=column.to_native().index, dtype=object, name=column.name)
        return nw.from_native(native, series_only=True)
    return nw.new_series(column.name, values, backend=column.implementation)


def link(url: object) -> str:
    """Return the address if it is one that may be clicked, else an empty string.

    Parameters
    ----------
    url
        An address from data: ``javascript:``, ``data:`` and the like are dropped.

    >>> link("https://example.com/p/1"), link(" java\\tscript:alert(1)"), link(None)
    ('https://example.com/p/1', '', '')
    """
    if not isinstance(url, str):
        return ""
    # Browsers drop tabs and new lines inside a scheme, so they must not hide one here.
    address = _INVISIBLE.sub("", url)
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    reachable = parts.scheme.lower() in _LINK_SCHEMES and (parts.netloc or parts.scheme == "mailto")
    return address if reachable else ""


def markup(value: object) -> str:
    """Return text from data as HTML that shows it and runs nothing.

    >>> markup("<b onload='x'>")
    '&lt;b onload=&#x27;x&#x27;&gt;'
    """
    return html.escape(str(value), quote=True)


def anchor(url: object, label: object) -> str:
    """Return an HTML link where the address may be clicked, else only its label.

    >>> anchor("javascript:alert(1)", "post")
    'post'
    """
    address = link(url)
    if not address:
        return markup(label)
    return f'<a href="{markup(address)}" rel="noopener noreferrer">{markup(label)}</a>'
