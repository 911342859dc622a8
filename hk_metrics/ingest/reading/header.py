"""Where the header of a grid of cells is."""

from __future__ import annotations

from collections.abc import Sequence

from hk_metrics.ingest.headers.names import count_known
from hk_metrics.ingest.raw import Cells, bare_cells

MOST_CELLS = 300


def find_header(rows: Sequence[Cells]) -> int | None:
    """Return the index of the header among the first rows, or None where all are blank.

    The row with the most known column names; where none is known, the first row that is not blank.

    >>> find_header([["Report of March", None], [None, None], ["ID", "Name"], ["1", "Asha"]])
    2
    """
    texts = [bare_cells(row) for row in rows]
    filled = [i for i, row in enumerate(texts) if any(row)]
    if not filled:
        return None
    hits = {i: count_known(filter(None, texts[i][:MOST_CELLS])) for i in filled}
    best = max(filled, key=lambda i: (hits[i], -i))
    return best if hits[best] else filled[0]
