"""Tables, cards and figures as HTML, for the letter and for a page of the dashboard on paper."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from hk_metrics import formatting
from hk_metrics.figures import plotly_script
from hk_metrics.present.templates import FOLDER, render
from hk_metrics.present.values import NUMBERS, RIGHT, exact, written
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    from hk_metrics.figures import Chart
    from hk_metrics.present.card import Card
    from hk_metrics.present.table import Table

_WIDE = 8  # columns beyond which a table on paper is set smaller
_WHOLE = 16  # rows up to which a table on paper stays on one page
_FIGURE_HEIGHT = 300
_PLACE = 'class="plot"'  # of a figure in its markup
_NEEDS_WHOLE = f"{_PLACE} data-whole"


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown.

    Parameters
    ----------
    text
        What stands there.
    exact
        The digits that it leaves out, shown when pointed at.
    style
        CSS classes: ``n`` for numbers, a tone for what is good or poor.
    badge
        A verdict beside it: ``text`` and ``tone``.
    """

    text: str
    exact: str = ""
    style: str = ""
    badge: Mapping[str, str] | None = None


def cell(
    unit: str,
    value: Any,
    settings: Settings,
    tones: Mapping[str, str] | None = None,
    *,
    whole: bool = False,
) -> Cell:
    """Return a value of a table as a cell; ``whole`` amounts leave out what is below one."""
    text = written(unit, round(value) if whole and value == value else value, settings)
    if unit not in NUMBERS:
        tone = (tones or {}).get(text)
        return Cell("" if tone else text, badge=(tone and {"text": text, "tone": tone}) or None)
    digits = exact(unit, value, settings)
    same = digits.rstrip("×%0.") == text.rstrip("×%0.")
    lost = "poor" if unit == "money" and text.startswith(formatting.MINUS) else ""
    return Cell(text, "" if same else digits, f"n {lost}".strip())


def table(described: Table) -> str:
    """Return a table with as many rows as are printed; files have all."""
    frame, settings, most = described.shown(), described.settings, described.printed
    names = list(frame.columns)
    large = described.large()
    rows = [
        [
            cell(described.unit(n), r[n], settings, described.tones.get(n), whole=n in large)
            for n in names
        ]
        for r in frame.head(most).to_dict("records")
    ]
    more = f"{most} of {len(frame)} rows; the files have all." if len(frame) > most else ""
    return grid(
        described.title,
        [(described.label(n), described.unit(n) in RIGHT) for n in names],
        rows,
        subtitle=described.subtitle,
        note=" ".join(s for s in (described.note, more) if s),
        kind=" ".join(
            k for k, is_so in (("wide", len(names) > _WIDE), ("long", len(rows) > _WHOLE)) if is_so
        ),
    )


def grid(
    title: str, heads: Sequence[tuple[str, bool]], rows: Sequence[Sequence[Cell]], **words: str
) -> str:
    """Return cells as a table; a head is its label and whether numbers stand below it."""
    heads_ = [{"label": label, "number": number} for label, number in heads]
    named = {"kind": "", "subtitle": "", "note": "", **words}
    return render("table", title=title, heads=heads_, rows=rows, **named)


def cards(shown: Iterable[Card | Mapping[str, Any]]) -> str:
    """Return key figures side by side."""
    return render("cards", cards=[c if isinstance(c, Mapping) else c.payload() for c in shown])


def note(title: str, text: str = "", points: Sequence[str] = (), links: Sequence[str] = ()) -> str:
    """Return a heading and what is said below it; nothing where all three are empty.

    A point has the address behind it, of as many, where that is not empty.
    """
    if not (title or text or points):
        return ""
    listed = list(zip(points, links or [""] * len(points), strict=True))
    return render("note", title=title, text=text, points=listed)


def terms(title: str, explained: Iterable[tuple[str, str]]) -> str:
    """Return what words mean, as a short list in two columns."""
    return render("terms", title=title, terms=list(explained))


