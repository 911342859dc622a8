"""What people write where a name, an id or a header is wanted."""

from __future__ import annotations

import pytest

from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from hk_metrics.ingest.columns import map_columns
from hk_metrics.ingest.names import meant
from hk_metrics.ingest.recognise import recognise
from hk_metrics.schemas import TABLES
from tests.small_files import INFLUENCERS, PAYOUTS, POSTS, TRACKING, files


@pytest.mark.parametrize(
    ("table", "header", "column"),
    [
        ("influencers", "Influencer ID", "id"), ("influencers", "followerCount", "follower_count"),
        ("influencers", "Subscribers", "follower_count"), ("influencers", "Creator Name", "name"),
        ("posts", "Post Likes", "likes"), ("posts", "Reach (people)", "reach"),
        ("posts", "Publish time", "date"), ("tracking_data", "Order Revenue (₹)", "revenue"),
        ("tracking_data", "Revenue INR", "revenue"), ("tracking_data", "Brands", "brand"),
        ("tracking_data", "Influencer Name", "influencer_id"),
        ("payouts", "Basis (post/order)", "basis"), ("payouts", "Total Cost", "total_payout"),
        ("payouts", "total_orders_by_influencer", "orders"), ("payouts", "Rate (Rs.)", "rate"),
    ],
)  # fmt: skip
def test_header_means_its_column(table: str, header: str, column: str) -> None:
    hit = meant(table, header)
    assert hit is not None and hit[0] == column


def test_own_names_are_certain() -> None:
    for name, table in TABLES.items():
        matches = map_columns(name, table.names).matches
        assert [(m.column, m.confidence) for m in matches] == [(c, 1.0) for c in table.names]


def test_columns_tell_the_table_before_the_name() -> None:
    assert recognise(PAYOUTS.splitlines()[0].split(","), "posts").table == "payouts"
    assert recognise(["date", "revenue", "orders"], "x").table == "daily_sales"
    assert recognise(["date", "colour"], "notes").table is None


def test_header_whose_cells_fit_is_taken_of_two() -> None:
    # An Instagram export says "Lifetime" under Date, and the date under Publish time.
    text = POSTS.replace("date", "Publish time")
    lines = [f"{line},{'Date' if i == 0 else 'Lifetime'}" for i, line in
             enumerate(text.splitlines())]  # fmt: skip
    assert load(files(posts="\n".join(lines))).id == load(files()).id


def test_index_columns_are_no_attributes() -> None:
    lines = [f"{'' if i == 0 else i - 1},{line}" for i, line in enumerate(INFLUENCERS.splitlines())]
    assert load(files(influencers="\n".join(lines))).id == load(files()).id
    unnamed = "\n".join(lines).replace(",id,", "Unnamed: 0,id,", 1)
    assert load(files(influencers=unnamed)).id == load(files()).id


def test_names_stand_for_ids() -> None:
    payouts = PAYOUTS.replace("\n1,", "\nasha,").replace("\n2,", "\nBo,")
    data = load(files(payouts=payouts))
    assert data.id == load(files()).id
    note = next(f for f in data.quality.notes if f.code == "influencer_named")
    assert "'Bo' is '2'" in note.message


def test_ids_that_differ_in_case_are_the_same() -> None:
    lettered = {
        "influencers": INFLUENCERS.replace("\n1,", "\nINF_A,"),
        "posts": POSTS.replace("\n1,", "\nINF_A,"),
        "payouts": PAYOUTS.replace("\n1,", "\ninf_a,"),
        "tracking_data": TRACKING.replace(",1,u", ",Inf_A,u"),
    }
    assert load(files(**lettered)).view().totals(["revenue", "spend"]).to_dict() == {
        "revenue": 2200, "spend": 890,
    }  # fmt: skip


def test_name_of_two_influencers_stands_for_none() -> None:
    twins = INFLUENCERS.replace("Cy", "Asha")
    with pytest.raises(SchemaError, match="'Asha'"):
        load(files(influencers=twins, payouts=PAYOUTS.replace("\n1,", "\nAsha,")))


def test_organic_as_an_influencer_is_nobody() -> None:
    data = load(files(tracking_data=TRACKING.replace("Fit,2,u4", "Fit,Organic,u4")))
    assert data.tables["tracking_data"]["influencer_id"].null_count() == 1
    assert data.view().totals(["revenue"])["revenue"] == 2200 - 750


def test_rate_in_words_is_read() -> None:
    data = load(files(payouts=PAYOUTS.replace("1,post,200", "1,post,₹200 per post")))
    assert data.tables["payouts"]["rate"].to_list() == [200, 100, 90]


def test_unit_in_a_header_scales_its_column() -> None:
    text = TRACKING.replace("revenue", "Revenue (₹ lakh)").replace(",300\n", ",0.003\n")
    data = load(files(tracking_data=text))
    assert data.tables["tracking_data"]["revenue"][0] == pytest.approx(300)
    assert "header_unit" in {f.code for f in data.quality.notes}


def test_cost_of_each_order_becomes_its_payout() -> None:
    lines = TRACKING.splitlines()
    costs = ["commission", "30", "50", "", "25", "75"]
    text = "\n".join(f"{line},{cost}" for line, cost in zip(lines, costs, strict=True))
    data = load(files(tracking_data=text, payouts=None))
    assert data.tables["payouts"].height == 4
    by = data.view().by("source", metrics=["spend"])["spend"].to_dict()
    # SwipeUp: 30 + 25 + 75; PromoCode: 50.
    assert by["SwipeUp"] == pytest.approx(130) and by["PromoCode"] == pytest.approx(50)
