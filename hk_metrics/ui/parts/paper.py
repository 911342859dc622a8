"""A page of the dashboard as a page of HTML for paper: key figures, figures, tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics.export.safe import markup
from hk_metrics.figures import Chart
from hk_metrics.formatting import DASH, FULL
from hk_metrics.ui.parts.panels import Panel
from hk_metrics.ui.parts.tables import Grid

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.export.sheet import Sheet

HEIGHT = 300
MOST_ROWS = 60
STYLE = """
body { font: 10pt/1.45 system-ui, "Noto Sans", sans-serif; color: #17212b; margin: 0; }
h1 { font-size: 18pt; margin: 0 0 2pt; } h2 { font-size: 11.5pt; margin: 14pt 0 2pt; }
p { margin: 0 0 6pt; color: #56636f; font-size: 8.5pt; }
.cards { display: grid; grid-template-columns: repeat(5, 1fr); gap: 6pt; margin: 10pt 0; }
.card { border: .6pt solid #dfe4e9; border-radius: 6pt; padding: 6pt 8pt; font-size: 8pt; }
.card { color: #56636f; }
.card b { display: block; font-size: 12.5pt; color: #17212b; }
section { break-inside: avoid; } table { border-collapse: collapse; width: 100%; font-size: 7.6pt; }
th, td { text-align: right; padding: 2pt 4pt; border-bottom: .5pt solid #dfe4e9; }
th:first-child, td:first-child { text-align: left; } th { color: #56636f; }
thead { display: table-header-group; } li { margin: 2pt 0; }
"""


def page_html(title: str, panels: Iterable[Panel], said: Mapping[str, str]) -> str:
    """Return a page that needs nothing from outside.

    Parameters
    ----------
    title
        The page's name.
    panels
        What it shows, in order.
    said
        From which data and filters it is.
    """
    return paper(title, [part for panel in panels if (part := _part(panel.widget))], said)


def table_html(sheet: Sheet, said: Mapping[str, str]) -> str:
    """Return one table, with all its rows, as a page that needs nothing from outside."""
    grid = Grid(sheet.flat(), "", sheet.note, units=sheet.units, labels=sheet.labels)
    return paper(sheet.title, [_table(grid, len(grid.frame))], said)


def paper(title: str, parts: Iterable[str], said: Mapping[str, str]) -> str:
    """Return parts, which are markup, as a page that says from which data and filters it is."""
    from plotly.offline import get_plotlyjs

    body = "".join(parts)
    script = f"<script>{get_plotlyjs()}</script>" if "plotly" in body else ""
    words = " · ".join(f"{markup(k)}: {markup(v)}" for k, v in said.items() if v)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{markup(title)}'
        f"</title><style>{STYLE}</style>{script}</head>"
        f"<body><h1>{markup(title)}</h1><p>{words}</p>{body}</body></html>"
    )


def _part(widget: Any) -> str:
    """Return what a widget shows as markup; nothing for controls."""
    if isinstance(chart := getattr(widget, "chart", None), Chart):
        return _figure(chart)
    if isinstance(grid := getattr(widget, "grid", None), Grid):
        return _table(grid)
    if cards := getattr(widget, "cards", None):
        return _cards(cards)
    if lines := getattr(widget, "lines", None):
        items = "".join(f"<li>{markup(line['text'])}</li>" for line in lines)
        return f"<section><h2>{markup(widget.title)}</h2><ul>{items}</ul></section>"
    return ""


def _figure(chart: Chart) -> str:
    if chart.empty:
        return f"<section>{_head(chart.title, chart.empty)}</section>"
    figure = chart.figure().update_layout(height=HEIGHT, title=None)
    drawn = figure.to_html(full_html=False, include_plotlyjs=False, config={"staticPlot": True})
    note = f"<p>{markup(chart.note)}</p>" if chart.note else ""
    return f"<section>{_head(chart.title, chart.subtitle)}{drawn}{note}</section>"


def _head(title: str, subtitle: str) -> str:
    below = f"<p>{markup(subtitle)}</p>" if subtitle else ""
    return f"<h2>{markup(title)}</h2>{below}"


def _cards(cards: Iterable[Mapping[str, Any]]) -> str:
    boxes = [
        f'<div class="card">{markup(c["label"])}<b>{markup(c["value"])}</b>'
        f"{markup(c.get('against') or '')}</div>"
        for c in cards
    ]
    return f'<div class="cards">{"".join(boxes)}</div>'


def _table(grid: Grid, most: int = MOST_ROWS) -> str:
    shown = grid.frame.head(most)
    heads = "".join(f"<th>{markup(grid.labels.get(str(c), str(c)))}</th>" for c in shown.columns)
    columns = [_texts(shown[c], grid.units.get(str(c), "text")) for c in shown.columns]
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in zip(*columns, strict=True))
    more = len(grid.frame) - len(shown)
    rest = f"<p>{more} more rows are in the download as XLSX.</p>" if more > 0 else ""
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    note = f"<p>{markup(grid.note)}</p>" if grid.note else ""
    return f"{_head(grid.title, grid.subtitle)}{table}{rest}{note}"


def _texts(values: pd.Series[Any], unit: str) -> list[str]:
    if unit in FULL:
        return [markup(FULL[unit](v, None)) for v in values]  # type: ignore[index]
    return [DASH if v is None or v != v else markup(v) for v in values]
