"""The page: everything inside, nothing fetched, figures drawn, values from data harmless."""

from __future__ import annotations

import asyncio
import re
from io import BytesIO
from pathlib import Path

import nbformat
import pypdfium2 as pdfium
import pytest

from hk_metrics import browser
from hk_metrics.present.pdf import Printed, print_page
from hk_metrics.report import html, outputs
from tests import paper
from tests.machine import needs_browser

ATTACK = "<img src=x onerror=\"document.title='owned'\"></script><script>owned=1</script>"

COLOUR = "#c01060"


def _notebook(*outputs: dict, source: str = "# Words") -> nbformat.NotebookNode:
    new = nbformat.v4
    shown = [new.new_output("display_data", data=data) for data in outputs]
    hidden = new.new_markdown_cell("only in Lab", metadata={"tags": ["notebook-only"]})
    code = new.new_code_cell("secret_source()", outputs=shown)
    return new.new_notebook(cells=[hidden, new.new_markdown_cell(source), code])


def _figure(title: str = "Bars", **layout: object) -> dict:
    bars = {"type": "bar", "x": ["a", "b"], "y": [1, 2], "marker": {"color": COLOUR}}
    return {html.FIGURE: {"data": [bars], "layout": {"title": {"text": title}, **layout}}}


def test_page_has_words_and_figures_and_no_code() -> None:
    page = html.page(_notebook(_figure(height=222)), "A letter")
    assert "<h1>Words</h1>" in page and "<figcaption>Bars</figcaption>" in page
    assert 'style="height:222px"' in page
    assert "secret_source" not in page and "only in Lab" not in page


def test_plotly_is_in_the_page_once_and_only_where_it_is_needed() -> None:
    two = html.page(_notebook(_figure(), _figure()), "A letter")
    none = html.page(_notebook(), "A letter")
    assert two.count('id="plotly"') == 1 and len(two) < 1_000_000 and len(none) < 20_000


def test_figure_of_a_rare_kind_brings_all_of_plotly() -> None:
    flow = {"type": "sankey", "link": {"source": [0], "target": [1], "value": [2]}}
    page = html.page(_notebook({html.FIGURE: {"data": [flow], "layout": {}}}), "A letter")
    assert "data-whole" in page and len(page) > 1_500_000


def test_page_names_no_other_host_to_fetch_from() -> None:
    page = html.page(_notebook(_figure()), "A letter")
    outside = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?!data:)", page)
    assert outside == []
    assert "default-src 'none'" in page


def test_text_of_a_figure_cannot_leave_its_script() -> None:
    page = html.page(_notebook(_figure(title=ATTACK)), ATTACK)
    assert "<script>owned=1" not in page and "<img src=x" not in page


def test_first_form_that_a_reader_can_use_is_shown() -> None:
    shown = {"text/plain": "plain", "text/html": "<p>rich</p>"}
    page = html.page(_notebook(shown, {"text/plain": "<plain>"}, {"image/png": "AAAA"}), "x")
    assert "<p>rich</p>" in page and "&lt;plain&gt;" in page
    assert 'src="data:image/png;base64,AAAA"' in page


@pytest.fixture(scope="module")
def page_file(tmp_path_factory) -> Path:
    needs_browser()
    figures = [_figure(title=f"Bars {ATTACK if n == 1 else n}", height=300) for n in range(3)]
    path = tmp_path_factory.mktemp("page") / "letter.html"
    path.write_text(html.page(_notebook(*figures), "A letter"), encoding="utf-8")
    return path


@pytest.mark.browser
def test_page_opens_with_the_network_cut_and_draws_its_figures(page_file: Path) -> None:
    with browser.chromium() as chromium:
        for width in (1440, 390):
            view = chromium.new_context(offline=True, viewport={"width": width, "height": 800})
            page = view.new_page()
            asked: list[str] = []
            wrong: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
            page.on("console", lambda said, wrong=wrong: wrong.append(said.text))
            page.goto(page_file.as_uri())
            page.evaluate("() => window.figuresDrawn")
            assert page.locator("figure .point path").count() == 6
            assert page.title() == "A letter"
            assert page.evaluate("typeof owned") == "undefined"
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
            assert wrong == []


