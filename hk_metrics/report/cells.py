"""A cell that only shows something may fail without taking the others along."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from hk_metrics.report import html

if TYPE_CHECKING:
    from papermill.clientwrap import PapermillNotebookClient

_MARKED = ("parameters", "injected-parameters")


def _only_shows(cell: Any) -> bool:
    """Return whether later cells can do without a cell: it gives nothing a name.

    Parameters
    ----------
    cell
        Of a notebook; the cells of parameters always count as needed.
    """
    if set(cell.metadata.get("tags", ())) & {*_MARKED}:
        return False
    return gives_no_name(cell.source)


def gives_no_name(source: str) -> bool:
    """Return whether code leaves no name behind; False where it cannot be read.

    >>> gives_no_name("display(chart)"), gives_no_name("chart = draw()"), gives_no_name("%run x")
    (True, False, False)
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    return not any(map(_names_something, ast.walk(tree)))


def _names_something(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return isinstance(node.ctx, ast.Store | ast.Del)
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def client() -> type[PapermillNotebookClient]:
    """Return papermill's client, with a failing cell's place taken by a sentence."""
    from nbclient.exceptions import CellExecutionError
    from papermill.clientwrap import PapermillNotebookClient

    class Client(PapermillNotebookClient):  # type: ignore[misc]
        def papermill_execute_cells(self) -> None:
            for index, cell in enumerate(self.nb.cells):
                self.nb_man.cell_start(cell, index)
                try:
                    self.execute_cell(cell, index)
                except CellExecutionError as failure:
                    if not _only_shows(cell):
                        self.nb_man.cell_exception(cell, cell_index=index, exception=failure)
                        break
                    _tell(cell, failure)
                finally:
                    self.nb_man.cell_complete(cell, cell_index=index)

    return Client


def _tell(cell: Any, failure: Any) -> None:
    """Put a sentence where the cell's output belongs; its traceback stays for who looks."""
    node = type(cell)
    reason = f"{failure.ename}: {failure.evalue}"
    fact = {"title": cell.source.strip().splitlines()[0][:60], "reason": reason}
    shown = {"text/html": html.missing("", reason), html.FAILURE: fact}
    kept = [o for o in cell.outputs if o.output_type != "error"]
    traceback = node(output_type="stream", name="stderr", text=failure.traceback)
    place = node(output_type="display_data", data=node(shown), metadata={})
    cell.outputs = [*kept, traceback, place]


def all_missing(notebook: Any) -> bool:
    """Return whether parts failed and nothing else is there to be shown."""
    failed = html.outputs(notebook, html.FAILURE)
    shown = [o for c in notebook.cells for o in c.get("outputs", ()) if o.get("data")]
    return bool(failed) and len(failed) == len(shown)
