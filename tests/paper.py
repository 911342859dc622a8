"""What a board would see of a PDF: full pages, heads above rows, nothing over anything, tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

import pandas as pd
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from hk_metrics import figures
from hk_metrics.present import Table, html
from hk_metrics.present.pdf import fill
from hk_metrics.settings import default_settings

__all__ = ["MADE", "faults", "fill", "hard"]
MADE = "Made 3 Jun 2025 08:00 (Asia/Kolkata) · data version 0123456789abcdef"

_FULL, _LAST, _ROWS = 0.5, 0.2, 3
_KERNED = 1.5  # points by which a comma may stand under the letter before it
_OVER = 0.25  # of the smaller of two pieces of text: what touching corners do not reach

Box = tuple[float, float, float, float]


def faults(
    printed: bytes, tables: Sequence[tuple[str, Sequence[str]]] = (), said: str = ""
) -> list[str]:
    """Return what is wrong with a PDF, as sentences; none for one that may be handed out.

    Parameters
    ----------
    printed
        The document.
    tables
        Of tables that go over several pages, the head and the first cell of every row.
    said
        What stands at the foot of every page.
    """
    document = pdfium.PdfDocument(printed)
    found = [] if raw.FPDFCatalog_IsTagged(document.raw) else ["it has no tags"]
    found += _empty(fill(printed))
    for number, page in enumerate(document, start=1):
        text = page.get_textpage()
        words = re.sub(r"\s+", " ", text.get_text_bounded())
        place = f"page {number}"
        if f"{number} / {len(document)}" not in words or said not in words:
            found.append(f"{place} does not say which it is, or what of")
        found += [f"{place}: {a!r} and {b!r} overlap" for a, b in _overlapping(text)]
        for head, rows in tables:
            there = [row for row in rows if row in words]
            if there and (head not in words or words.index(head) > words.index(there[0])):
                found.append(f"{place} has rows from {there[0]!r} on and no head {head!r}")
            if there and len(there) < _ROWS:
                found.append(f"{place} has only {len(there)} rows of {head!r}")
    return found


def _empty(filled: Sequence[float]) -> list[str]:
    bounds = [_FULL] * (len(filled) - 1) + [_LAST if len(filled) > 1 else 0.0]
    return [
        f"page {n} of {len(filled)} is filled to {part:.0%}"
        for n, (part, least) in enumerate(zip(filled, bounds, strict=True), start=1)
        if part < least
    ]


def _overlapping(text: pdfium.PdfTextPage) -> list[tuple[str, str]]:
    boxes = [text.get_rect(n) for n in range(text.count_rects())]
    boxes = [b for b in boxes if b[2] > b[0] and b[3] > b[1]]
    over = [
        (a, b) for a, b in combinations(boxes, 2) if _shared(a, b) > _OVER * min(_area(a), _area(b))
    ]
    return [(text.get_text_bounded(*a), text.get_text_bounded(*b)) for a, b in over]


def _shared(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > _KERNED and height > 0 else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def hard() -> tuple[str, list[tuple[str, list[str]]]]:
    """Return a letter at its worst, long tables and names between figures; and its long tables."""
    settings, money = default_settings(), dict.fromkeys(("revenue", "spend"), "money")

    def frame(name: str, rows: int) -> pd.DataFrame:
        index = [f"{name} campaign with its long name {n:02}" for n in range(1, rows + 1)]
        amounts = [1e5 * n for n in range(rows, 0, -1)]
        return pd.DataFrame(
            {"revenue": amounts, "spend": amounts}, index=pd.Index(index, name=name)
        )

    def table(name: str, rows: int) -> str:
        described = Table(name, frame(name, rows), money, {name: f"{name} name"}, printed=rows)
        return html.table(described)

    days = pd.DataFrame({m: [1e5, 3e5, 2e5] for m in money},
                        index=pd.date_range("2025-06-02", periods=3, name="date"))  # fmt: skip
    lines = figures.trend(days, list(money), settings=settings)
    bars = figures.grouped(frame("Of", 8), list(money), settings=settings, lying=True)
    drawn = [html.figure(chart, settings) for chart in (lines, bars)]
    words = html.note("What it means", "A sentence that is read twice. " * 30, MADE.split()[:5])
    terms = html.terms("Definitions", [(f"Word {n}", "what it means") for n in range(14)])
    long = {"Second": 60, "Third": 33, "Fourth": 18}
    parts = [*drawn, table("First", 9), words, *(table(n, r) + drawn[0] for n, r in long.items())]
    page = html.document("A letter", [*parts, table("Fifth", 11), terms], made=MADE)
    return page, [(f"{n} name", list(frame(n, r).index)) for n, r in long.items()]
