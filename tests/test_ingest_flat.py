"""Files that hold several tables at once: sums by influencer, shop exports, joined orders."""

from __future__ import annotations

import pytest

from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from tests.small_files import CREATORS, FLAT, SHOP


def test_flat_file_gives_what_it_can() -> None:
    data = load({"performance.csv": FLAT.encode()})
    names = ["revenue", "orders", "spend", "reach", "posts", "likes", "roas", "cpo"]
    # By hand: 2,000 + 1,000; 4 + 5; 500 + 400; 1,000 + 6,000; 2 + 3 posts; 50 + 200 likes.
    assert data.view().totals(names).to_dict() == {
        "revenue": 3000, "orders": 9, "spend": 900, "reach": 7000, "posts": 5, "likes": 250,
        "roas": pytest.approx(3000 / 900), "cpo": 100,
    }  # fmt: skip
    ranks = data.view().by("influencer_id", metrics=["roas"])["roas"].to_dict()
    assert ranks == {"Asha": 4.0, "Bo": 2.5}


def test_flat_file_without_dates_says_what_stays_empty() -> None:
    data = load({"performance.csv": FLAT.encode()})
    assert any("no dates" in f.message for f in data.quality.notes)
    assert data.view().trend("D").empty
    (note,) = data.view(date=("2025-03-01", "2025-03-31")).notes
    assert note == "₹900 of spend and ₹3,000 of revenue are undated and left out of this period."
    assert data.tables["influencers"]["follower_count"].to_list() == [12000, 20000]


def test_flat_file_by_campaign_keeps_its_campaigns() -> None:
    text = (
        "influencer_id,name,campaign,revenue,orders,total_payout\n1,A,X,100,1,50\n1,A,Y,300,2,60\n"
    )
    data = load({"flat.csv": text.encode()})
    by = data.view().by("campaign", metrics=["revenue", "spend"])
    assert by["revenue"].to_dict() == {"X": 100, "Y": 300}
    assert by["spend"].to_dict() == {"X": 50, "Y": 60}
    assert data.tables["influencers"].height == 1


def test_shop_export_counts_orders_not_lines() -> None:
    data = load({"orders_export.csv": SHOP.encode(), "creators.csv": CREATORS.encode()})
    totals = data.view().totals(["revenue", "orders"])
    # With Asha's code: 1,000 and 500 less 150 refunded; #1003 is organic, #1004 void.
    assert totals.to_dict() == {"revenue": 1350, "orders": 2}
    tracking = data.tables["tracking_data"]
    assert tracking["influencer_id"].to_list() == ["1", "1", None, "1"]
    # Whey is the dearer of two lines, and MB's.
    assert tracking.select("product", "brand").row(0) == ("Whey", "MB")
    assert str(tracking["date"][0]) == "2025-03-01 10:00:00"
    void = next(f for f in data.quality.warnings if f.code == "cancelled_order")
    assert (void.row, void.count, void.money, void.value) == (6, 1, 700, "voided")


def test_shop_export_alone_takes_the_code_for_the_influencer() -> None:
    data = load({"orders_export.csv": SHOP.encode()})
    assert data.tables["influencers"]["id"].to_list() == ["ASHA10"]


def test_joined_orders_give_the_influencers_too() -> None:
    text = (
        "source,campaign,influencer_id,influencer_name,category,gender,followers,user_id,product,"
        "date,orders,revenue\n"
        "SwipeUp,C,7,Asha,Fitness,F,10,u1,W,2025-03-13,1,100\n"
        "SwipeUp,C,7,Asha,Fitness,F,10,u2,W,2025-03-14,1,100\n"
    )
    data = load({"orders.csv": text.encode()})
    row = data.tables["influencers"].row(0, named=True)
    assert (row["id"], row["name"], row["category"], row["follower_count"]) == (
        "7", "Asha", "Fitness", 10,
    )  # fmt: skip
    assert data.view().totals(["revenue"])["revenue"] == 200


