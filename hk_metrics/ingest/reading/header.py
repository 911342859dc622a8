"""Where the header of a grid of cells is."""

from __future__ import annotations

from collections.abc import Sequence

from hk_metrics.ingest.column_names import Cells, bare
from hk_metrics.ingest.headers.names import is_known

MOST_CELLS = 300


def find_header(rows: Sequence[Cells]) -> int | None:
    """Return the index of the header among the first rows, or None where all are blank.

    The row with the most known column names; where none is known, the first row that is not blank.

    >>> find_header([["Report of March", None], [None, None], ["ID", "Name"], ["1", "Asha"]])
    2
    """
    filled = [i for i, row in enumerate(rows) if any(bare(c) for c in row)]
    if not filled:
        return None
    hits = {i: sum(is_known(bare(c)) for c in rows[i][:MOST_CELLS] if c) for i in filled}
    best = max(filled, key=lambda i: (hits[i], -i))
    return best if hits[best] else filled[0]
