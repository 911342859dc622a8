"""A table, described once: its rows, what each column is, and the words around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hk_metrics.formatting import symbol
from hk_metrics.interchange import to_polars
from hk_metrics.present import safe
from hk_metrics.settings import Settings, default_settings

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


_LARGE = 1000  # amounts from which a column is shown in whole units of money


def slug_of(title: str) -> str:
    """Return a title as a file name: lower case, words joined by hyphens.

    >>> slug_of("Top & bottom")
    'top-bottom'
    """
    return re.sub(r"[^\w]+", "-", title.lower()).strip("-") or "table"


@dataclass(frozen=True, eq=False)
class Table:
    """One table with what a reader needs to read it.

    Parameters
    ----------
    title
        Its name, in words; also the name of its file or sheet.
    frame
        One row per thing; an index with a name becomes the first column. Values as they are:
        fractions, money, days, text.
    units
        Column → unit (`hk_metrics.present.values.Unit`); text where not named.
    labels
        Column → heading; the column's own name where not named.
    note
        What to know before reading it: estimated values, what is left out.
    subtitle
        Words beside the title.
    explain
        Column → what its heading explains.
    keys, pick
        Value per row and its dimension, where a click on a row narrows the page to it.
    order
        Column to sort by at first, and whether ascending; rows as they come where None.
    ordered
        Words for the order in which rows come, true until a reader sorts them otherwise.
    length
        Rows in sight at a time.
    tones
        Column → value → tone, for words shown as labels.
    printed
        Rows in a letter and on a printed page; files have all.
    paper
        Whether it is also handed out as PDF.
    hidden
        Columns that only files have.
    unit_of_row
        Column whose cells are the units of their rows, where a column of numbers has several.
    settings
        How its numbers are written; the process's own where not given.
    """

    title: str
    frame: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    subtitle: str = ""
    explain: Mapping[str, Any] = field(default_factory=dict)
    keys: Sequence[object] = ()
    pick: str = ""
    order: tuple[str, bool] | None = None
    ordered: str = ""
    length: int = 12
    tones: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    printed: int = 50
    paper: bool = False
    hidden: Sequence[str] = ()
    unit_of_row: str = ""
    settings: Settings = field(default_factory=default_settings)

    @property
    def slug(self) -> str:
        """The title as a file name: see `slug_of`."""
        return slug_of(self.title)

    @property
    def words(self) -> str:
        """Subtitle and note, where there is one place for both."""
        return " ".join(n for n in (self.subtitle, self.note) if n)

    def label(self, column: str) -> str:
        """Return a column's heading."""
        return self.labels.get(column, column)

    def unit(self, column: str) -> str:
        """Return a column's unit."""
        return self.units.get(column, "text")

    def flat(self) -> pd.DataFrame:
        """Return the rows with a named index moved into the columns, and text column names."""
        named = [n for n in self.frame.index.names if n is not None and n not in self.frame]
        rows = self.frame.reset_index() if named else self.frame.reset_index(drop=True)
        return rows.rename(columns=str)

    def shown(self) -> pd.DataFrame:
        """Return the rows without the columns that only files have."""
        return self.flat().drop(columns=list(self.unseen), errors="ignore")

    @property
    def unseen(self) -> tuple[str, ...]:
        """Columns that only files have; ids that a row is chosen by, where it shows a name."""
        names = [str(n) for n in self.frame.columns if n not in self.hidden]
        named = bool(names) and self.unit(names[0]) == "text" and self.pick not in names
        ids = [n for n in self.frame.index.names if named and n and n == self.pick]
        return (*self.hidden, *ids)

    def large(self) -> frozenset[str]:
        """Return the columns of amounts that read better whole, as on the page."""
        money = [c for c, u in self.units.items() if u == "money" and c in self.frame]
        return frozenset(c for c in money if self.frame[c].abs().max() >= _LARGE)

    def with_ids(self) -> Table:
        """Return the table with the ids of its rows beside their names, as files have it."""
        shown, ids = self.shown(), [str(k) for k in self.keys]
        names = shown.iloc[:, 0].astype(str).tolist() if shown.shape[1] else []
        if not self.pick or self.pick in shown or len(ids) != len(names) or ids == names:
            return self
        frame = self.flat().drop(columns=self.pick, errors="ignore")
        frame.insert(1, self.pick, ids)
        label = f"{self.pick.removesuffix('_id').replace('_', ' ').capitalize()} id"
        hidden = tuple(n for n in self.hidden if n != self.pick)
        return replace(self, frame=frame, hidden=hidden, labels={**self.labels, self.pick: label})

    @property
    def signs(self) -> dict[str, str]:
        """Unit → its sign, of those that have one."""
        money = symbol(self.settings).strip()
        return {"money": money, "percent": "%", "chance": "%", "times": "×"}

    def headings(self, columns: Sequence[str], *, units: bool = False) -> dict[str, str]:
        """Return column → heading, harmless and told apart whatever their case.

        With ``units`` each says in which unit its numbers are: "Revenue (₹)".
        """
        signs = self.signs if units else {}
        suffixes = {u: f" ({sign})" for u, sign in signs.items()}
        labels = {c: safe.text(f"{self.label(c)}{suffixes.get(self.unit(c), '')}") for c in columns}
        count = Counter(label.lower() for label in labels.values())
        return {
            c: f"{label} ({c})" if count[label.lower()] > 1 and label != c else label
            for c, label in labels.items()
        }

    def polars(self) -> pl.DataFrame:
        """Return the rows ready to be written: text neutralised, NaN as null.

        A table without columns has one row that says why.
        """
        import polars as pl
        from pandas.api.types import is_object_dtype

        rows = self.flat()
        for name in (n for n in rows if is_object_dtype(rows[n])):
            kinds = {type(v) for v in rows[name].dropna()}
            if len(kinds) > 1 or any(k in (list, dict, tuple, set) for k in kinds):
                # A file's column has one type; mixed values can only be text.
                rows[name] = rows[name].map(str, na_action="ignore")
        frame = to_polars(rows) if len(rows.columns) else pl.DataFrame({"Note": [self._why_empty]})
        finite = pl.col(pl.Float32, pl.Float64)
        return safe.frame(frame.with_columns(pl.when(finite.is_finite()).then(finite)))

    @property
    def _why_empty(self) -> str:
        return self.note or "There are no rows."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        from hk_metrics.present import html, notebook

        return {"text/html": html.table(self), notebook.TABLE: notebook.to_json(self)}


def time_columns(frame: pl.DataFrame) -> list[str]:
    """Return the names of the columns that hold a date with a time of day."""
    import polars as pl

    return [n for n, t in frame.schema.items() if isinstance(t, pl.Datetime)]
