"""What a visitor takes away: tables as CSV and XLSX, a page as PDF, everything as a workbook.

All of it leaves through `hk_metrics.present`, which neutralises formulas, and says from which data,
filters and day it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart, label_of
from hk_metrics.incrementality import LABELS
from hk_metrics.present import Table, html
from hk_metrics.present.table import slug_of
from hk_metrics.settings import Settings
from hk_metrics.ui.parts import components
from hk_metrics.ui.parts.lifts import lifted, method, named
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.wording import uncapped

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv;charset=utf-8", "xlsx": _XLSX, "pdf": "application/pdf"}


@dataclass(frozen=True)
class Download:
    """A file for the visitor: its name, media type and content."""

    name: str
    type: str
    content: bytes


def about(answers: PanelAnswers) -> dict[str, str]:
    """Return from which data, period and filters numbers are, and when they were taken."""
    settings, state = answers.settings, answers.state
    period = answers.view.period
    chosen = {
        label_of(name): ", ".join(_word(answers, name, v) for v in values)
        for name, values in state.filters.items()
    }
    now = datetime.now(ZoneInfo(settings.timezone))
    return {
        "Dataset": answers.dataset.name or "Dataset",
        "Identity": answers.dataset.id,
        "Period": fmt.period(*period) if period else "all",
        **chosen,
        "Incremental ROAS": named(answers, method(answers)),
        "Orders credited": state.credit(),
        "Currency": settings.currency,
        "Notes": " ".join(answers.view.notes) or "none",
        "Written": f"{fmt.day(now)} {settings.timezone}",
    }


def _word(answers: PanelAnswers, name: str, value: Any) -> str:
    if value is None:
        return "(none)"
    return answers.catalog.names.get(value, value) if name == "influencer_id" else str(value)


def tables_of(panels: Iterable[Panel]) -> list[Table]:
    """Return the tables and the figures' numbers that panels show, in their order."""
    return [found for w in _widgets(panels) if (found := table_of(w)) is not None]


def _widgets(panels: Iterable[Panel]) -> list[Any]:
    """Return the widgets of panels, once each: some are drawn in two steps."""
    return list({id(p.widget): p.widget for p in panels}.values())


def table_of(widget: Any) -> Table | None:
    """Return what a panel's widget shows as a table; None where it shows none."""
    if isinstance(widget, components.TableWidget):
        return widget.seen()
    chart = getattr(widget, "chart", None)
    if not isinstance(chart, Chart) or chart.table is None or chart.table.empty:
        return None
    return Table(chart.title, chart.table, chart.units, {}, chart.note, chart.subtitle)


def everything(answers: PanelAnswers) -> list[Table]:
    """Return the totals, every breakdown and every day of a view."""
    from hk_metrics.present.workbook import sheets

    which = method(answers)
    estimated = replace(answers.view, estimate=lambda _, by: lifted(answers, which, by))
    return sheets(estimated, uncapped(LABELS[which]))


def workbook(name: str, tables: Iterable[Table], answers: PanelAnswers) -> Download:
    """Return tables as one XLSX workbook with a sheet that explains."""
    from hk_metrics.present.xlsx import xlsx_bytes

    shown = [replace(t.with_ids(), settings=answers.settings) for t in tables]
    return Download(f"{name}.xlsx", _XLSX, xlsx_bytes(shown, about(answers)))


def table_file(table: Table, kind: str, answers: PanelAnswers) -> Download:
    """Return one table, with all its rows, as CSV, XLSX or PDF."""
    from hk_metrics.present.csv import worded_csv

    if kind == "xlsx":
        return workbook(table.slug, [table], answers)
    if kind == "csv":
        return Download(f"{table.slug}.csv", TYPES["csv"], worded_csv(table))
    whole = replace(table, title="", printed=len(table.frame), settings=answers.settings)
    return _printed(table.slug, html.document(table.title, [html.table(whole)], about(answers)))


def page_pdf(title: str, panels: Iterable[Panel], answers: PanelAnswers) -> Download:
    """Return a page as PDF, printed by the machine's Chromium.

    Raises
    ------
    MissingToolError
        Without Playwright or a Chromium.
    """
    return _printed(slug_of(title), page_html(title, panels, answers))


def page_html(title: str, panels: Iterable[Panel], answers: PanelAnswers) -> str:
    """Return a page as HTML that needs nothing from outside: key figures, figures, tables."""
    parts = [part for w in _widgets(panels) if (part := _part(w, answers.settings))]
    return html.document(title, parts, about(answers))


def _part(widget: Any, settings: Settings) -> str:
    """Return what a widget shows as markup; nothing for controls."""
    if isinstance(chart := getattr(widget, "chart", None), Chart):
        return html.figure(chart, settings)
    if isinstance(widget, components.TableWidget):
        return html.table(seen) if (seen := widget.seen()) is not None else ""
    if shown := getattr(widget, "cards", None):
        return html.cards(shown)
    if lines := getattr(widget, "lines", None):
        return html.note(widget.title, points=[line["text"] for line in lines])
    return ""


def _printed(name: str, page: str) -> Download:
    from hk_metrics.present.pdf import print_page

    return Download(f"{name}.pdf", TYPES["pdf"], print_page(page).pdf)
