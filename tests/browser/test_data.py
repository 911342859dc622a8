"""Data: bring files, correct what they are taken for, commit, undo; and what cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.serving import Server, serving
from tests.browser.conftest import Opener
from tests.browser.reading import sentences

SLOW = 60_000


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard of its own, as these tests change what is open."""
    with serving(tmp_path_factory.mktemp("data"), "--pool", "1") as started:
        yield started


def bring(page: Page, *files: Path | dict[str, object]) -> None:
    """Give files to the page."""
    page.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Discard")).to_be_visible(timeout=SLOW)


def file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def test_reference_files_give_expected_cards(visit: Opener, empty: Server, reference: Path) -> None:
    expected = json.loads((reference / "expected.json").read_text())
    opened = visit(empty.url)
    page = opened.open("page=data")
    bring(page, *sorted(reference.glob("*.csv")))
    expect(page.get_by_text("Every row is used as it came.")).to_be_visible()
    page.get_by_role("button", name="Use this data").click()
    expect(page.locator(".hk-facts")).to_contain_text("19,009 rows", timeout=SLOW)
    opened.go("overview")
    assert opened.card("revenue").replace(",", "") == f"₹{expected['totals']['revenue']:.2f}"
    assert opened.card("spend").replace(",", "") == f"₹{expected['totals']['spend']:.2f}"
    assert opened.card("orders").replace(",", "") == f"{expected['totals']['orders']:.0f}"
    assert page.get_by_text("This is generated sample data.").count() == 0
    opened.go("roas")
    models = sentences(page, "What each model assumes")
    assert "Every journey has one touch: all models agree." in models
    methods = sentences(page, "What each method assumes")
    assert methods.count("Only tracked orders are here (organic ones on 0 of 121 days)") == 2
    assert methods.count("Add the shop's total") == 2


def test_messy_files_ask_and_take_answers(visit: Opener, empty: Server, shared_data: Path) -> None:
    page = visit(empty.url).open("page=data")
    bring(page, *sorted((shared_data / "messy" / "title-case-dmy-bom").glob("*.csv")))
    expect(page.get_by_text("to decide")).to_be_visible()
    page.get_by_label("month first").first.check()
    expect(page.locator(".hk-plan-file").first).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(".hk-plan-file").first).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "PNG"),
        ("empty.csv", b"", "empty"),
        ("posts.csv", b"influencer_id,platform,date,url,caption,reach,likes,comments\n"
                      b"1,Instagram,2025-03-01,u,c,many,1,1\n", "many"),
    ],
)  # fmt: skip
def test_bad_files_are_explained_and_change_nothing(
    visit: Opener, empty: Server, name: str, content: bytes, words: str
) -> None:
    opened = visit(empty.url)
    page = opened.open()
    before = opened.card("revenue")
    opened.go("data")
    bring(page, file(name, content))
    expect(page.locator(".hk-list:visible", has_text=words).first).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    opened.go("overview")
    assert opened.card("revenue") == before


def test_too_large_upload_is_refused_before_sending(visit: Opener, empty: Server) -> None:
    page = visit(empty.url).open("page=data")
    page.evaluate("""() => {
      const input = document.querySelector("input[type=file]");
      const huge = new File(["x"], "huge.csv");
      Object.defineProperty(huge, "size", { value: 5e9 });
      Object.defineProperty(input, "files", { value: [huge], configurable: true });
      input.dispatchEvent(new Event("change"));
    }""")
    expect(page.locator(".hk-upload-say")).to_contain_text("more than the")


def test_templates_download(visit: Opener, empty: Server) -> None:
    page = visit(empty.url).open("page=data")
    with page.expect_download() as download:
        page.get_by_role("button", name="Payouts", exact=True).click()
    assert download.value.suggested_filename == "payouts.csv"
    assert Path(download.value.path()).read_text().startswith("influencer_id,basis,rate")


def test_undo_goes_back(visit: Opener, empty: Server, reference: Path) -> None:
    opened = visit(empty.url)
    page = opened.open("page=data")
    bring(page, *sorted(reference.glob("*.csv")))
    page.get_by_role("button", name="Add to the data in use").click()
    expect(page.get_by_role("button", name="Discard")).to_be_hidden(timeout=SLOW)
    page.get_by_role("button", name="Open the sample").click()
    opened.idle()
    expect(page.get_by_text("This is generated sample data.")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Open the last import").click()
    expect(page.get_by_text("This is generated sample data.")).to_have_count(0, timeout=SLOW)
