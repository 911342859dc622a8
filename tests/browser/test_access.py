"""Access: no serious finding by axe in any theme or width, and everything by keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Visit
from tests.browser.reading import panel
from tests.length import LONG

QUERIES = (
    "", "page=campaigns", "page=influencers", "page=influencers&influencer_id=INF001",
    "page=influencers&influencer_id=INF001&influencer_id=INF002",
    "page=posts", "page=payouts", "page=roas", "page=roas&o.tab=lift",
    "page=roas&o.tab=credit", "page=roas&o.tab=plan", "page=data",
)  # fmt: skip
SIZES = {1440: 900, 390: 844}
SERIOUS = ("serious", "critical")

# Drawings are one labelled image each to axe; rows of a table are like the first of them.
LEFT_OUT = {"exclude": [[".hk-stage"], ["tbody tr:nth-child(n+5)"]]}
# The nodes that pass are many, and nobody reads them here: their rules are counted in the page.
# Pages out of sight are taken out meanwhile: axe would walk all their elements each time.
LOOK = """async (context) => {
    const away = [...document.querySelectorAll(".hk-main > .hk-hidden")].map((page) => {
      const place = document.createComment("");
      page.replaceWith(place);
      return () => place.replaceWith(page);
    });
    const told = await axe.run(context, { resultTypes: ["violations"], preload: false });
    away.forEach((back) => back());
    return { passes: told.passes.length, violations: told.violations };
}"""


def findings(page: Page) -> list[str]:
    """Return what axe holds against a page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    told = page.evaluate(LOOK, LEFT_OUT)
    assert told["passes"] + len(told["violations"]) > 20
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in told["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """Return by how much a page is wider than its window."""
    pixels = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{pixels} px wider than the window"] if pixels > 0 else []


# Each width and each theme once; in the long run, each width in each theme.
LOOKS = [(1440, "light"), (390, "dark")]
if LONG:
    LOOKS += [(1440, "dark"), (390, "light")]


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_axe_finds_nothing_serious(visit: Opener, width: int, theme: str) -> None:
    opened = visit(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=theme, reduced_motion="reduce",
    )  # fmt: skip
    page = opened.open()
    # The tabs are made of the same parts: at one width in the short run.
    queries = [q for q in QUERIES if LONG or width > 860 or "o.tab" not in q]
    found = {query: findings(opened.show(query)) + overflow(page) for query in queries}
    opened.show("brand=Gritzo&period=last_28")
    if width < 860:
        page.get_by_role("button", name="Filters").click()
    page.locator("details[data-facet=platform] summary").click()
    found["rail"] = findings(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Export", exact=True).click()
    found["menu"] = findings(page)
    assert not {what: found[what] for what in found if found[what]}


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, text: str, most: int = 90) -> None:
    """Press Tab until what has the focus says the text."""
    said = "(document.activeElement.ariaLabel ?? '') + document.activeElement.textContent"
    for _ in range(most):
        page.keyboard.press("Tab")
        if str(page.evaluate(said)).strip().startswith(text):
            return
    raise AssertionError(f"Tab does not reach {text!r}")


def test_page_is_used_by_keyboard_alone(visit: Opener) -> None:
    opened = visit()
    page = opened.open()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the numbers")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('hk-main')")
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "Influencers")
    page.keyboard.press("Enter")
    expect(page.locator(".hk-nav a[aria-current=page]")).to_have_text("Influencers")
    opened.idle()
    tab_to(page, "MuscleBlaze")
    page.keyboard.press("Space")
    expect(page.locator(".hk-chip")).to_have_text("Brand: MuscleBlaze×")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "MuscleBlaze")
    opened.idle()
    tab_to(page, "Remove Brand: MuscleBlaze")
    page.keyboard.press("Enter")
    expect(page.locator(".hk-chip")).to_have_count(0)
    opened.idle()
    panel(page, "Ranking").get_by_role("searchbox").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className === 'hk-cell-link'"):
            break
    name = page.locator(":focus").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".hk-chip")).to_have_text(f"Influencer: {name}×")


def test_menus_and_tips_close_with_escape_and_give_the_focus_back(tour: Visit) -> None:
    page = tour.show()
    for label in ("Export", "Saved views"):
        opener = page.get_by_role("button", name=label, exact=True)
        opener.focus()
        page.keyboard.press("Enter")
        expect(opener).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(opener).to_have_attribute("aria-expanded", "false")
        expect(opener).to_be_focused()


def test_drawer_gives_the_focus_back(visit: Opener) -> None:
    page = visit(viewport={"width": 390, "height": 844}).open()
    opener = page.get_by_role("button", name="Filters")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Period")).to_be_visible()
    assert page.evaluate("!!document.activeElement.closest('.hk-rail')")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Period")).to_be_hidden()
    expect(opener).to_be_focused()
