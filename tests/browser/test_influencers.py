"""Influencers: ranking, score, quadrants, breakdowns, and one influencer's page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from hk_metrics.dataset import Dataset
from tests.browser.conftest import Visit
from tests.browser.reading import amount, column, figure_rows, grid_rows, panel, sentences


def test_ranking_is_sorted_by_certainty_and_can_be_sorted_by_all(
    tour: Visit, sample: Dataset
) -> None:
    import hk_metrics as hk

    page = tour.show("page=influencers")
    best = sample.tables["influencers"].filter(id=hk.rank(sample.view()).index[0])["name"][0]
    assert column(page, "Ranking", "Influencer")[0] == best
    for name in ("Score", "ROAS, lasting", "ROI", "Revenue", "Engagement rate"):
        head = panel(page, "Ranking").locator("thead th", has_text=re.compile(f"^{name}")).first
        head.get_by_role("button", name=name).first.click()
        tour.idle()
        values = [amount(v) for v in column(page, "Ranking", name) if v != "—"]
        assert values == sorted(values, reverse=True)


def test_ranking_is_searched(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=influencers")
    name = sample.tables["influencers"]["name"][0]
    panel(page, "Ranking").get_by_role("searchbox").fill(name)
    expect(panel(page, "Ranking").locator("tbody tr")).to_have_count(
        sample.tables["influencers"].filter(name=name).height
    )


def test_ranking_shows_segments_intervals_and_few_orders(tour: Visit) -> None:
    page = tour.show("page=influencers")
    assert set(column(page, "Ranking", "Segment")) <= {"high", "good", "break-even", "loss", "—"}
    assert re.fullmatch(r"[\d.]+× – [\d.]+×", column(page, "Ranking", "90 % interval")[0])
    ends = figure_rows(page, "Best and poorest")
    assert len(ends) == 12


def test_score_follows_its_weights_which_sum_to_100_and_sort(tour: Visit) -> None:
    page = tour.show("page=influencers")
    before = column(page, "Ranking", "Score")
    slider = page.get_by_role("slider", name="Revenue")
    expect(slider).to_be_hidden()
    page.locator(".hk-weights:visible summary").click()
    slider.fill("100")
    tour.idle()
    scores = column(page, "Ranking", "Score")
    assert scores != before
    assert [int(v) for v in scores] == sorted((int(v) for v in scores), reverse=True)
    revenues = [amount(v) for v in column(page, "Ranking", "Revenue")]
    assert revenues[0] == max(revenues)
    page.get_by_role("slider", name="ROAS").fill("30")
    tour.idle()
    expect(page).to_have_url(re.compile("o.score=revenue%3A70%2Croas%3A30%2C"))
    now = [int(v) for v in page.locator(".hk-weight:visible output").all_text_contents()]
    assert now == [70, 30, 0, 0]
    expect(page.locator(".hk-weights:visible summary")).to_contain_text("Revenue 70 · ROAS 30")


def test_quadrants_count_every_influencer(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=influencers")
    plot = panel(page, "Engagement and ROI")
    plot.scroll_into_view_if_needed()
    expect(plot.locator(".annotation-text").first).to_be_visible()
    words = plot.locator(".annotation-text").all_text_contents()
    known = sample.view().by("influencer_id", ["engagement_rate", "roi"]).dropna()
    assert sum(int(w.split()[0]) for w in words) == len(known)


def test_breakdowns_equal_the_library(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=influencers")
    for dimension in ("platform", "category", "gender", "tier", "persona"):
        page.get_by_label("Compare by").select_option(dimension)
        tour.idle()
        rows = {r[0]: amount(r[1]) for r in figure_rows(page, f"Revenue by {dimension}")}
        wanted = sample.view().by(dimension, ["revenue"])["revenue"]
        wanted = wanted.drop("(none)", errors="ignore")
        assert rows == pytest.approx(wanted.to_dict(), abs=0.01)
        people = [amount(r[1]) for r in figure_rows(page, f"Influencers by {dimension}")]
        assert sum(people) == sample.tables["influencers"].height


def test_followers_filter_narrows(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=influencers&followers=100000-")
    view = sample.view(follower_count=(100_000, None))
    wanted = view.totals(["revenue"])["revenue"]
    assert amount(tour.card("revenue")) == pytest.approx(wanted, abs=0.005)
    points = figure_rows(page, "Followers and revenue")
    assert min(amount(r[2]) for r in points) >= 100_000


def test_distribution_of_roi_counts_those_with_spend(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=influencers")
    rows = figure_rows(page, "ROI of influencers")
    known = sample.view().by("influencer_id", ["roi"])["roi"].dropna()
    assert sum(amount(r[1]) for r in rows) == len(known)


def test_one_influencer_has_a_page(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=influencers")
    name = column(page, "Ranking", "Influencer")[0]
    panel(page, "Ranking").get_by_role("button", name=name).first.click()
    tour.idle()
    key = sample.tables["influencers"].filter(name=name)["id"][0]
    wanted = sample.view(influencer_id=key).totals(["revenue", "posts"])
    expect(page.get_by_text(f"Influencer {key}")).to_be_visible()
    assert amount(tour.card("revenue")) == pytest.approx(wanted["revenue"], abs=0.005)
    told = sentences(page, "How sure")
    assert "by the ROAS that lasts" in told
    assert "incremental ROAS" in told or "Lift is not told" in told
    expect(panel(page, "Posts")).to_contain_text(f"of {wanted['posts']:.0f} posts")
    for title in ("Orders by day", "Revenue by product", "Revenue by code", f"Statement of {name}"):
        panel(page, title)


def test_a_peer_takes_the_place_of_the_influencer(tour: Visit, sample: Dataset) -> None:
    page = tour.show(f"page=influencers&influencer_id={sample.tables['influencers']['id'][0]}")
    peer = grid_rows(page, "Peers")[1][0]
    panel(page, "Peers").get_by_role("button", name=peer).click()
    expect(page.locator(".hk-chip")).to_have_text(f"Influencer: {peer}×")
    page.get_by_role("button", name="All influencers").click()
    expect(page.locator(".hk-chip")).to_have_count(0)
    panel(page, "Ranking")


def test_filters_narrow(tour: Visit, sample: Dataset) -> None:
    tour.show("page=influencers")
    chosen: dict[str, str] = {}
    for name, value in (("category", "Fitness"), ("platform", "Instagram"), ("gender", "Female")):
        tour.filter(name, value)
        chosen[name] = value
        wanted = sample.view(**chosen).totals(["revenue"])["revenue"]
        assert amount(tour.card("revenue")) == pytest.approx(wanted, abs=0.005)


def test_team_notes_a_day_tags_and_sets_side_by_side(tour: Visit) -> None:
    page = tour.show("period=all")
    notes = panel(page, "Notes on days")
    notes.get_by_label("Day of the note").fill("2025-02-10")
    notes.get_by_label("What happened").fill("<b>price</b> rise")
    notes.get_by_role("button", name="Pin note").click()
    tour.idle()
    expect(panel(page, "Revenue and spend by day").locator(".hk-note")).to_contain_text(
        "1) 10 Feb 2025: <b>price</b> rise."
    )
    mark = panel(page, "Revenue and spend by day").locator(".hk-stage .textpoint")
    expect(mark).to_have_text("1")
    page.get_by_label("Delete: <b>price</b> rise").click()
    tour.idle()
    expect(mark).to_have_count(0)
    tour.show("page=influencers")
    table = panel(page, "Ranking")
    names = column(page, "Ranking", "Influencer")[:2]
    for name in names:
        table.get_by_label(f"Choose {name}").first.check()
    table.get_by_label("Tag of those chosen").fill("summer list")
    table.get_by_role("button", name="Tag", exact=True).click()
    tour.idle()
    tour.filter("tag", "summer list")
    expect(page.locator(".hk-chip")).to_have_text("Tag: summer list×")
    assert sorted(column(page, "Ranking", "Influencer")) == sorted(names)
    for name in names:
        table.get_by_label(f"Choose {name}").first.check()
    table.get_by_role("button", name="Side by side").click()
    tour.idle()
    heads = panel(page, "Side by side").locator("thead th").all_inner_texts()
    assert sorted(h.strip() for h in heads[1:]) == sorted(names)
    expect(table).to_be_hidden()
    tour.show("page=influencers&tag=summer%20list")
    for name in names:
        table.get_by_label(f"Choose {name}").first.check()
    table.get_by_label("Tag of those chosen").fill("summer list")
    table.get_by_role("button", name="Remove tag").click()
    tour.idle()
    expect(page.locator("details[data-facet=tag]")).to_have_count(0)
