"""An executed notebook as one page of HTML that needs nothing else, neither file nor network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hk_metrics.present import html, safe

FIGURE = "application/vnd.plotly.v1+json"
FAILURE = "application/vnd.hk-metrics.failure+json"
_NOTEBOOK_ONLY = "notebook-only"


def page(notebook: Any, title: str, made: str = "") -> str:
    """Return an executed notebook as HTML with interactive figures.

    Parameters
    ----------
    notebook
        The executed notebook (``nbformat.NotebookNode``); code is left out, and so are cells
        tagged ``notebook-only``.
    title
        Of the browser's tab and the PDF.
    made
        When and of which data, for the foot of every printed page.

    Returns
    -------
    str
        One document with styles, data and plotly.js (once) inside; its own security policy forbids
        it to load anything.

    Notes
    -----
    nbconvert's exporter is not used: it takes the page apart and together again with plotly.js
    inside, and drops figures that are data.
    """
    return html.document(title, _parts(notebook), made=made)


def missing(title: str, reason: str) -> str:
    """Return what the reader sees in the place of a part that could not be made."""
    text = f"This part could not be made, the others are not touched by it: {reason}"
    return html.note(title, text)


def _parts(notebook: Any) -> Iterator[str]:
    for cell in notebook.cells:
        if _NOTEBOOK_ONLY in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            yield f'<section class="prose">{_markdown(cell.source)}</section>'
        for output in cell.get("outputs", ()):
            if output.get("name") == "stdout":
                yield f"<pre>{safe.markup(output.text)}</pre>"
            yield _shown(output.get("data", {}))


def outputs(notebook: Any, kind: str) -> list[Any]:
    """Return what a notebook's cells show as one media type, in order."""
    shown = (o.get("data", {}) for c in notebook.cells for o in c.get("outputs", ()))
    return [data[kind] for data in shown if kind in data]


def _markdown(text: str) -> str:
    import mistune

    return str(mistune.create_markdown(escape=False, plugins=["table"])(text))


def _picture(kind: str) -> Callable[[str], str]:
    return lambda data: f'<img src="data:{kind};base64,{data.strip()}" alt="">'


# The first of these that an output offers is shown.
_SHOWN: Mapping[str, Callable[[Any], str]] = {
    FIGURE: html.placed,
    "text/html": str,
    "text/markdown": _markdown,
    "image/svg+xml": str,
    "image/png": _picture("image/png"),
    "image/jpeg": _picture("image/jpeg"),
    "text/plain": lambda text: f"<pre>{safe.markup(text)}</pre>",
}


def _shown(data: Mapping[str, Any]) -> str:
    return next((show(data[kind]) for kind, show in _SHOWN.items() if kind in data), "")
