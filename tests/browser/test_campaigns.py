"""Campaigns and brands: filters, key figures, whom they reached, when they sold, and who did."""

from __future__ import annotations

import pandas as pd
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.posts.feed import posts
from tests.browser.conftest import Visit
from tests.browser.reading import amount, exact, figure_rows, panel

KEY_FIGURES = {"revenue": 0.005, "spend": 0.005, "roas": 5e-5, "reach": 0.5, "engagement_rate": 5e-5}  # fmt: skip


def card(tour: Visit, name: str) -> float:
    text = tour.card(name)
    return amount(text) / 100 if text.endswith("%") else amount(text)


def test_cards_equal_the_library_under_each_filter(tour: Visit, sample: Dataset) -> None:
    queries = {
        "": {},
        "&platform=Instagram": {"platform": "Instagram"},
        "&campaign=HKFitBlast": {"campaign": "HKFitBlast"},
        "&from=2025-04-01&to=2025-04-30": {"date": ("2025-04-01", "2025-04-30")},
        "&brand=Gritzo&platform=YouTube": {"brand": "Gritzo", "platform": "YouTube"},
    }
    for query, filters in queries.items():
        tour.show(f"page=campaigns{query}")
        wanted = sample.view(**filters).totals(list(KEY_FIGURES))
        for name, room in KEY_FIGURES.items():
            assert card(tour, name) == pytest.approx(wanted[name], abs=room), (query, name)


def test_figures_equal_the_library(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=campaigns")
    money = ["revenue", "spend"]
    for dimension in ("campaign", "brand"):
        wanted = sample.view().by(dimension, money)
        for name, *told in figure_rows(page, f"Revenue and spend by {dimension}"):
            assert [amount(t) for t in told] == pytest.approx(wanted.loc[name].tolist(), abs=0.005)
    reach = {r[0]: amount(r[1]) for r in figure_rows(page, "Reach by platform")}
    assert reach == pytest.approx(sample.view().by("platform", ["reach"])["reach"].to_dict())
    points = figure_rows(page, "Reach and likes")
    feed = posts(sample)
    assert {amount(r[2]) for r in points} <= set(feed["reach"])
    assert len(points) == min(400, len(feed))


def test_trend_holds_every_day_of_every_campaign(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=campaigns")
    rows = figure_rows(page, "Revenue by campaign")
    heads = panel(page, "Revenue by campaign").locator("thead th").all_inner_texts()
    told = pd.DataFrame(rows, columns=heads).set_index(heads[0])
    week = ("2025-03-01", "2025-03-07")
    wanted = sample.view(date=week).by("campaign", ["revenue"])["revenue"] / 7
    seventh = told.loc["2025-03-07"].map(amount)
    assert seventh[seventh > 0].to_dict() == pytest.approx(wanted.to_dict(), abs=0.005)


def test_tables_equal_the_library(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=campaigns")
    for dimension, title in {"campaign": "Campaigns", "brand": "Brands"}.items():
        wanted = sample.view().by(dimension, ["revenue", "spend", "orders"])
        names = exact(page, title, dimension.title())
        assert set(names) == set(wanted.index)
        for column in ("Revenue", "Spend", "Orders"):
            told = dict(zip(names, map(amount, exact(page, title, column)), strict=True))
            assert told == pytest.approx(wanted[column.lower()].to_dict(), abs=0.005)
    orders = sample.view(campaign="HKFitBlast").trend("D", ["orders"])["orders"]
    sold = orders[orders > 0].index
    at = exact(page, "Campaigns", "Campaign").index("HKFitBlast")
    assert exact(page, "Campaigns", "First order")[at] == f"{sold[0]:%-d %b %Y}"
    assert exact(page, "Campaigns", "Last order")[at] == f"{sold[-1]:%-d %b %Y}"


def test_top_performers_are_those_of_the_campaign(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=campaigns&campaign=HKFitBlast")
    view = sample.view(campaign="HKFitBlast")
    wanted = view.by("influencer_id", ["revenue"])["revenue"].nlargest(10)
    told = [amount(t) for t in exact(page, "Top performers", "Revenue")]
    assert told == pytest.approx(wanted.tolist(), abs=0.005)
    name = exact(page, "Top performers", "Influencer")[0]
    panel(page, "Top performers").get_by_role("button", name=name).first.click()
    tour.idle()
    assert card(tour, "revenue") == pytest.approx(wanted.iloc[0], abs=0.005)


def test_brand_is_filtered_and_its_performance_shown(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=campaigns")
    panel(page, "Brands").get_by_role("button", name="Gritzo").click()
    tour.idle()
    wanted = sample.view(brand="Gritzo").totals(["revenue", "roas"])
    assert card(tour, "revenue") == pytest.approx(wanted["revenue"], abs=0.005)
    assert exact(page, "Brands", "Brand") == ["Gritzo"]
    assert amount(exact(page, "Brands", "ROAS")[0]) == pytest.approx(wanted["roas"], abs=0.005)
