"""What the columns of a file are called: the words of its header, each once."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_CHARS = 200
_RESERVED = ("__row", "__file", "__n")
Cells = Sequence[str | None]


def unique_names(cells: Cells, width: int) -> list[str]:
    """Name every column: the header's own words, numbered where empty or twice.

    >>> unique_names(["id", "", "id"], 4)
    ['id', 'column 2', 'id (2)', 'column 4']
    """
    names = list(_RESERVED)
    for i in range(width):
        text = bare(cells[i]) if i < len(cells) else ""
        name = text or f"column {i + 1}"
        if name == "*" or (name[0] == "^" and name[-1] == "$"):
            name += " "  # else Polars takes it for a pattern
        same = sum(n == name or n.startswith(f"{name} (") for n in names)
        names.append(f"{name} ({same + 1})" if same else name)
    return names[len(_RESERVED) :]


def bare(cell: str | None) -> str:
    """Return the text of a cell without the spaces around and the doubled ones within."""
    return "" if cell is None else " ".join(cell[:_MOST_CHARS].replace("\ufeff", "").split())
