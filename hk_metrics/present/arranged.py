"""A table as its reader set it: sorted, searched, with the columns chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hk_metrics.present.table import Table
from hk_metrics.present.values import NUMBERS, written

if TYPE_CHECKING:
    import pandas as pd

UP, DOWN = "asc", "desc"


@dataclass(frozen=True)
class Arrangement:
    """How a reader set a table.

    Parameters
    ----------
    sort
        Column, and whether ascending; None for the order in which rows come.
    find
        Words that a row must have, each anywhere in it.
    hide
        Columns out of sight.
    """

    sort: tuple[str, bool] | None = None
    find: str = ""
    hide: tuple[str, ...] = ()

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Arrangement:
        """Read an arrangement from a link's words; what is not understood is left out.

        >>> Arrangement.of({"sort": "roas:desc", "hide": "reach,likes"})
        Arrangement(sort=('roas', False), find='', hide=('reach', 'likes'))
        """
        column, _, way = words.get("sort", "").rpartition(":")
        hide = tuple(n for n in words.get("hide", "").split(",") if n)
        sort = (column, way == UP) if column and way in (UP, DOWN) else None
        return cls(sort, words.get("find", ""), hide)


def arranged(table: Table, how: Arrangement) -> Table:
    """Return a table as its reader set it, with all rows that are found.

    Columns that the table does not have are passed over; unknown values come last either way.
    """
    rows = table.flat().reset_index(drop=True)
    found = rows[_found(table, rows, how.find)] if how.find.strip() else rows
    sort = how.sort if how.sort and how.sort[0] in rows else None
    order = sort or table.order
    if order and order[0] in found:
        found = found.sort_values(
            order[0], ascending=order[1], kind="stable", na_position="last", key=_comparable
        )
    keys = [table.keys[at] for at in found.index] if len(table.keys) else ()
    gone = [n for n in how.hide if n in rows][: rows.shape[1] - 1]
    return replace(
        table,
        frame=found.drop(columns=gone).reset_index(drop=True),
        keys=keys,
        hidden=table.unseen,
        order=order if order and order[0] not in gone else None,
        ordered="" if sort else table.ordered,
    )


def sorted_by(table: Table) -> tuple[str, bool] | None:
    """Return the column by which rows stand sorted, and whether ascending; None for none.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"who": ["B", "A"], "spend": [9.0, 2.0]})
    >>> sorted_by(Table("", frame, {"spend": "money"}))
    ('spend', False)
    """
    frame = table.shown()
    if table.order and table.order[0] in frame:
        return table.order
    if len(frame) < 2:
        return None
    numbers = [str(n) for n in frame if table.unit(str(n)) in NUMBERS]
    for names, up in ((numbers, False), ([str(n) for n in frame if n not in numbers], True)):
        for name in names:
            if _stands(frame[name], up):
                return name, up
    return None


def _stands(values: pd.Series, up: bool) -> bool:
    known = _comparable(values.dropna())
    if known.nunique() < 2 or not values.notna().head(len(known)).all():
        return False
    return bool(known.is_monotonic_increasing if up else known.is_monotonic_decreasing)


def _comparable(values: pd.Series) -> pd.Series:
    """Return values that compare: text without regard to capitals, what is mixed as text."""
    if values.dtype != object and values.dtype.kind in "biufM":
        return values
    if values.dtype.name == "category" or values.dropna().map(type).nunique() != 1:
        return values.astype("string").str.casefold()
    first = values.dropna().iloc[0]
    return values.str.casefold() if isinstance(first, str) else values


def _found(table: Table, rows: pd.DataFrame, find: str) -> pd.Series:
    """Return which rows have every word; numbers are searched only for words with a digit."""
    import pandas as pd

    words = find.casefold().split()
    digits = any(c.isdigit() for c in find)
    names = [str(n) for n in rows if n not in table.unseen]
    searched = [n for n in names if digits or table.unit(n) not in NUMBERS]
    texts = pd.Series("", index=rows.index)
    for name in searched:
        unit = table.unit(name)
        cells = rows[name].map(lambda v, unit=unit: written(unit, v, table.settings))
        texts = texts + " " + cells.astype(str).str.casefold()
    hit = pd.Series(True, index=rows.index)
    for word in words:
        hit &= texts.str.contains(word, regex=False)
    return hit