def test_bad_cell_of_a_flat_file_is_placed() -> None:
    with pytest.raises(SchemaError) as raised:
        load({"performance.csv": FLAT.replace("500,4", "lots,4").encode()})
    assert raised.value.quality is not None
    error = next(f for f in raised.value.quality.errors if f.code == "not_a_number")
    assert (error.row, error.value) == (2, "lots") and "performance.csv" in error.file


def test_orders_without_a_count_are_one_each_if_numbered() -> None:
    text = (
        "Partner,Order ID,Sale amount,Commission,Transaction date,Customer\n"
        'Asha,1001,"₹1,999.00",₹200.00,13/03/2025 10:00,c1\n'
        "Bo,1002,₹999.00,₹100.00,14/03/2025 11:00,c2\n"
    )
    data = load({"affiliate_report.csv": text.encode()}, on_error="reject")
    assert data.view().totals(["revenue", "orders", "spend"]).to_dict() == {
        "revenue": 2998, "orders": 2, "spend": 300,
    }  # fmt: skip
    assert data.tables["influencers"]["id"].to_list() == ["Asha", "Bo"]
    with pytest.raises(SchemaError, match="each is counted as one"):
        load({"affiliate_report.csv": text.replace("1002", "1001").encode()})


def test_own_suffix_of_a_cell_goes_before_the_header() -> None:
    text = FLAT.replace("Followers", "Followers (in K)").replace("12K", "1.2M")
    followers = load({"flat.csv": text.replace("20000", "20").encode()}).tables["influencers"]
    assert followers["follower_count"].to_list() == [1_200_000, 20_000]


@pytest.mark.parametrize("line", ["Total,,,,3,7000,250,50,9,3000,900,3.3", ",,,,,,,,9,3000,900,"])
def test_line_of_totals_of_a_flat_file_is_told_once(line: str) -> None:
    data = load({"report.csv": (FLAT + line + "\n").encode()})
    assert data.view().totals(["revenue"])["revenue"] == 3000
    assert [f.row for f in data.quality.warnings if f.code == "total_row"] == [4]


def test_row_of_nobody_in_a_flat_file_is_rejected() -> None:
    text = FLAT.replace("\nBo", "\n,,,,1,10,1,1,1,5,5,1\nBo")
    with pytest.raises(SchemaError, match="empty cell in 'Influencer'"):
        load({"report.csv": text.encode()})


def test_engagements_in_one_column_are_whole() -> None:
    text = "Influencer,Posts,Total Engagement,Orders,Revenue,Spend\nAsha,2,60,4,2000,500\n"
    data = load({"report.csv": text.encode()})
    assert data.view().totals(["engagements"])["engagements"] == 60


@pytest.mark.parametrize(
    ("columns", "basis", "said"),
    [
        ("orders,revenue,spend\n1,4,1200,400\n", "order", "the influencer's orders"),
        ("reach,revenue,spend\n1,4,1200,400\n", "post", "the influencer's posts"),
        ("name,revenue,spend\n1,Asha,1200,400\n", "commission", "the influencer's revenue"),
    ],
)
def test_what_a_flat_file_pays_for_is_told(columns: str, basis: str, said: str) -> None:
    data = load({"sums.csv": f"influencer_id,{columns}".encode()}, on_error="reject")
    assert data.tables["payouts"]["basis"].to_list() == [basis]
    assert [f for f in data.quality.notes if f.code == "no_basis" and said in f.message]
    assert data.view().totals(["spend"])["spend"] == 400


def test_a_flat_file_without_rows_gives_nothing() -> None:
    with pytest.raises(SchemaError, match="nothing to load"):
        load({"sums.csv": b"influencer_id,revenue,spend\n"})


def test_a_flat_file_by_name_alone_is_split() -> None:
    data = load({"sums.csv": b"Display name,Revenue,Spend\nAsha,1200,400\nBo,1000,400\n"})
    assert data.view().totals(["revenue", "spend"]).to_list() == [2200, 800]
