"""Files made of other files: joins, sums by influencer, exports of a part. Nothing counts twice."""

from __future__ import annotations

import pytest

from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from tests.small_files import INFLUENCERS, PAYOUTS, POSTS, TRACKING, files

NAMES = ["revenue", "orders", "spend", "reach"]
WHOLE = [2200, 8, 890, 10000]
# By hand from the small files: Asha 300 + 500 + 400 and 4 orders, Bo 250 + 750 and 4 orders.
SUMS = """\
influencer_id,orders,revenue,total_payout,roas,name,category
1,4,1200,400,3,Asha,Fitness
2,4,1000,400,2.5,Bo,Nutrition
3,0,0,90,0,Cy,Yoga
"""
# Each order beside each post of its influencer, and beside what the influencer was paid.
JOINED = """\
source,campaign,influencer_id,user_id,product,date_x,orders_x,revenue,url,date_y,reach,likes,\
comments,basis,rate,orders_y,total_payout
SwipeUp,Fit,1,u1,Whey,2025-03-02,1,300,https://i.example/1,2025-03-01,1000,40,10,post,200,,400
SwipeUp,Fit,1,u1,Whey,2025-03-02,1,300,https://i.example/2,2025-03-11,3000,90,30,post,200,,400
PromoCode,Fit,1,u2,Whey,2025-03-03,1,500,https://i.example/1,2025-03-01,1000,40,10,post,200,,400
PromoCode,Fit,1,u2,Whey,2025-03-03,1,500,https://i.example/2,2025-03-11,3000,90,30,post,200,,400
BioLink,Run,1,u1,Omega,2025-03-12,2,400,https://i.example/1,2025-03-01,1000,40,10,post,200,,400
BioLink,Run,1,u1,Omega,2025-03-12,2,400,https://i.example/2,2025-03-11,3000,90,30,post,200,,400
SwipeUp,Run,2,u3,Whey,2025-03-06,1,250,https://y.example/3,2025-03-05,6000,200,40,order,100,4,400
SwipeUp,Fit,2,u4,Omega,2025-03-20,3,750,https://y.example/3,2025-03-05,6000,200,40,order,100,4,400
"""
COSTS = """\
source,campaign,influencer_id,user_id,product,date,orders,revenue,{}
SwipeUp,Fit,1,u1,Whey,2025-03-02,1,300,{}
PromoCode,Fit,1,u2,Whey,2025-03-03,1,500,{}
SwipeUp,Run,2,u3,Whey,2025-03-06,1,250,{}
SwipeUp,Fit,2,u4,Omega,2025-03-20,3,750,{}
"""


def _totals(given: dict[str, bytes], on_error: str = "raise") -> list[float]:
    data = load(given, on_error=on_error)  # type: ignore[arg-type]
    return data.view().totals(NAMES).to_list()


def test_sums_of_the_tables_are_not_added_to_them() -> None:
    given = files() | {"roas_summary.csv": SUMS.encode()}
    data = load(given)
    assert data.view().totals(NAMES).to_list() == WHOLE
    told = [f for f in data.quality.warnings if f.code == "summary"]
    assert [(f.file, f.table, f.count) for f in told] == [
        ("roas_summary.csv", "payouts", 3), ("roas_summary.csv", "tracking_data", 3),
    ]  # fmt: skip
    assert data.tables["influencers"].height == 3


def test_sums_of_some_influencers_are_not_added_either() -> None:
    some = "\n".join(SUMS.splitlines()[:3])
    assert _totals(files() | {"top.csv": some.encode()}) == WHOLE


def test_other_sums_than_those_of_the_tables_are_asked_about() -> None:
    given = files() | {"q1.csv": SUMS.replace("1200", "9200").replace("1000", "800").encode()}
    with pytest.raises(
        SchemaError, match=r"revenue 10,000\) beside tracking_data.csv \(revenue 2,"
    ):
        load(given)
    assert _totals(given, "reject") == WHOLE
    data = load(given, mapping={"q1.csv › tracking_data": None})
    assert data.view().totals(["revenue"])["revenue"] == 2200


