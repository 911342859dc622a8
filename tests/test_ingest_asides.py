"""Files beside the tables: known for what they are, left out, and in nobody's way."""

from __future__ import annotations

import pytest

from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from hk_metrics.ingest.headers.recognise import recognise
from tests.small_files import files

CAMPAIGNS = (
    "campaign_id,brand_id,name,start_date,end_date,budget\n1,7,Fit,2025-03-01,2025-03-31,900\n"
)
SUMS = "total_revenue,total_payout,total_orders,influencer_count,revenue_share\n2200,890,8,3,100\n"
CODES = "influencer_id,tracking_code,utm_source,campaign_tag\n1,ASHA1,hk_asha,hk_fit\n"


@pytest.mark.parametrize(
    ("name", "text", "severity", "words"),
    [
        ("campaigns.csv", CAMPAIGNS, "note", "a list of campaigns, without influencers"),
        ("campaigns.csv", CAMPAIGNS.replace("campaign_id", "id"), "note", "a list of campaigns"),
        ("products.csv", "product_id,name,price\n1,Whey,900\n", "note", "a list of products"),
        ("codes.csv", CODES, "note", "a list of codes, no events"),
        ("platform_performance.csv", SUMS, "warning", "a summary: it has no date and no id"),
        ("brands.csv", "brand,campaigns,total_revenue,total_cost,roas\nHK,2,2200,890,2.5\n",
         "warning", "a summary"),
    ],
)  # fmt: skip
def test_file_beside_the_tables_is_left_out_in_one_line(
    name: str, text: str, severity: str, words: str
) -> None:
    data = load(files() | {name: text.encode()})
    assert data.id == load(files()).id
    said = [f for f in data.quality.findings if f.file == name]
    assert [f.severity for f in said] == [severity]
    assert words in said[0].message


def test_campaign_named_beside_a_payout_does_not_make_it_a_list() -> None:
    assert recognise(["Brand", "Name", "Basis", "Rate", "Amount Paid"], "paid").table == "payouts"
    assert recognise(["name", "campaign_id", "basis", "total_payout"], "x").table == "payouts"
    assert recognise(["id", "name", "gender", "followers"], "by_brand").table == "influencers"
    assert recognise(["campaign", "date", "revenue", "orders"], "campaigns").table == "daily_sales"


def test_table_that_the_user_names_is_no_aside() -> None:
    with pytest.raises(SchemaError, match="looks like payouts, but has no column"):
        load(files() | {"campaigns.csv": CAMPAIGNS.encode()}, {"campaigns.csv": "payouts"})


def test_file_of_strangers_does_not_displace_another() -> None:
    # By influencer 1,000 earned and 300 paid, beside payouts of people whom nobody knows.
    flat = b"influencer_id,name,total_revenue,total_payout\n1,Asha,1000,300\n"
    paid = b"influencer_id,basis,rate,orders,total_payout,date\nZoe,post,9,,9,2025-03-01\n"
    people = b"id,name,category,gender,follower_count,platform\n1,Asha,Fitness,Female,9,Instagram\n"
    given = {"sums.csv": flat, "payouts.csv": paid, "influencers.csv": people}
    data = load(given, on_error="reject")
    assert data.view().totals(["revenue", "spend"]).to_dict() == {"revenue": 1000, "spend": 300}
    # Sums alone list those who had any; then nobody is dropped, and Zoe is named.
    few = load({"sums.csv": flat, "payouts.csv": paid}, on_error="reject")
    assert few.view().totals(["revenue", "spend"]).to_dict() == {"revenue": 1000, "spend": 309}
    assert "without a profile (Zoe)" in str(few.quality)


def test_missing_column_says_which_table_the_file_was_taken_for() -> None:
    with pytest.raises(SchemaError, match="it looks like posts, but there is no column 'date'"):
        load(files(posts="influencer_id,url,caption,reach,likes,comments\n1,u,c,9,1,1\n"))


def test_nothing_left_lists_why_each_file_was_left_out() -> None:
    given = {
        "influencers.csv": files()["influencers.csv"],
        "platforms.csv": SUMS.encode(),
        "visits.csv": b"influencer_id,reach,likes,colour,shape,size_a,size_b\n1,9,2,a,b,c,d\n",
        "payouts.csv": b"influencer_id,basis,rate,orders,total_payout\n9,post,1,,1\n",
    }
    with pytest.raises(SchemaError) as raised:
        load(given, on_error="reject")
    said = str(raised.value)
    assert said.startswith("nothing to load")
    assert "influencers.csv: taken for influencers, 3 rows" in said
    assert "platforms.csv: a summary" in said
    assert "visits.csv: this file fits none of the tables" in said
    assert "payouts.csv, row 2, influencer_id: 1 influencer id not in influencers" in said
    assert "mapping={'visits.csv': 'posts'}" in said


def test_repair_names_the_table_that_fits_best() -> None:
    text = b"influencer_id,basis,rate_a,rate_b,rate_c,rate_d,rate_e,note\n1,post,1,1,1,1,1,x\n"
    with pytest.raises(SchemaError, match=r"'terms.csv': 'payouts'\}"):
        load(files() | {"terms.csv": text})
