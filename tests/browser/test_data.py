"""Data: bring files, correct what they are taken for, commit, undo; and what cannot be used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.serving import Server, serving
from hk_metrics.ingest import load
from hk_metrics.store import Store
from tests.browser.conftest import Opener
from tests.browser.reading import sentences
from tests.length import LONG, some
from tests.small_files import TRACKING, files
from tests.test_ingest_messy import SETS

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
    page = opened.show("page=roas&o.tab=credit")
    models = sentences(page, "What each model assumes")
    assert "Every journey has one touch: all models agree." in models
    page = opened.show("page=roas&o.tab=lift")
    methods = sentences(page, "What each method assumes")
    assert (
        methods.count("Only tracked orders are here (orders of no influencer on 0 of 121 days)")
        == 2
    )
    assert methods.count("Add the shop's total") == 2


@pytest.mark.parametrize("name", some(SETS, 2))
def test_messy_set_gives_its_totals(
    visit: Opener, empty: Server, shared_data: Path, name: str
) -> None:
    expected = SETS[name]
    opened = visit(empty.url)
    page = opened.open("page=data")
    bring(page, *sorted((shared_data / "messy" / name).iterdir()))
    page.get_by_role("button", name="Use this data").click()
    expect(page.get_by_role("button", name="Discard")).to_be_hidden(timeout=SLOW)
    opened.go("overview")
    shown = [opened.card(c).replace(",", "") for c in ("revenue", "spend", "orders", "reach")]
    money = [f"₹{amount:.2f}" for amount in (expected.revenue, expected.spend)]
    assert shown == [*money, str(expected.orders), str(expected.reach)]


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


def test_undo_goes_back(visit: Opener, empty: Server) -> None:
    opened = visit(empty.url)
    page = opened.open("page=data")
    for revenue in ("750", "800"):
        bring(page, *small(TRACKING.replace("750", revenue)))
        page.get_by_role("button", name="Use this data").click()
        expect(page.get_by_role("button", name="Discard")).to_be_hidden(timeout=SLOW)
        opened.idle()  # the page is made anew for the data, its place for files with it
    expect(page.get_by_role("heading", name="History of imports")).to_be_visible()
    page.get_by_role("button", name="Undo the last import").click()
    opened.go("overview")
    # 300 + 500 + 400 + 250 + 750, and 50 more before the undo.
    assert opened.card("revenue") == "₹2,200.00"


def test_other_tab_learns_of_an_import_and_shows_it(visit: Opener, empty: Server) -> None:
    Store(empty.store).commit(load(files()))
    opened = visit(empty.url)
    page = opened.open("page=overview")
    Store(empty.store).commit(load(files(tracking_data=TRACKING.replace("750", "900"))), by="Bo")
    banner = page.locator("#hk-banner")
    expect(banner).to_contain_text("New data was imported at", timeout=SLOW)
    expect(banner).to_contain_text("by Bo.")
    banner.get_by_role("button", name="Show it").click()
    revenue = page.locator("[data-card=revenue]:visible").first
    # 300 + 500 + 400 + 250 + 900
    expect(revenue).to_have_attribute("aria-label", re.compile(r"₹2,350\.00$"), timeout=SLOW)
    Store(empty.store).undo()
    expect(banner).to_contain_text("The last import was undone at", timeout=SLOW)


def test_sample_and_last_import_open_in_turn(visit: Opener, empty: Server) -> None:
    opened = visit(empty.url)
    page = opened.open("page=data")
    bring(page, *small(TRACKING))
    page.get_by_role("button", name="Add to the data in use").click()
    expect(page.get_by_role("button", name="Discard")).to_be_hidden(timeout=SLOW)
    page.get_by_role("button", name="Open the sample").click()
    opened.idle()
    expect(page.get_by_text("This is generated sample data.")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Open the last import").click()
    expect(page.get_by_text("This is generated sample data.")).to_have_count(0, timeout=SLOW)


def test_rejected_rows_download_with_their_reason(visit: Opener, empty: Server) -> None:
    opened = visit(empty.url)
    page = opened.open("page=data")
    bring(page, *small(TRACKING + "SwipeUp,Fit,99,u9,Whey,2025-03-21,1,999\n"))
    page.get_by_role("button", name="Use this data, without 1 row").click()
    expect(page.get_by_text("1 row left out.")).to_be_visible(timeout=SLOW)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download them").click()
    assert download.value.suggested_filename == "rejected_tracking_data.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "no such influencer" in text and "999" in text


@pytest.mark.skipif(not LONG, reason="`make long` reads a hundred megabytes")
def test_hundred_megabytes_are_read_with_progress(
    visit: Opener, empty: Server, tmp_path: Path
) -> None:
    rows = 1_560_000
    row = "SwipeUp,Fit,2,a_customer_with_a_rather_long_id,Omega,2025-03-20,1,750\n"
    big = tmp_path / "tracking_data.csv"
    big.write_text(TRACKING.splitlines()[0] + "\n" + row * rows)
    assert big.stat().st_size > 100_000_000
    opened = visit(empty.url)
    page = opened.open("page=data")
    page.evaluate("""() => {
      globalThis.said = new Set();
      const say = document.querySelector(".hk-upload-say");
      new MutationObserver(() => said.add(say.textContent)).observe(say, { childList: true });
    }""")
    page.locator("input[type=file]").set_input_files(big)
    expect(page.get_by_role("button", name="Discard")).to_be_visible(timeout=10 * SLOW)
    said = page.evaluate("[...said]")
    assert sum(words.startswith("Sending tracking_data.csv, ") for words in said) > 20
    assert any(words.startswith("Reading the values of tracking_data.csv") for words in said)
    expect(page.get_by_text("15,60,000")).not_to_have_count(0)
    page.get_by_role("button", name="Discard").click()


def small(tracking: str) -> list[dict[str, object]]:
    """The worked example with other tracked events."""
    made = files(tracking_data=tracking)
    return [file(name, content) for name, content in made.items()]
