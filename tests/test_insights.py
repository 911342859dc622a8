"""Sentences about a view: their numbers are the view's, and little data says little."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

import numpy as np
import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.insights import SENTENCES, Insight, insights
from hk_metrics.view import View
from hk_metrics.view.noise import change_noise
from tests.worked_example import TABLES


def _said(view: View, **options) -> str:
    return "\n".join(i.text for i in insights(view, **options))


@pytest.fixture(scope="module")
def worked() -> Dataset:
    return Dataset(TABLES)


def test_sentences_carry_the_numbers_of_the_worked_example(worked: Dataset) -> None:
    """Revenue 2200 of 8 orders on 890; Asha and Bo earn (800 and 600), Cy costs 90 for nothing."""
    said = _said(worked.view())
    assert "8 orders brought ₹2,200 on ₹890 of spend: ₹2.47 for each rupee paid." in said
    assert "2 of 3 paid influencers brought more than they cost" in said
    assert "One influencer was paid ₹90 without a tracked order." in said
    assert "Fit returned 3.10× and Run 2.17×" in said
    # SwipeUp 5 orders of 8, BioLink 2, PromoCode 1
    assert "SwipeUp (62.5%), BioLink (25.0%) and PromoCode (12.5%)" in said


def test_change_names_the_period_before_and_who_moved_it(worked: Dataset) -> None:
    """6 to 8 March: 250 (Bo); 3 to 5 March: 500 (Asha): half of it."""
    found = insights(worked.view(date=("2025-03-06", "2025-03-08")))
    assert found[0].text.startswith("Revenue -₹250 (-50.0%) against 3 – 5 Mar 2025: ")
    assert found[0].text.endswith("; Asha ended (-₹500).")
    assert (found[0].evidence.by, found[0].evidence.values) == ("influencer_id", ("1",))
    assert found[0].tone == "poor"


def _months(posts: tuple[int, int], price: tuple[float, float], aov: tuple[float, float]) -> View:
    """April against May: posts of one influencer in either month, 2 orders after each, even days."""
    days, sold, paid = [], [], []
    for month, many, each, value in zip((4, 5), posts, price, aov, strict=True):
        ranks = [1 + (28 * n) // many for n in range(many)]
        days += [datetime(2025, month, d) for d in ranks]
        sold += [(datetime(2025, month, d), value) for d in ranks for _ in range(2)]
        paid += [(f"2025-{month:02d}", many, each * many)]
    whos = ["1"] * len(days)
    tables = {
        "influencers": TABLES["influencers"].head(1),
        "posts": pl.DataFrame({"influencer_id": whos, "platform": "Instagram", "date": days,
                               "url": [f"https://x.example/{n}" for n in range(len(days))],
                               "caption": "", "reach": 1000, "likes": 10, "comments": 1}),
        "tracking_data": pl.DataFrame({
            "source": "SwipeUp", "campaign": "Fit", "influencer_id": "1", "product": "Whey",
            "user_id": [f"u{n}" for n in range(len(sold))], "orders": 1,
            "date": [d for d, _ in sold], "revenue": [v for _, v in sold]}),
        "payouts": pl.DataFrame({
            "influencer_id": "1", "basis": "post", "rate": [t / m for _, m, t in paid],
            "orders": None, "total_payout": [t for *_, t in paid],
            "period_start": [datetime(2025, m, 1) for m in (4, 5)],
            "period_end": [datetime(2025, m, 28) for m in (4, 5)]}),
    }  # fmt: skip
    return Dataset(tables).view(date=("2025-05-01", "2025-05-28"))


def test_first_sentence_names_the_factors_with_their_rupees() -> None:
    # Orders 56 → 14, value 500 → 600: 28,000 → 8,400. L = 19,600 / ln(28,000/8,400) = 16,279.36;
    # posts L ln(7/28) = -22,568.0, order value L ln 1.2 = +2,968.1.
    said = _said(_months((28, 7), (100.0, 100.0), (500.0, 600.0)), compare="previous_month")
    assert said.startswith(
        "Revenue -₹19,600 (-70.0%) against 1 – 28 Apr 2025: 28 posts became 7 (-₹22,568), "
        "order value +₹2,968"
    )


def test_first_sentence_is_about_spend_where_revenue_held() -> None:
    # 28 posts a month at 100, then at 200: 2,800 → 5,600, and every day sells 1,000 as before.
    found = insights(_months((28, 28), (100.0, 200.0), (500.0, 500.0)), compare="previous_month")
    assert found[0].text == (
        "Spend +₹2,800 (+100.0%) against 1 – 28 Apr 2025: cost per post ₹100 became ₹200 "
        "(+₹2,800); revenue ±₹0 is within the noise."
    )
    assert found[0].tone == "poor" and found[0].metric == "spend"


def test_noise_holds_nine_of_ten_changes_that_mean_nothing() -> None:
    rng = np.random.default_rng(1)
    week = 80.0 * (np.arange(28) % 7 == 5)
    moved = [rng.gamma(4, 25, (2, 28)) + week for _ in range(400)]
    outside = [abs(b.sum() - a.sum()) > change_noise(a, b) for a, b in moved]
    assert 0.06 <= np.mean(outside) <= 0.14
    assert np.isnan(change_noise([1.0] * 6, [1.0] * 7))


def test_period_that_begins_before_the_data_is_not_compared(worked: Dataset) -> None:
    said = _said(worked.view(date=("2025-03-02", "2025-03-20")))
    assert "against" not in said and "orders brought" in said


def test_no_comparison_is_made_where_none_is_wanted(worked: Dataset) -> None:
    view = worked.view(date=("2025-03-06", "2025-03-08"))
    assert "against" not in _said(view, compare=None)


def test_view_without_rows_says_nothing(worked: Dataset) -> None:
    assert insights(worked.view(date=("2030-01-01", "2030-01-31"))) == []


def test_split_that_is_estimated_says_so(worked: Dataset) -> None:
    sentence = next(i for i in insights(worked.view()) if i.evidence.by == "campaign")
    assert sentence.text.endswith("(the split by campaign is estimated).")


def test_one_influencer_and_one_campaign_need_no_ranking(worked: Dataset) -> None:
    said = _said(worked.view(influencer_id="1", campaign="Fit"))
    assert "best and the weakest" not in said and "paid influencers" not in said


def test_sample_says_five_to_eight_things_each_with_its_evidence() -> None:
    data, _ = hk.simulate(seed=7, influencers=60, days=90, events=6000)
    view = data.view(date=data.view().period)
    found = insights(view)
    assert 5 <= len(found) <= 8
    known = {"", "date", *view.dimensions}
    assert all(i.evidence.by in known and i.evidence.metrics for i in found)
    assert {i.metric for i in found} <= set(hk.METRICS)


def test_text_from_data_stays_text(worked: Dataset) -> None:
    """A campaign called like a tag is shown, not obeyed; escaping is the surface's part."""
    named = pl.col("campaign").replace({"Fit": "<b>Fit</b>"})
    tracking = TABLES["tracking_data"].with_columns(named)
    data = Dataset({**TABLES, "tracking_data": tracking})
    assert "<b>Fit</b> returned" in _said(data.view())


def test_reference_says_ninety_of_a_hundred_are_profitable(reference) -> None:
    said = _said(hk.load(reference).view())
    assert "90 of 100 paid influencers" in said and "mean ROI is 397.3%" in said
    assert "19,009 orders brought ₹37.9 L on ₹12.6 L of spend" in said


def test_other_currency_and_grouping_are_used(worked: Dataset) -> None:
    settings = worked.settings.model_copy(update={"currency": "USD", "grouping": "international"})
    said = _said(replace(worked, settings=settings).view())
    assert "$890" in said and "₹" not in said and "rupee" not in said


def test_insight_has_what_a_page_needs() -> None:
    assert {f.name for f in fields(Insight)} >= {"text", "metric", "evidence"}
    assert len(SENTENCES) >= 8
