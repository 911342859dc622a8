"""An executed notebook as one page of HTML that needs nothing else, neither file nor network."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from markupsafe import Markup

from hk_metrics.export import safe
from hk_metrics.report.page import FOLDER, render

FIGURE = "application/vnd.plotly.v1+json"
FAILURE = "application/vnd.hk-metrics.failure+json"
NOTEBOOK_ONLY = "notebook-only"
_DEFAULT_HEIGHT = 360


def page(notebook: Any, title: str) -> str:
    """Return an executed notebook as HTML with interactive figures.

    Parameters
    ----------
    notebook
        The executed notebook (``nbformat.NotebookNode``); code is left out, and so are cells
        tagged ``notebook-only``.
    title
        Of the browser's tab and the PDF.

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
    from hk_metrics import __version__

    return render(
        "letter",
        title=title,
        version=__version__,
        parts=[Markup(part) for part in _parts(notebook)],
        style=Markup(_file("letter.css")),
        script=Markup(_file("letter.js")),
        plotly=Markup(_plotly()) if outputs(notebook, FIGURE) else "",
    )


def _parts(notebook: Any) -> Iterator[str]:
    for cell in notebook.cells:
        if NOTEBOOK_ONLY in cell.metadata.get("tags", ()):
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


def _figure(figure: Mapping[str, Any]) -> str:
    """The place of a figure, at its height, with its data, title and text alternative."""
    layout = dict(figure.get("layout", {}))
    title = layout.pop("title", None)
    words = str((title.get("text") if isinstance(title, dict) else title) or "")
    meta = layout.get("meta")
    said = meta.get("description") if isinstance(meta, dict) else ""
    data = json.dumps({"data": figure["data"], "layout": layout}).replace("<", "\\u003c")
    return render(
        "figure",
        title=html.unescape(words),
        height=int(layout.get("height") or _DEFAULT_HEIGHT),
        alternative=said or html.unescape(words) or "Figure",
        data=Markup(data),
    )


def _markdown(text: str) -> str:
    import mistune

    return str(mistune.create_markdown(escape=False, plugins=["table"])(text))


def _picture(kind: str) -> Callable[[str], str]:
    return lambda data: f'<img src="data:{kind};base64,{data.strip()}" alt="">'


# The first of these that an output offers is shown.
_SHOWN: Mapping[str, Callable[[Any], str]] = {
    FIGURE: _figure,
    "text/html": str,
    "text/markdown": _markdown,
    "image/svg+xml": str,
    "image/png": _picture("image/png"),
    "image/jpeg": _picture("image/jpeg"),
    "text/plain": lambda text: f"<pre>{safe.markup(text)}</pre>",
}


def _shown(data: Mapping[str, Any]) -> str:
    return next((show(data[kind]) for kind, show in _SHOWN.items() if kind in data), "")


def _file(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).replace("</script", "<\\/script")
