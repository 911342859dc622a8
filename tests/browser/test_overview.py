"""Overview: what came of the money, by day, by everything, and in words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from hk_metrics.dataset import Dataset
from hk_metrics.incrementality import best
from hk_metrics.insights import insights
from hk_metrics.ui.pages.overview import KEY_FIGURES
from tests.browser.conftest import Opener, Visit
from tests.browser.reading import amount, figure_rows, panel, sentences

MONTH = {"date": ("2025-04-01", "2025-04-30"), "platform": "Instagram"}
QUERY = "from=2025-04-01&to=2025-04-30&platform=Instagram"


def test_every_card_equals_the_library(tour: Visit, sample: Dataset) -> None:
    tour.show(QUERY)
    view = sample.view(**MONTH)
    method = best(view, sales=sample.tables.get("daily_sales")).method
    totals = sample.view(lift=method, **MONTH).totals(list(KEY_FIGURES))
    page = tour.page
    card = page.locator("[data-card=incremental_roas]:visible").first
    expect(card).not_to_contain_text("…")
    for name in KEY_FIGURES:
        told = tour.card(name)
        value = amount(told) / 100 if told.endswith("%") else amount(told)
        assert value == pytest.approx(totals[name], abs=0.005, rel=1e-9), name


def test_breakdowns_equal_the_library(tour: Visit, sample: Dataset) -> None:
    page = tour.show(QUERY)
    view = sample.view(**MONTH)
    for dimension in ("platform", "brand", "source", "campaign"):
        rows = figure_rows(page, f"Revenue by {dimension}")
        told = {r[0]: amount(r[1]) for r in rows if amount(r[1])}
        wanted = view.by(dimension, ["revenue"])["revenue"]
        wanted = wanted[wanted != 0]
        assert sum(told.values()) == pytest.approx(wanted.sum(), abs=0.005 * len(told))
        assert told == pytest.approx(wanted[wanted.index.isin(told)].to_dict(), abs=0.005)
    days = view.trend("D", ["revenue", "spend"])
    rows = figure_rows(page, "Revenue and spend by day")
    assert [amount(r[1]) for r in rows] == pytest.approx(days["revenue"].tolist(), abs=0.005)
    assert [amount(r[2]) for r in rows] == pytest.approx(days["spend"].tolist(), abs=0.005)


def test_best_and_worst_influencers_by_roas(tour: Visit, sample: Dataset) -> None:
    page = tour.show("period=all")
    people = sample.view().by("influencer_id", ["roas", "orders", "spend"])
    known = people[(people["orders"] >= 5) & (people["spend"] > 0)]["roas"].sort_values()
    told = [amount(r[1]) for r in figure_rows(page, "Best and worst influencers")]
    ends = [*known.iloc[:5], *known.iloc[-5:]]
    assert sorted(told) == pytest.approx(sorted(ends), abs=0.005)


def test_sentences_are_the_librarys_and_lead_to_their_evidence(
    tour: Visit, sample: Dataset
) -> None:
    page = tour.show("period=all")
    said = insights(sample.view(), None)
    verdict = sentences(page, "What changed and why").splitlines()
    told = [*verdict, *sentences(page, "More to know").splitlines()]
    assert len(verdict) == 1 and 5 <= len(told) <= 8
    assert [t.removesuffix(" Show") for t in told] == [s.text for s in said]
    # Without a comparison there is nothing to explain, and no empty box.
    assert page.locator(".hk-panel-title:visible", has_text="Why revenue").count() == 0
    panel(page, "More to know").get_by_role("button", name="Show").first.click()
    expect(page).to_have_url(re.compile("page=influencers"))
    expect(page.locator(".hk-nav a[aria-current=page]")).to_have_text("Influencers")


def test_change_is_told_against_the_period_before(tour: Visit, sample: Dataset) -> None:
    page = tour.show("from=2025-04-11&to=2025-04-20")
    now = sample.view(date=("2025-04-11", "2025-04-20")).totals(["revenue"])["revenue"]
    then = sample.view(date=("2025-04-01", "2025-04-10")).totals(["revenue"])["revenue"]
    shown = page.locator("[data-card=revenue]:visible .hk-delta").first
    assert amount(shown.inner_text().lstrip("+▲▼−- ")) == pytest.approx(
        abs(now / then - 1) * 100, abs=0.06
    )
    assert f"{then:.2f}" in str(shown.get_attribute("title")).replace(",", "")


def test_action_is_taken_on_with_owner_and_day_and_given_back(tour: Visit) -> None:
    page = tour.show("brand=Gritzo")  # no period is named: what the Overview opens on
    expect(page.locator(".hk-lead:visible")).to_contain_text("compared with")
    todo = panel(page, "What to do now").locator("li")
    action = str(todo.first.locator("span").first.inner_text()).removesuffix(" Show")
    todo.first.locator("summary").click()
    todo.first.get_by_placeholder("Owner").fill("Asha <b>Rao</b>")
    todo.first.get_by_label("Day for").fill("2025-07-07")
    todo.first.get_by_role("button", name="Accept").click()
    became = panel(page, "What became of last time's").locator("li").first
    expect(became).to_contain_text("Asha <b>Rao</b> by 7 Jul 2025.")
    expect(became).to_contain_text(action.partition(" Worth")[0])
    expect(todo.filter(has_text=action)).to_have_count(0)
    became.get_by_role("button", name="Take back").click()
    expect(todo.filter(has_text=action)).to_have_count(1)


def test_hints_help_a_first_visit_once(visit: Opener) -> None:
    opened = visit()
    page = opened.open()
    hints = page.locator(".hk-hints:visible")
    expect(hints.get_by_role("listitem")).to_have_count(3)
    opened.go("campaigns")
    opened.go("overview")
    expect(hints).to_have_count(1)  # until it is put away, or the page is opened anew
    page.get_by_role("button", name="Got it").click()
    expect(hints).to_have_count(0)
    opened.open()
    expect(hints).to_have_count(0)
    other = visit()
    expect(other.open().locator(".hk-hints:visible")).to_have_count(1)
    other.open()
    expect(other.page.locator(".hk-hints:visible")).to_have_count(0)
