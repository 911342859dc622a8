"""A dataset without a whole table, or without any value of a measure: not known is not 0."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import hk_metrics as hk
from hk_metrics.cli import main
from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError
from hk_metrics.insights import insights
from hk_metrics.ledger import disk
from hk_metrics.payouts.audit import audit
from hk_metrics.payouts.payments import payments
from hk_metrics.planning import what_if
from hk_metrics.posts.feed import posts
from hk_metrics.present.workbook import sheets
from hk_metrics.report import letter
from hk_metrics.report.letter.note import Note
from hk_metrics.report.rules import check
from hk_metrics.signals import signals
from tests.small_files import POSTS, TRACKING, files

NO_ORDERS, NO_PAYOUTS, NO_POSTS, NO_COUNTS = (
    f"the data has no {what}" for what in ("tracked orders", "payouts", "posts", "order counts")
)
# Bo's two orders bring alike, though one is of one piece and the other of three.
UNCOUNTED = (
    TRACKING.replace(",1,250", ",,500").replace(",3,750", ",,500")
    .replace(",1,300", ",,300").replace(",1,500", ",,500").replace(",2,400", ",,400")
)  # fmt: skip


def load(**changed: str | None) -> Dataset:
    return hk.load(files(**changed), on_error="reject")


@pytest.fixture(scope="module")
def paid() -> Dataset:
    return load(tracking_data=None, posts=None)


@pytest.fixture(scope="module")
def posted() -> Dataset:
    return load(tracking_data=None, payouts=None)


@pytest.fixture(scope="module")
def sold() -> Dataset:
    return load(payouts=None, posts=None)


@pytest.fixture(scope="module")
def uncounted() -> Dataset:
    return load(tracking_data=UNCOUNTED)


def test_payouts_alone_tell_spend_and_nothing_else(paid: Dataset) -> None:
    totals = paid.view().totals()
    assert totals.dropna().to_dict() == {"spend": 890}
    reasons = totals.attrs["unavailable"]
    assert set(reasons) == set(totals.index) - {"spend"}
    assert {reasons[m] for m in ("revenue", "orders", "roas", "roi", "profit", "cac")} == {
        NO_ORDERS
    }
    assert {reasons[m] for m in ("posts", "reach", "cpm_reach", "engagement_rate")} == {NO_POSTS}


def test_posts_alone_tell_reach_and_reactions(posted: Dataset) -> None:
    totals = posted.view().totals()
    assert totals[["posts", "reach", "engagements"]].to_list() == [3, 10_000, 410]
    reasons = totals.attrs["unavailable"]
    assert {reasons[m] for m in ("spend", "cost_per_post", "cpe")} == {NO_PAYOUTS}
    assert {reasons[m] for m in ("revenue", "customers", "conversion_rate")} == {NO_ORDERS}


def test_orders_alone_tell_revenue_and_customers(sold: Dataset) -> None:
    totals = sold.view().totals()
    assert totals[["revenue", "orders", "aov", "customers"]].to_list() == [2200, 8, 275, 4]
    reasons = totals.attrs["unavailable"]
    assert {reasons[m] for m in ("spend", "roas", "roi", "profit", "cpo", "cac")} == {NO_PAYOUTS}


def test_breakdown_trend_and_comparison_say_the_same(paid: Dataset, posted: Dataset) -> None:
    by = paid.view().by("influencer_id")
    # Largest spend first, as there is no revenue to sort by.
    assert by["spend"].to_list() == [400, 400, 90]
    assert by["revenue"].isna().all()
    assert by.attrs["unavailable"]["roas"] == NO_ORDERS
    days = posted.view().trend("D", ["reach", "revenue"])
    assert days["reach"].sum() == 10_000
    assert days["revenue"].isna().all()
    change = posted.view(date=("2025-03-05", "2025-03-11")).compare()
    assert change.loc["reach", "current"] == 9000
    assert change.loc["revenue"].isna().all()
    assert change.attrs["unavailable"]["spend"] == NO_PAYOUTS


def test_filter_without_spend_shows_none_and_not_unknown() -> None:
    data = load(payouts="influencer_id,basis,rate,orders,total_payout\n1,post,200,,400\n")
    totals = data.view(influencer_id="2").totals()
    assert (totals["spend"], totals["profit"]) == (0, 1000)
    assert "spend" not in totals.attrs["unavailable"]


def test_ledger_on_disk_keeps_what_is_absent(paid: Dataset, tmp_path: Path) -> None:
    disk.write(paid.ledger, tmp_path)
    again = disk.read(tmp_path, paid.settings)
    assert again is not None
    assert {"revenue", "posts", "user_id"} <= again.absent
    assert again.measures == ["spend"]


def test_orders_without_counts_keep_their_revenue(uncounted: Dataset) -> None:
    totals = uncounted.view().totals()
    assert totals[["revenue", "spend", "profit"]].to_list() == [2200, 890, 1310]
    assert totals["roas"] == 2200 / 890
    reasons = totals.attrs["unavailable"]
    assert {reasons[m] for m in ("orders", "aov", "cpo", "customers", "repeat_rate")} == {NO_COUNTS}


def test_pay_per_order_follows_revenue_where_no_orders_are_counted(uncounted: Dataset) -> None:
    # Fit: P1's 200 and half of Bo's 400; Run: P2's 200 and the other half; Cy's 90 of neither.
    spend = uncounted.view().by("campaign", ["spend"])["spend"]
    assert spend.to_dict() == {"Fit": 400, "Run": 400, "(none)": 90}
    cost = posts(uncounted).set_index("caption")["cost"]
    assert cost.to_dict() == {"P1": 200, "P2": 200, "P3": 400}


def test_reactions_without_comments_are_likes_and_without_likes_unknown() -> None:
    quiet = POSTS.replace(",40,10", ",40,").replace(",90,30", ",90,").replace("0,200,40", "0,200,")
    totals = load(posts=quiet).view().totals()
    assert (totals["engagements"], totals["engagement_rate"]) == (330, 0.033)
    hidden = POSTS.replace(",40,10", ",,10").replace(",90,30", ",,30").replace(",200,40", ",,40")
    view = load(posts=hidden).view()
    assert view.unavailable("engagement_rate") == "the data has no likes"
    assert posts(load(posts=hidden))["engagement_rate"].isna().all()


def test_followers_that_nobody_states_are_unknown() -> None:
    text = files()["influencers.csv"].decode()
    data = load(influencers=text.replace("10000", "").replace("20000", "").replace("30000", ""))
    reason = data.view().unavailable("engagement_rate_by_followers")
    assert reason == "the data has no follower counts"


def test_customers_without_ids_are_unknown() -> None:
    nameless = TRACKING
    for user in ("u1", "u2", "u3", "u4"):
        nameless = nameless.replace(f",{user},", ",,")
    view = load(tracking_data=nameless).view()
    assert view.totals(["orders", "customers"]).to_list()[0] == 8
    assert view.unavailable("cac") == "the data has no customer ids"


@pytest.mark.parametrize(
    ("kind", "metric", "words"),
    [
        ("paid", "roas", "The data has no tracked orders."),
        ("sold", "roas", "The data has no payouts."),
        ("sold", "conversion_rate", "The data has no posts."),
        ("uncounted", "cpo", "The data has no order counts."),
    ],
)
def test_ranking_refuses_with_the_reason(
    kind: str, metric: str, words: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(InsufficientDataError) as error:
        hk.rank(request.getfixturevalue(kind).view(), metric)
    assert str(error.value) == words


def test_ranking_by_orders_needs_no_revenue() -> None:
    moneyless = TRACKING
    for amount in ("300", "500", "400", "250", "750"):
        moneyless = moneyless.replace(f",{amount}\n", ",\n")
    data = load(tracking_data=moneyless)
    assert hk.rank(data.view(), "cpo").loc["2", "raw"] == 100  # Bo: 400 for 1 + 3 orders
    assert data.view().unavailable("roas") == "the data has no revenue"


def test_plan_and_lift_refuse_with_the_reason(paid: Dataset, sold: Dataset) -> None:
    with pytest.raises(InsufficientDataError, match="no tracked orders"):
        what_if(paid.view())
    with pytest.raises(InsufficientDataError, match="no payouts"):
        what_if(sold.view())
    assert hk.lift(paid, "assumed_share")["refusal"].item() == "The data has no tracked orders."
    assert hk.lift(sold, "post_response")["refusal"].item() == "The data has no posts."


def test_missing_tables_accuse_nobody(paid: Dataset, posted: Dataset, sold: Dataset) -> None:
    for data in (paid, posted, sold):
        assert audit(data).empty
        assert signals(data).empty
    assert payments(paid)[["posts", "orders", "revenue"]].isna().all(axis=None)
    assert not [f for f in paid.quality.warnings if f.code == "payout_arithmetic"]


def test_posts_alone_have_no_revenue_and_no_cost(posted: Dataset) -> None:
    feed = posts(posted)
    assert feed[["orders", "revenue", "cost", "roas"]].isna().all(axis=None)
    assert feed["engagements"].sum() == 410


def test_insights_say_first_what_is_not_there(paid: Dataset, uncounted: Dataset) -> None:
    said = [i.text for i in insights(paid.view())]
    assert said == ["The data has no tracked orders. The data has no posts."]
    said = [i.text for i in insights(uncounted.view())]
    assert said[:2] == [
        "The data has no order counts.",
        "Tracked sales brought ₹2,200 on ₹890 of spend: ₹2.47 for each rupee paid.",
    ]
    assert not any("without a tracked order" in text for text in said)


def test_alerts_say_that_a_rule_cannot_be_checked(paid: Dataset) -> None:
    told = check(["roas < 2", "spend > 1000"], paid, date(2025, 4, 1))
    assert told == ["The rule 'roas < 2' cannot be checked: the data has no tracked orders"]


def test_letter_says_why_parts_are_missing(paid: Dataset, posted: Dataset) -> None:
    story = letter.Story(paid, paid.view())
    assert letter.opening(story).headline == "₹890 of spend. The data has no tracked orders"
    assert letter.key_figures(story).table.note.startswith("The data has no tracked orders.")
    assert "has no tracked orders" in letter.trend(story).chart.empty
    assert isinstance(ranking := letter.top_and_bottom(story), Note)
    assert ranking.text == "The data has no tracked orders."
    unpaid = letter.Story(posted, posted.view())
    for part in (letter.payouts_due(unpaid), letter.payout_doubts(unpaid)):
        assert isinstance(part, Note)
        assert part.text == "The data has no payouts."


def test_export_and_command_line_say_why(paid: Dataset, tmp_path: Path) -> None:
    notes = {sheet.title: sheet.note for sheet in sheets(paid.view())}
    assert notes["Totals"] == "The data has no tracked orders. The data has no posts."
    (tmp_path / "payouts.csv").write_bytes(files()["payouts.csv"])
    (tmp_path / "influencers.csv").write_bytes(files()["influencers.csv"])
    run = CliRunner().invoke(main, ["totals", str(tmp_path), "--format", "json"])
    assert json.loads(run.stdout)["revenue"] is None
    assert "The data has no tracked orders." in run.stderr
