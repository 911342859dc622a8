"""Posts: the feed, when posts engage, hashtags and captions, and ads that do not say so."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from hk_metrics.dataset import Dataset
from hk_metrics.posts.compared import RATES
from hk_metrics.posts.feed import posts
from hk_metrics.posts.stats import by_hashtag, by_time, groups
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
    rows = figure_rows(page, "When posts do well")
    times = by_time(posts(sample))
    assert len(rows) == len(times)
    assert sum(amount(r[2]) for r in rows) == times["posts"].sum()


@pytest.mark.parametrize("name", RATES)
def test_hashtags_and_lengths_have_intervals(tour: Visit, sample: Dataset, name: str) -> None:
    page = tour.show(f"page=posts&o.posts_by={name}")
    wanted = by_hashtag(posts(sample), rate=RATES[name]).head(12)
    rows = {r[0]: [amount(v) for v in r[1:]] for r in figure_rows(page, "The 12 hashtags")}
    assert set(rows) == set(wanted.index)
    scale = 100 if name == "engagement_rate" else 1
    for tag, row in wanted.iterrows():
        told = scale * row[["estimate", "lower", "upper"]]
        assert rows[str(tag)] == pytest.approx(told.tolist(), rel=0.005, abs=0.06)
    lengths = [r[0] for r in figure_rows(page, "Length of captions")]
    assert lengths[0] == "under 60"
    told = sentences(page, "What stands out")
    found = groups(posts(sample), RATES[name])
    sure = found["hashtag"].query("stands_out")
    apart = (sure["estimate"] - sure["rest"]).abs().sort_values(ascending=False)
    named = set(re.findall(r"^(#\w+): ", told, re.M))
    assert named == set(apart.index[:3])
    none = not any(table["stands_out"].any() for table in found.values())
    assert ("stands out from what chance" in told) == none


def test_unusual_posts_are_for_review(tour: Visit) -> None:
    page = tour.show("page=posts")
    expect(panel(page, "To review")).to_contain_text("innocent explanation")


def test_day_without_posts_is_said(tour: Visit) -> None:
    page = tour.show("page=posts&from=2030-01-01&to=2030-01-02")
    assert "no posts in this view" in sentences(page, "What stands out")
    expect(panel(page, "When posts do well")).to_contain_text("No posts")