def test_sums_give_what_no_other_file_has() -> None:
    given = files(payouts=None) | {"summary.csv": SUMS.encode()}
    assert _totals(given) == WHOLE


@pytest.mark.parametrize("beside", [False, True])
def test_a_join_is_taken_apart(beside: bool) -> None:
    given = files() if beside else {}
    data = load(given | {"a_join.csv": JOINED.encode()}, on_error="reject")
    # Cy has neither an order nor a post, so that the join lacks Cy's 90.
    paid = 890 if beside else 800
    assert data.view().totals(NAMES).to_list() == [2200, 8, paid, 10000]
    by = data.view().by("influencer_id", metrics=["posts", "spend"])
    assert by["posts"].to_list()[:2] == [2, 1] and by["spend"].to_list()[:2] == [400, 400]
    days = data.tables["tracking_data"]["date"].dt.day().to_list()
    assert sorted(days) == [2, 3, 6, 12, 20]
    assert sorted(data.tables["posts"]["date"].dt.day().to_list()) == [1, 5, 11]
    paid_for = data.tables["payouts"].select("influencer_id", "basis", "orders").rows()
    assert paid_for[:2] == [("1", "post", None), ("2", "order", 4)]


def test_a_join_says_what_it_repeats() -> None:
    data = load({"join.csv": JOINED.encode()}, on_error="reject")
    note = next(f for f in data.quality.notes if f.code == "merged_file")
    assert note.message == (
        "8 rows in which tables were joined: 5 orders, 3 posts, 2 payouts; what the join repeated "
        "is counted once"
    )
    assert not any(f.code == "ignored_column" for f in data.quality.notes)


@pytest.mark.parametrize(
    ("header", "amounts", "spend"),
    [
        ("commission", (30, 50, 25, 75), 180),  # of each order
        ("commission", (30, 30, 50, 50), 160),  # the same by chance
        ("total_payout", (50, 50, 50, 50), 200),  # a fee for every order
        ("total_payout", (400, 400, 90, 90), 490),  # once to each influencer
    ],
)
def test_what_stands_beside_orders_is_paid_for_each_or_once(
    header: str, amounts: tuple[int, ...], spend: float
) -> None:
    given = {"orders.csv": COSTS.format(header, *amounts).encode()}
    assert _totals(given, "reject")[2] == spend


def test_an_amount_that_repeats_without_a_basis_is_asked_about() -> None:
    given = {"orders.csv": COSTS.format("total_payout", 400, 400, 90, 90).encode()}
    with pytest.raises(SchemaError, match="'total_payout' is the same on every row of an infl"):
        load(given)


def test_of_two_files_with_the_same_rows_the_one_with_more_columns_stays() -> None:
    lines = TRACKING.splitlines()
    richer = "\n".join([f"{lines[0]},brand", *(f"{line},MuscleBlaze" for line in lines[1:])])
    data = load(files() | {"with_brand.csv": richer.encode()})
    assert data.view().totals(NAMES).to_list() == WHOLE
    assert set(data.tables["tracking_data"]["brand"]) == {"MuscleBlaze"}


def test_rows_of_an_export_with_more_columns_count_once() -> None:
    lines = TRACKING.splitlines()
    again = [f"{line},MuscleBlaze" for line in lines[2:]]
    new = "SwipeUp,Fit,2,u9,Whey,2025-03-25,1,100,MuscleBlaze"
    second = "\n".join([f"{lines[0]},brand", *again, new])
    given = files() | {"second.csv": second.encode()}
    with pytest.raises(SchemaError, match="4 rows already in another of the files"):
        load(given)
    assert _totals(given, "reject")[:2] == [2300, 9]


