"""A page of HTML on paper: figures as vectors at print width, page numbers, tagged."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hk_metrics.browser import chromium
from hk_metrics.errors import MissingToolError
from hk_metrics.present import safe

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PRINT_WIDTH = 680  # CSS pixels between A4's margins
_MARGIN = {"top": "14mm", "right": "15mm", "bottom": "18mm", "left": "15mm"}
_FOOTER = (
    '<div style="width:100%;box-sizing:border-box;padding:0 15mm;font:7pt sans-serif;color:#5b6773;'
    'display:flex"><span style="flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;'
    'white-space:nowrap">{title}</span>'
    '<span style="white-space:nowrap;margin-left:12pt">{made}'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></span></div>'
)
_SCALES = (1.0, 0.97, 0.94, 0.91, 0.88)  # tried in turn; type stays above seven points
_FULL, _LAST = 0.55, 0.25  # of a page's height: what a page, and the last one, has on it at least
_SHARP, _INK, _POINTS, _SIDES = 0.5, 245, 72 / 25.4, ("top", "bottom")
# A figure drawn for the screen is cut at a page's edge; a picture of it is kept together.
_TO_PICTURES = """async (width) => {
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    const height = plot.offsetHeight;
    const image = new Image(width, height);
    image.alt = plot.getAttribute("aria-label") ?? "";
    image.src = await Plotly.toImage(plot, {format: "svg", width, height});
    await image.decode();
    plot.replaceWith(image);
  }
}"""
_PICTURE = """async ([number, width]) => {
  const plot = document.querySelectorAll(".js-plotly-plot")[number];
  const size = {width, height: plot ? plot.offsetHeight : 0, scale: 2};
  return plot ? Plotly.toImage(plot, {format: "png", ...size}) : "";
}"""


@dataclass(frozen=True)
class Printed:
    """What a browser made of a page.

    Parameters
    ----------
    pdf
        The document, or empty if it was not asked for.
    picture
        The chosen figure as PNG at twice its size, or empty if there is no such figure.
    """

    pdf: bytes
    picture: bytes


def print_page(html: str, *, pdf: bool = True, picture: int | None = None) -> Printed:
    """Print a page that needs nothing from outside.

    Parameters
    ----------
    html
        A self-contained page; its plotly figures carry the class ``js-plotly-plot`` and, where the
        page sets it, ``window.figuresDrawn`` is awaited.
    pdf
        Whether to make the document.
    picture
        Number of the figure (from 0) to make a PNG of.

    Returns
    -------
    Printed
        A4, tagged, with an outline, page numbers and figures as vectors; and the picture.

    Raises
    ------
    MissingToolError
        Playwright or Chromium is missing.
    """
    # A kernel's thread runs a loop of its own, beside which Playwright's cannot run.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_print, html, pdf=pdf, picture=picture).result()


def _print(html: str, *, pdf: bool, picture: int | None) -> Printed:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 820, "height": 1100}, offline=True)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.set_content(html, wait_until="load")
        page.evaluate("() => window.figuresDrawn")
        image = b"" if picture is None else _png(page, picture)
        return Printed(_paper(page) if pdf else b"", image)


def _png(page: Page, number: int) -> bytes:
    address: str = page.evaluate(_PICTURE, [number, _PRINT_WIDTH])
    return base64.b64decode(address.partition(",")[2])


def _paper(page: Page) -> bytes:
    """Return the document at the largest size that leaves no page nearly empty."""
    page.evaluate(_TO_PICTURES, _PRINT_WIDTH)
    made = page.locator("meta[name=description]")
    words = f"{made.get_attribute('content')} · " if made.count() else ""
    foot = _FOOTER.format(title=safe.markup(page.title()), made=safe.markup(words))
    best: tuple[float, bytes] | None = None
    for scale in _SCALES:
        printed = _at(page, scale, foot)
        waste = _waste(printed)
        if best is None or waste < best[0]:
            best = waste, printed
        if not waste:
            break
    assert best is not None
    return best[1]


def _at(page: Page, scale: float, foot: str) -> bytes:
    options: dict[str, Any] = {"margin": _MARGIN, "tagged": True, "outline": True}
    return page.pdf(
        format="A4",
        scale=scale,
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=foot,
        **options,
    )


def _waste(printed: bytes) -> float:
    """Return how much of the pages is empty beyond what a reader takes for a page's end."""
    filled = fill(printed)
    if len(filled) < 2:
        return 0.0
    short = [max(0.0, _FULL - part) for part in filled[:-1]]
    return sum(short) + max(0.0, _LAST - filled[-1])


def fill(printed: bytes) -> list[float]:
    """Return which part of each page's height, between the margins, has something on it.

    Parameters
    ----------
    printed
        A document of A4 pages with this module's margins.

    Returns
    -------
    list of float
        From 0 to 1, one a page: where its last ink above the foot is.

    Raises
    ------
    MissingToolError
        What reads a PDF is not installed.
    """
    try:
        import pypdfium2 as pdfium
    except ImportError:
        raise MissingToolError(
            "PDF needs pypdfium2: install it with pip install 'hk-metrics[pdf]', or leave 'pdf' "
            "out of the formats"
        ) from None
    found = []
    with pdfium.PdfDocument(printed) as document:
        for page in document:
            grey = page.render(scale=_SHARP, grayscale=True).to_numpy()
            ink = grey.reshape(grey.shape[:2]) < _INK
            top, bottom = (round(float(_MARGIN[s][:-2]) * _POINTS * _SHARP) for s in _SIDES)
            rows = ink[top : len(ink) - bottom].any(axis=1).nonzero()[0]
            found.append(float(rows[-1] + 1) / (len(ink) - top - bottom) if len(rows) else 0.0)
    return found
