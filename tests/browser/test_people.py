"""People who have signed in: who they are, what others do meanwhile, and how they leave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serving import READY, WINDOW, Server, idle, serving
from hk_metrics.access import TokenFile
from tests.browser.test_data import SLOW, bring, file
from tests.small_files import TRACKING, files


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """A dashboard behind tokens, and the token of each person."""
    folder = tmp_path_factory.mktemp("team")
    tokens = TokenFile(folder / "tokens.json")
    given = {name: tokens.add(name, role, {}) for name, role in (("Asha", "editor"),
                                                                 ("Bo", "viewer"))}  # fmt: skip
    with serving(folder, "--pool", "2", "--tokens", str(tokens.path)) as started:
        yield started, given


def signed_in(browser: Browser, server: Server, token: str) -> Page:
    page = browser.new_context(viewport=WINDOW).new_page()
    page.goto(f"{server.url}?token={token}&page=data", wait_until="commit")
    page.wait_for_function(READY, timeout=SLOW)
    idle(page)
    return page


def used(page: Page, revenue: str) -> None:
    """Bring the small files with another revenue, and use them."""
    tables = files(tracking_data=TRACKING.replace("750", revenue))
    bring(page, *(file(name, content) for name, content in tables.items()))
    page.get_by_role("button", name="Use this data").click()
    expect(page.get_by_role("button", name="Discard")).to_be_hidden(timeout=SLOW)
    idle(page)


def test_people_see_who_did_what_and_leave_for_good(
    browser: Browser, team: tuple[Server, dict[str, str]]
) -> None:
    server, given = team
    asha, bo = (signed_in(browser, server, given[name]) for name in ("Asha", "Bo"))
    banner = bo.locator("#hk-banner:visible")
    history = bo.locator(".hk-table", has=bo.get_by_role("heading", name="History of imports"))

    used(asha, "750")
    expect(banner).to_contain_text("by Asha.", timeout=SLOW)
    banner.get_by_role("button", name="Show it").click()
    expect(banner).to_be_hidden()
    used(asha, "700")
    expect(banner).to_contain_text("New data was imported at", timeout=SLOW)
    asha.get_by_role("button", name="Undo the last import").click()
    expect(banner).to_contain_text("The last import was undone at", timeout=SLOW)
    expect(banner).to_contain_text("by Asha.")
    banner.get_by_role("button", name="Show it").click()
    rows = history.locator("tbody tr")
    expect(rows).to_have_count(3, timeout=SLOW)
    did = ("Undone, back to", "Imported, replaced", "Imported, replaced")
    for row, words in zip(rows.all(), did, strict=True):
        expect(row).to_contain_text(words)
        expect(row).to_contain_text("Asha")

    bo.get_by_role("button", name="Signed in as Bo").click()
    expect(bo.get_by_text("Bo: viewer, sees everything")).to_be_visible()
    cookies = bo.context.cookies()
    bo.get_by_role("button", name="Sign out").click()
    expect(bo.get_by_role("heading", name="You are signed out")).to_be_visible(timeout=SLOW)
    # A copy of the cookie opens nothing either, and the other person's page lives on.
    bo.context.add_cookies(cookies)
    bo.goto(server.url)
    expect(bo.get_by_label("Your token")).to_be_visible()
    asha.evaluate("hkMetrics.visit('page=overview')")
    idle(asha)
    expect(asha.get_by_role("button", name="Signed in as Asha")).to_be_visible()