def test_a_list_of_some_profiles_is_no_second_profile() -> None:
    best = "influencer_id,orders,revenue,id,name,category,gender,follower_count,platform\n"
    best += "1,4,1200,1,Asha,Fitness,Female,10000,Instagram\n"
    data = load(files() | {"best.csv": best.encode()}, on_error="reject")
    assert not data.quality.errors and data.tables["influencers"].height == 3


def test_sums_of_single_payments_are_not_paid_on_top() -> None:
    log = "influencer_id,date,basis,rate,orders,total_payout\n"
    log += "1,2025-03-01,post,200,,200\n1,2025-03-11,post,200,,200\n2,2025-03-20,order,100,4,400\n"
    log += "3,2025-03-05,post,90,,90\n"
    data = load(files() | {"payment_log.csv": log.encode()})
    assert data.view().totals(["spend"])["spend"] == 890
    assert data.tables["payouts"].height == 4
    assert PAYOUTS.count("\n") == 4  # which are the sums: 400, 400, 90


def test_the_influencers_id_that_stands_twice_is_no_id_of_an_order() -> None:
    lines = COSTS.format("total_payout", 400, 400, 90, 90).splitlines()
    ids = ["id,name,category", "1,Asha,Yoga", "1,Asha,Yoga", "2,Bo,Yoga", "2,Bo,Yoga"]
    text = "\n".join(f"{line},{more}" for line, more in zip(lines, ids, strict=True))
    data = load({"orders.csv": text.encode()}, on_error="reject")
    assert "tracking_id" not in data.tables["tracking_data"].columns


def test_a_post_in_a_later_export_counts_once_with_its_newer_numbers() -> None:
    later = POSTS.replace("1000,40,10", "1500,60,12").replace("6000,200,40", "6500,220,44")
    given = files() | {"posts_april.csv": later.encode()}
    told = {f.code: f.count for f in load(given).quality.warnings}
    assert (told["later_count"], told["same_row"]) == (2, 1)
    # P1 1,500 and P3 6,500 of the later export; P2 is the same in both.
    assert _totals(given, "reject")[3] == 1500 + 3000 + 6500


def test_a_summary_without_what_its_table_needs_is_one_question() -> None:
    summary = "campaign,orders,revenue\nFit,6,1550\nRun,3,650\n"
    given = files() | {"campaign_summary.csv": summary.encode()}
    with pytest.raises(
        SchemaError, match=r"1 problem (.|\n)*no column 'date', as tracking_data.csv has"
    ):
        load(given)
    assert _totals(given, "reject") == WHOLE
    assert (
        load(given, mapping={"campaign_summary.csv": None}).view().totals(NAMES).to_list() == WHOLE
    )


def test_two_columns_of_what_was_paid_are_named_with_their_sums() -> None:
    lines = PAYOUTS.splitlines()
    more = ["total_cost", "450", "400", "90"]
    text = "\n".join(f"{line},{cost}" for line, cost in zip(lines, more, strict=True))
    told = [f for f in load(files(payouts=text)).quality.warnings if f.code == "second_column"]
    assert [f.message for f in told] == [
        "'total_cost' (sum 940) is not used beside 'total_payout' (sum 890), which is taken as "
        "total payout"
    ]


def test_figures_of_a_flat_file_are_no_attributes() -> None:
    text = SUMS.replace(",roas,", ",Net Profit,")
    data = load({"summary.csv": text.encode()}, on_error="reject")
    assert "net_profit" not in data.tables["influencers"].columns
    assert any("'Net Profit'" in f.message for f in data.quality.notes)


def test_other_names_of_columns_are_told() -> None:
    posts = POSTS.replace("url", "permalink").replace("caption", "Post Text")
    told = next(f for f in load(files(posts=posts)).quality.notes if f.code == "columns_read")
    assert told.message == "read 'permalink' as url, 'Post Text' as caption"
    assert not [f for f in load(files()).quality.findings if f.code == "columns_read"]


