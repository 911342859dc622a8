"""What a visitor takes away: tables as CSV and XLSX, a page as PDF, everything as a workbook.

All of it leaves through `hk_metrics.export`, which neutralises formulas, and says on a sheet of its
own from which data, filters and day it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart, label_of
from hk_metrics.ui.parts.panels import Answers, Panel

if TYPE_CHECKING:
    from hk_metrics.export.sheet import Sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv;charset=utf-8", "xlsx": XLSX, "pdf": "application/pdf"}


@dataclass(frozen=True)
class Parcel:
    """A file for the visitor: its name, media type and content."""

    name: str
    type: str
    content: bytes


def about(answers: Answers) -> dict[str, str]:
    """Return from which data, period and filters numbers are, and when they were taken."""
    settings, state = answers.settings, answers.state
    period = answers.view.period
    chosen = {
        label_of(name): ", ".join(_said(answers, name, v) for v in values)
        for name, values in state.filters.items()
    }
    now = datetime.now(ZoneInfo(settings.timezone))
    return {
        "Dataset": answers.dataset.name or "Dataset",
        "Identity": answers.dataset.id,
        "Period": fmt.period(*period) if period else "all",
        **chosen,
        "Orders credited": (state.model() or "as tracked").replace("_", " "),
        "Currency": settings.currency,
        "Notes": " ".join(answers.view.notes) or "none",
        "Written": f"{now:%d %b %Y, %H:%M} {settings.timezone}",
    }


def _said(answers: Answers, name: str, value: Any) -> str:
    if value is None:
        return "(none)"
    return answers.catalog.names.get(value, value) if name == "influencer_id" else str(value)


def sheets_of(panels: Iterable[Panel]) -> list[Sheet]:
    """Return the tables and the figures' numbers that panels show, in their order."""
    return [sheet for panel in panels if (sheet := sheet_of(panel.widget)) is not None]


def sheet_of(widget: Any) -> Sheet | None:
    """Return what a panel's widget shows as a table; None where it shows none."""
    grid = getattr(widget, "grid", None)
    if grid is not None:
        return grid.sheet()  # type: ignore[no-any-return]
    chart = getattr(widget, "chart", None)
    return chart_sheet(chart) if isinstance(chart, Chart) else None


def chart_sheet(chart: Chart) -> Sheet | None:
    """Return the numbers of a chart."""
    from hk_metrics.export.sheet import Sheet

    if chart.table is None or chart.table.empty:
        return None
    note = " ".join(n for n in (chart.subtitle, chart.note) if n)
    return Sheet(chart.title, chart.table, dict(chart.units), {}, note)  # type: ignore[arg-type]


def everything(answers: Answers) -> list[Sheet]:
    """Return the totals, every breakdown and every day of a view."""
    from hk_metrics.export.workbook import sheets

    return sheets(answers.view)


def workbook(name: str, sheets: list[Sheet], answers: Answers) -> Parcel:
    """Return sheets as one XLSX workbook with a sheet that explains."""
    from hk_metrics.export.xlsx import xlsx_bytes

    settings = answers.settings
    style = {"currency": settings.currency, "grouping": settings.grouping}
    return Parcel(f"{name}.xlsx", XLSX, xlsx_bytes(sheets, about(answers), **style))


def table_file(sheet: Sheet, kind: str, answers: Answers) -> Parcel:
    """Return one table as CSV, XLSX or PDF."""
    from hk_metrics.export.csv import csv_bytes
    from hk_metrics.ui.parts.paper import table_html

    if kind == "pdf":
        return _printed(sheet.slug, table_html(sheet, about(answers)))
    if kind == "xlsx":
        return workbook(sheet.slug, [sheet], answers)
    return Parcel(f"{sheet.slug}.csv", TYPES["csv"], csv_bytes(sheet))


def page_pdf(title: str, panels: Iterable[Panel], answers: Answers) -> Parcel:
    """Return a page as PDF, printed by the machine's Chromium.

    Raises
    ------
    MissingToolError
        Without Playwright or a Chromium.
    """
    from hk_metrics.ui.parts.paper import page_html

    return _printed(title.lower().replace(" ", "-"), page_html(title, panels, about(answers)))


def _printed(name: str, html: str) -> Parcel:
    from hk_metrics.export.pdf import print_page

    # Playwright's calls block, which it refuses in the kernel's own loop.
    with ThreadPoolExecutor(1) as beside:
        printed = beside.submit(print_page, html).result()
    return Parcel(f"{name}.pdf", TYPES["pdf"], printed.pdf)