def figure(chart: Chart, settings: Settings) -> str:
    """Return a chart in its place, with what it says of itself; only words where it is empty."""
    if chart.empty:
        return note(chart.title, chart.empty)
    return placed(figure_json(chart, settings), chart.subtitle, chart.note)


def figure_json(chart: Chart, settings: Settings, height: int = _FIGURE_HEIGHT) -> dict[str, Any]:
    """Return a chart as plotly's JSON at a height (CSS pixels), its words as its alternative."""
    from hk_metrics.figures.chart import heading

    drawn = chart.on_paper(settings)
    words = {
        "title": heading(chart.title),
        "height": height,
        "meta": {"description": alternative_text(chart)},
    }
    return {"data": drawn["data"], "layout": {**drawn["layout"], **words}}


def alternative_text(chart: Chart) -> str:
    """Return what a chart says of itself, as its alternative in text."""
    return ". ".join(s for s in (chart.title, chart.subtitle, chart.note, chart.empty) if s)


def title_of(drawing: Mapping[str, Any]) -> str:
    """Return the title of a plotly figure as its reader sees it.

    >>> title_of({"layout": {"title": {"text": "Spend &amp; revenue"}}}), title_of({})
    ('Spend & revenue', '')
    """
    title = drawing.get("layout", {}).get("title")
    return unescape(str((title.get("text") if isinstance(title, Mapping) else title) or ""))


def placed(drawing: Mapping[str, Any], subtitle: str = "", below: str = "") -> str:
    """Return the place of a plotly figure, at its height, with its data and alternative."""
    layout, words = dict(drawing.get("layout", {})), title_of(drawing)
    layout.pop("title", None)
    meta = layout.get("meta")
    description = meta.get("description") if isinstance(meta, dict) else ""
    data = json.dumps({"data": drawing["data"], "layout": layout}).replace("<", "\\u003c")
    return render(
        "figure",
        title=words,
        subtitle=subtitle,
        note=below,
        whole=plotly_script.needs_whole(drawing["data"]),
        height=int(layout.get("height") or _FIGURE_HEIGHT),
        alternative=description or words or "Figure",
        data=Markup(data),
    )


def document(
    title: str, parts: Iterable[str], about: Mapping[str, str] | None = None, made: str = ""
) -> str:
    """Return parts, which are markup, as one page that needs neither a file nor the network.

    Parameters
    ----------
    title
        Of the page; its first heading where ``about`` is given.
    parts
        What it shows, in order.
    about
        From which data, period and filters it is; None where the parts say so themselves.
    made
        When and of which data it was made, for the foot of every printed page; from ``about``
        where it is not given.

    Notes
    -----
    The page's own security policy forbids it to load anything.
    """
    from hk_metrics import __version__

    body = [Markup(part) for part in parts]
    return render(
        "document",
        title=title,
        about=about,
        made=made or made_of(about or {}),
        version=__version__,
        parts=body,
        style=Markup(_file("document.css")),
        script=Markup(_file("document.js")),
        plotly=_packed(_script_for(body)) if any(_PLACE in part for part in body) else "",
    )


def made_of(about: Mapping[str, str]) -> str:
    """Return when and of which data something was made, from what it says about itself.

    >>> made_of({"Made": "3 Jun 2025 08:00", "Data version": "a1b2", "Filters": "none"})
    'Made 3 Jun 2025 08:00 · data version a1b2'
    """
    named = (("Made", "Made"), ("Data version", "data version"))
    return " · ".join(f"{words} {about[name]}" for name, words in named if about.get(name))


def _file(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _script_for(parts: Iterable[str]) -> Path:
    return plotly_script.whole() if any(_NEEDS_WHOLE in p for p in parts) else plotly_script.LIGHT


@cache
def _packed(script: Path) -> str:
    """Return a script as gzip in base64: a third as long in the page, which unpacks it."""
    return b64encode(gzip.compress(script.read_bytes(), mtime=0)).decode()