def test_an_order_that_two_exports_show_with_other_sums_counts_once() -> None:
    lines = TRACKING.splitlines()
    first = "\n".join(
        [f"{lines[0]},order_id", *(f"{line},A{i}" for i, line in enumerate(lines[1:]))]
    )
    again = f"{lines[0]},order_id\n{lines[1].replace(',300', ',250')},A0\n"
    given = files(tracking_data=first) | {"refunds.csv": again.encode()}
    with pytest.raises(SchemaError, match="1 row with the id of a row in another of the files"):
        load(given)
    assert _totals(given, "reject")[:2] == [2200, 8]


@pytest.mark.parametrize("header", ["amount_paid", "fee", "price"])
def test_what_the_customer_paid_is_no_payout(header: str) -> None:
    given = files(tracking_data=COSTS.format(header, 310, 510, 260, 760))
    assert _totals(given) == [1800, 6, 890, 10000]


def test_price_of_each_post_is_paid_for_that_post() -> None:
    lines = POSTS.splitlines()
    text = "\n".join(
        f"{line},{cost}" for line, cost in zip(lines, ["Cost", 200, 200, 50], strict=True)
    )
    data = load(files(posts=text, payouts=None))
    assert data.view().totals(["spend"])["spend"] == 450
    days = data.view().trend("D")["spend"]
    assert days[days > 0].to_list() == [200, 50, 200]


def test_a_column_that_is_left_out_takes_no_file_apart() -> None:
    given = files(payouts=None, tracking_data=COSTS.format("commission", 1, 2, 3, 4))
    assert _totals(given)[2] == 10
    data = load(given, mapping={"commission": None})
    assert data.tables["payouts"].is_empty()


def test_another_version_of_the_orders_counts_once() -> None:
    other = TRACKING.replace(",300", ",390").replace(",500", ",650").replace(",250", ",325")
    given = files() | {"tracking_data_v2.csv": other.encode()}
    with pytest.raises(
        SchemaError, match="3 rows that another of the files has too, with other nu"
    ):
        load(given)
    assert _totals(given, "reject")[:2] == [2200, 8]


def test_payouts_of_another_version_count_once_and_of_another_month_twice() -> None:
    other = PAYOUTS.replace(",200,,400", ",250,,500").replace(",100,4,400", ",150,4,600")
    other = other.replace(",90,,90", ",95,,95")
    version = files() | {"payouts (2).csv": other.encode()}
    with pytest.raises(
        SchemaError, match="3 rows that another of the files has too, with other nu"
    ):
        load(version)
    assert _totals(version, "reject")[2] == 890
    month = files(payouts=None) | {"p_jan.csv": PAYOUTS.encode(), "p_feb.csv": other.encode()}
    assert _totals(month)[2] == 890 + 500 + 600 + 95


def test_orders_of_another_month_are_no_version() -> None:
    other = TRACKING.replace("2025-03", "2025-04")
    assert _totals(files() | {"april.csv": other.encode()})[:2] == [4400, 16]


def test_a_joined_file_of_one_row_keeps_its_columns() -> None:
    text = "influencer_id,user_id,date,product,campaign,source,orders,revenue,commission\n"
    data = load({"one.csv": (text + "1,1,2025-03-01,1,1,1,1,1,1\n").encode()}, on_error="reject")
    assert data.view().totals(["orders", "revenue", "spend"]).to_list() == [1, 1, 1]


def test_a_profile_without_an_id_hinders_no_second_file() -> None:
    gap = "\n".join([*INFLUENCERS.splitlines(), ",Di,Yoga,Female,5,Twitter"])
    april = TRACKING.replace("2025-03", "2025-04").replace(",1,u", ",x1,u").replace(",2,u", ",x2,u")
    given = files(influencers=gap) | {"april.csv": april.encode()}
    data = load(given, on_error="reject")
    assert data.view().totals(["revenue"])["revenue"] == 2200  # x1 is nobody here
