"""Posts: the feed, when posts engage, hashtags and captions, and ads that do not say so."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from hk_metrics.dataset import Dataset
from hk_metrics.posts.feed import posts
from hk_metrics.posts.stats import by_hashtag, by_time
from tests.browser.conftest import Visit
from tests.browser.reading import amount, column, figure_rows, panel, sentences

COLUMNS = ("Reach", "Revenue", "Cost", "ROAS")


def test_cards_equal_the_library(tour: Visit, sample: Dataset) -> None:
    tour.show("page=posts")
    totals = sample.view().totals(["posts", "reach", "revenue_per_post"])
    assert amount(tour.card("posts")) == totals["posts"]
    assert amount(tour.card("reach")) == totals["reach"]
    wanted = pytest.approx(totals["revenue_per_post"], abs=0.005)
    assert amount(tour.card("revenue_per_post")) == wanted


def test_feed_tells_what_followed_each_post(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=posts")
    best = posts(sample).iloc[0]
    first = {name: amount(column(page, "Feed", name)[0]) for name in COLUMNS}
    wanted = dict(zip(COLUMNS, best[["reach", "revenue", "cost", "roas"]], strict=True))
    # Tables write large amounts in whole rupees.
    assert first == pytest.approx(wanted, rel=1e-3)


def test_feed_shows_missing_disclosures(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=posts")
    missing = int(posts(sample)["disclosed"].eq(False).sum())
    assert f"{missing:,} posts" in sentences(page, "What stands out")
    page.get_by_role("button", name="No ad disclosure").click()
    tour.idle()
    expect(panel(page, "Feed")).to_contain_text(f"{missing:,} of ")
    assert set(column(page, "Feed", "Disclosure")) == {"missing"}


def test_times_are_a_map_of_the_week(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=posts")
    rows = figure_rows(page, "When posts engage")
    times = by_time(posts(sample))
    assert len(rows) == len(times)
    assert sum(amount(r[2]) for r in rows) == times["posts"].sum()


def test_hashtags_and_lengths_stand_against_engagement(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=posts")
    tags = [r[0] for r in figure_rows(page, "Engagement by hashtag")]
    assert set(tags) == set(by_hashtag(posts(sample)).index[:12])
    lengths = [r[0] for r in figure_rows(page, "Engagement by caption length")]
    assert lengths[0] == "under 60"


def test_unusual_posts_are_for_review(tour: Visit) -> None:
    page = tour.show("page=posts")
    expect(panel(page, "To review")).to_contain_text("innocent explanation")


def test_day_without_posts_is_said(tour: Visit) -> None:
    page = tour.show("page=posts&from=2030-01-01&to=2030-01-02")
    assert "no posts in this view" in sentences(page, "What stands out")
    expect(panel(page, "When posts engage")).to_contain_text("No posts")