@pytest.mark.browser
def test_pdf_has_the_figures_page_numbers_and_tags(page_file: Path) -> None:
    """Enough of the bars' own colour on the pages means that the figures are there."""
    import pypdfium2.raw as raw

    printed = print_page(page_file.read_text(encoding="utf-8"), picture=0)
    assert printed.picture.startswith(b"\x89PNG") and len(printed.picture) > 5_000
    document = pdfium.PdfDocument(printed.pdf)
    assert raw.FPDFCatalog_IsTagged(document.raw)
    ink = 0
    for number, page in enumerate(document, start=1):
        pixels = page.render(scale=1).to_numpy().astype(int)[:, :, :3]
        near = abs(pixels - [0x60, 0x10, 0xC0]).sum(axis=2) < 60  # pdfium has blue first
        ink += int(near.sum())
        assert f"{number} / {len(document)}" in page.get_textpage().get_text_bounded()
    # three figures, each with bars of about 40 % of 500 × 200 points, at half and full height
    assert ink > 3 * 0.5 * 0.4 * 500 * 150


@pytest.mark.browser
def test_no_page_of_a_hard_letter_is_half_empty_broken_or_unnamed(page_file: Path) -> None:
    page, tables = paper.hard()
    printed = print_page(page).pdf
    assert paper.faults(printed, tables, said=paper.MADE) == []
    assert len(paper.fill(printed)) > 6


def test_empty_pages_are_seen() -> None:
    blank, printed = pdfium.PdfDocument.new(), BytesIO()
    for _ in range(2):
        blank.new_page(595, 842)
    blank.save(printed)
    assert paper.fill(printed.getvalue()) == [0.0, 0.0]
    found = paper.faults(printed.getvalue(), said=paper.MADE)
    assert {"it has no tags", "page 1 of 2 is filled to 0%", "page 2 of 2 is filled to 0%"} <= {
        *found
    }


def test_picture_of_a_mail_is_the_figure_that_the_letter_names(monkeypatch, tmp_path) -> None:
    asked: list[int] = []

    def printed(_: str, *, pdf: bool, picture: int) -> Printed:
        asked.append(picture)
        return Printed(b"", b"picture")

    monkeypatch.setattr("hk_metrics.present.pdf.print_page", printed)
    facts = {outputs.FACTS: {"chart": "By day"}}
    for given in ((facts,), ()):
        notebook = _notebook(_figure(title="Why"), _figure(title="By day"), *given)
        outputs.write(outputs.content("x", "x", notebook), tmp_path, (), picture=True)
    assert asked == [1, 0]


@pytest.mark.browser
def test_missing_chromium_says_what_to_do(monkeypatch, page_file: Path) -> None:
    from hk_metrics.errors import MissingToolError

    monkeypatch.setenv(browser.VARIABLE, "/nowhere/chromium")
    with pytest.raises(MissingToolError, match="apt install chromium") as caught:
        print_page("<p>x</p>")
    assert browser.VARIABLE in str(caught.value)


def test_driver_that_does_not_start_says_what_it_lacks(monkeypatch, tmp_path: Path) -> None:
    from hk_metrics.errors import MissingToolError

    node = tmp_path / "node"
    lacking = "error while loading shared libraries: libatomic.so.1: cannot open shared object file"
    node.write_text(f"#!/bin/sh\necho 'node: {lacking}' >&2\nexit 127\n")
    node.chmod(0o755)
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    with pytest.raises(MissingToolError, match=re.escape(lacking)) as caught:
        print_page("<p>x</p>")
    assert "apt install libatomic1" in str(caught.value)


@pytest.mark.browser
def test_prints_beside_a_running_loop(page_file: Path) -> None:
    """A notebook's kernel runs a loop in the thread that asks for the PDF."""

    async def ask() -> bytes:
        return print_page("<title>x</title><p>x</p>").pdf

    assert asyncio.run(ask()).startswith(b"%PDF")
