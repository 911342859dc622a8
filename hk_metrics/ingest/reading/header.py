"""Where the header is, and what the columns are called."""

from __future__ import annotations

from collections.abc import Sequence

from hk_metrics.ingest.headers.names import is_known

MOST_CELLS = 300
MOST_CHARS = 200
RESERVED = ("__row", "__file", "__n")
Cells = Sequence[str | None]


def find_header(rows: Sequence[Cells]) -> int | None:
    """Return the index of the header among the first rows, or None where all are blank.

    The row with the most known column names; where none is known, the first row that is not blank.

    >>> find_header([["Report of March", None], [None, None], ["ID", "Name"], ["1", "Asha"]])
    2
    """
    filled = [i for i, row in enumerate(rows) if any(_text(c) for c in row)]
    if not filled:
        return None
    hits = {i: sum(is_known(_text(c)) for c in rows[i][:MOST_CELLS] if c) for i in filled}
    best = max(filled, key=lambda i: (hits[i], -i))
    return best if hits[best] else filled[0]


def unique_names(cells: Cells, width: int) -> list[str]:
    """Name every column: the header's own words, numbered where empty or twice.

    >>> unique_names(["id", "", "id"], 4)
    ['id', 'column 2', 'id (2)', 'column 4']
    """
    names = list(RESERVED)
    for i in range(width):
        text = _text(cells[i]) if i < len(cells) else ""
        name = text or f"column {i + 1}"
        if name == "*" or (name[0] == "^" and name[-1] == "$"):
            name += " "  # else Polars takes it for a pattern
        same = sum(n == name or n.startswith(f"{name} (") for n in names)
        names.append(f"{name} ({same + 1})" if same else name)
    return names[len(RESERVED) :]


def _text(cell: str | None) -> str:
    return "" if cell is None else " ".join(cell[:MOST_CHARS].replace("\ufeff", "").split())
