"""From an executed notebook to the files that people open."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hk_metrics.errors import MissingToolError
from hk_metrics.present import Table, atomic
from hk_metrics.present.html import made_of, title_of
from hk_metrics.present.notebook import TABLE
from hk_metrics.present.recorded import from_json
from hk_metrics.report import html

FACTS = "application/vnd.hk-metrics.letter+json"
FACTS_FILE = "letter.json"
PICTURE_FILE = "chart.png"
# What the letter in short has point by point, each with a link: name and title.
LISTS: Mapping[str, str] = {"plan": "Are we on plan?", "actions": "What to do now"}


@dataclass(frozen=True)
class Content:
    """What a report's files are made from.

    Parameters
    ----------
    name
        Of the files.
    title
        Of the page.
    notebook
        Executed.
    facts
        What the letter says in short: subject, headline, numbers, sentences.
    sheets
        Its tables.
    page
        The letter as HTML.
    missing
        Parts that could not be made, as sentences.
    """

    name: str
    title: str
    notebook: Any
    facts: Mapping[str, Any]
    sheets: Sequence[Table]
    page: str
    missing: Sequence[str] = ()


def content(name: str, title: str, notebook: Any) -> Content:
    """Gather from an executed notebook what its files are made from."""
    facts: dict[str, Any] = {}
    for part in html.outputs(notebook, FACTS):
        facts |= part
    sheets = [from_json(shown) for shown in html.outputs(notebook, TABLE)]
    title = str(facts.get("subject") or title or name)
    missing = [
        f"The part {part['title']!r} could not be made: {part['reason']}"
        for part in html.outputs(notebook, html.FAILURE)
    ]
    page = html.page(notebook, title, made_of(facts.get("about", {})))
    return Content(name, title, notebook, facts, sheets, page, missing)


def write(source: Content, folder: Path, formats: Collection[str], *, picture: bool) -> list[str]:
    """Write a report's files into a folder.

    Parameters
    ----------
    source
        From `content`.
    folder
        Where; the executed notebook lies there already as ``NAME.ipynb``.
    formats
        ``html``, ``pdf``, ``xlsx``, ``csv``, ``ipynb``.
    picture
        Whether to make ``chart.png`` of the figure that the letter names, for a mail.

    Returns
    -------
    list of str
        What could not be made and why, as sentences: a missing picture does not hold up a letter.

    Raises
    ------
    MissingToolError
        PDF was asked for and there is no Chromium.
    """
    atomic.write(folder / FACTS_FILE, json.dumps(dict(source.facts), indent=1).encode())
    for form in formats:
        if form in _WRITERS:
            _WRITERS[form](source, folder)
    if "ipynb" not in formats:
        (folder / f"{source.name}.ipynb").unlink(missing_ok=True)
    return _print(source, folder, pdf="pdf" in formats, picture=picture)


def _html(source: Content, folder: Path) -> None:
    atomic.write(folder / f"{source.name}.html", source.page.encode())


def _csv(source: Content, folder: Path) -> None:
    from hk_metrics.present.csv import write_csv

    for number, sheet in enumerate(source.sheets, start=1):
        write_csv(sheet, folder / "tables" / f"{number:02}-{sheet.slug}.csv")


def _xlsx(source: Content, folder: Path) -> None:
    from hk_metrics.present.xlsx import write_xlsx

    about = {"Report": source.title, **source.facts.get("about", {})}
    write_xlsx(source.sheets, folder / f"{source.name}.xlsx", about)


_WRITERS: Mapping[str, Callable[[Content, Path], None]] = {
    "html": _html,
    "csv": _csv,
    "xlsx": _xlsx,
}


def _print(source: Content, folder: Path, *, pdf: bool, picture: bool) -> list[str]:
    number = _main_figure(source) if picture else None
    if not pdf and number is None:
        return []
    from hk_metrics.present.pdf import print_page

    try:
        printed = print_page(source.page, pdf=pdf, picture=number)
    except MissingToolError as missing:
        if pdf:
            raise
        return [f"No picture of the chart: {missing}"]
    if pdf:
        atomic.write(folder / f"{source.name}.pdf", printed.pdf)
    if printed.picture:
        atomic.write(folder / PICTURE_FILE, printed.picture)
    return []


def _main_figure(source: Content) -> int | None:
    """Return the number of the figure that the letter in short names, else of the first."""
    titles = [title_of(figure) for figure in html.outputs(source.notebook, html.FIGURE)]
    named = str(source.facts.get("chart", ""))
    return titles.index(named) if named in titles else 0 if titles else None
