"""The notebook that each session runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hk_metrics.startup import notebook_format


def clean_notebook(path: Path) -> Any:
    """Return a notebook without what an earlier run left in it."""
    notebook_format()
    import nbformat

    notebook: Any = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook
