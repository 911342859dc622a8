"""Exports of shops, networks and sheets: their words for things, their ids, their amounts."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from hk_metrics.ingest.headers.names import meant
from tests.small_files import INFLUENCERS, PAYOUTS, POSTS, TRACKING, files


def totals(data: Dataset) -> tuple[float, ...]:
    """Revenue, orders, spend and reach; of the worked example 2,200, 8, 890 and 10,000."""
    found = data.view().totals()
    return tuple(round(found[m], 6) for m in ("revenue", "orders", "spend", "reach"))


WORKED = (2200.0, 8.0, 890.0, 10000.0)


def codes(data: Dataset) -> set[str]:
    return {f.code for f in data.quality.findings}


def renumbered(text: str, form: str) -> str:
    """The worked example's table with its influencers' numbers in another form."""
    head, *rows = text.strip().splitlines()
    at = next(i for i, h in enumerate(head.split(",")) if h in ("id", "influencer_id"))
    cut = [row.split(",") for row in rows]
    renamed = [[*c[:at], form.format(int(c[at])), *c[at + 1 :]] for c in cut]
    return "\n".join([head, *map(",".join, renamed)]) + "\n"


@pytest.mark.parametrize(
    ("table", "theirs"),
    [("influencers", "INF-{:03d}"), ("tracking_data", "inf_{:02d}"), ("payouts", "{}.0")],
)
def test_ids_with_and_without_a_prefix_are_the_same(table: str, theirs: str) -> None:
    texts = {"influencers": INFLUENCERS, "tracking_data": TRACKING, "payouts": PAYOUTS}
    data = load(files(**{table: renumbered(texts[table], theirs)}))
    assert totals(data) == WORKED
    assert codes(data) & {"influencer_named", "id_number"}


def test_stranger_with_a_letter_before_a_known_number_is_unknown() -> None:
    with pytest.raises(SchemaError, match="'A2'"):
        load(files(payouts=PAYOUTS.replace("\n2,", "\nA2,")))


def test_ids_with_commas_are_numbers_again() -> None:
    profiles = renumbered(INFLUENCERS, '"1,20{}"')
    data = load(files(influencers=profiles, posts=renumbered(POSTS, "120{}"),
                      tracking_data=renumbered(TRACKING, "120{}.0"),
                      payouts=renumbered(PAYOUTS, "120{}")))  # fmt: skip
    assert totals(data) == WORKED
    assert list(data.tables["influencers"]["id"]) == ["1201", "1202", "1203"]


def test_thousands_with_a_suffix_have_a_decimal_point() -> None:
    profiles = INFLUENCERS.replace("10000", "10.125K").replace("20000", "0.025M")
    followers = load(files(influencers=profiles)).tables["influencers"]["follower_count"]
    assert list(followers) == [10125, 25000, 30000]


@pytest.mark.parametrize(
    ("table", "header", "column"),
    [
        ("influencers", "Name of Influencer", "name"), ("influencers", "M/F", "gender"),
        ("influencers", "Partner Name", "name"), ("posts", "insights.reach", "reach"),
        ("posts", "Creator Handle", "influencer_id"), ("payouts", "Amt Paid (₹)", "total_payout"),
        ("payouts", "Commission %", "commission_rate"), ("tracking_data", "Txn Date", "date"),
        ("payouts", "Payout Date", "payment_date"), ("payouts", "Number of Posts", "posts"),
        ("tracking_data", "Sales in March", None), ("tracking_data", "Sales in Lakhs", "revenue"),
        ("tracking_data", "Rev. (Rs.)", "revenue"), ("tracking_data", "No. of Ord.", "orders"),
        ("tracking_data", "Purchase revenue", "revenue"), ("tracking_data", "Revenue %", None),
        ("tracking_data", "customer.name", "user_id"), ("tracking_data", "product.id", "product"),
        ("tracking_data", "Session source / medium", "source"),
    ],
)  # fmt: skip
def test_header_means(table: str, header: str, column: str | None) -> None:
    hit = meant(table, header)
    assert (hit and hit[0]) == column


def test_sums_of_a_partner_are_no_sums_of_the_shop() -> None:
    days = (
        "Day,Partner ID,Campaign,Clicks,Conversions,Revenue (₹)\n"
        "13-03-2025,1,Fit,20,3,800\n14-03-2025,2,Run,90,5,1400\n"
    )
    sold = {"Sales by day.csv": days.encode()}
    data = load(files(tracking_data=None) | sold, on_error="reject")
    assert totals(data) == WORKED


def test_payouts_without_a_basis_are_asked_about() -> None:
    paid = {"Fees.csv": b"Influencer,Type,Fee\n1,UPI,400\n2,NEFT,400\n3,UPI,90\n"}
    with pytest.raises(SchemaError, match="what the payouts pay for"):
        load(files(payouts=None) | paid)
    data = load(files(payouts=None) | paid, on_error="reject")
    assert totals(data) == WORKED
    assert set(data.tables["payouts"]["basis"]) == {"post"}


def test_amount_of_commission_is_paid_for_revenue() -> None:
    paid = {"Commissions paid.csv": b"Partner ID,Month,Commission %,Commission Amount\n"
            b"1,Mar-25,10%,800\n2,Mar-25,9%,90\n"}  # fmt: skip
    data = load(files(payouts=None) | paid, on_error="reject")
    assert totals(data) == WORKED
    assert set(data.tables["payouts"]["basis"]) == {"commission"}


def test_report_of_a_network_holds_what_its_orders_cost() -> None:
    sold = {"conversions.csv": (
        b"Conversion ID,Conversion Time,Affiliate ID,Affiliate Name,Offer,Sale Amount,Commission\n"
        b"c1,2025-03-02 10:00:00 UTC,91,Asha,Fit,800,64.5\n"
        b"c2,2025-03-03 10:00:00 UTC,92,Bo,Run,1400,140\n"
    )}  # fmt: skip
    data = load(sold, on_error="reject")
    assert totals(data)[:3] == (2200.0, 2.0, 204.5)


def test_nested_records_are_read_by_their_inner_names() -> None:
    rows = [row.split(",") for row in POSTS.strip().splitlines()[1:]]
    posts = [
        {"creator": {"id": i}, "platform": p, "timestamp": f"{d}T06:00:00+0000", "permalink": u,
         "caption": c, "insights": {"reach": int(r)}, "like_count": int(n), "comments_count": 1}
        for i, p, d, u, c, r, n, _ in rows
    ]  # fmt: skip
    data = load(files(posts=None) | {"media.json": json.dumps(posts).encode()})
    assert totals(data) == WORKED


def test_influencers_without_ids_go_by_their_names() -> None:
    names = ("Asha", "Bo", "Cy")

    def named(text: str) -> str:
        for i, name in enumerate(names, 1):
            text = text.replace(f"\n{i},", f"\n{name},").replace(f",{i},u", f",{name.lower()},u")
        return text.replace("influencer_id", "Influencer Name")

    profiles = "\n".join(row.split(",", 1)[1] for row in INFLUENCERS.splitlines())
    data = load(files(influencers=profiles, posts=named(POSTS), tracking_data=named(TRACKING),
                      payouts=named(PAYOUTS)))  # fmt: skip
    assert totals(data) == WORKED
    assert set(data.tables["tracking_data"]["influencer_id"]) == {"Asha", "Bo"}
    assert "names_as_ids" in codes(data)


def test_second_column_of_creators_is_their_name() -> None:
    profiles = INFLUENCERS.replace("id,name", "Creator ID,Creator")
    assert list(load(files(influencers=profiles)).tables["influencers"]["name"]) == [
        "Asha", "Bo", "Cy",
    ]  # fmt: skip


def test_merged_cells_hold_for_their_rows() -> None:
    merged = POSTS.replace("\n1,Instagram,2025-03-11", "\n,Instagram,2025-03-11") + (
        ",YouTube,2025-03-06,https://y.example/4,P4,0,0,0\n"
    )
    with pytest.raises(SchemaError, match="first row of each group"):
        load(files(posts=merged))
    posts = load(files(posts=merged), on_error="reject").tables["posts"]
    assert list(posts["influencer_id"]) == ["1", "1", "2", "2"]


def test_single_row_without_an_id_is_rejected() -> None:
    data = load(files(payouts=PAYOUTS.replace("\n2,order", "\n,order")), on_error="reject")
    assert totals(data)[2] == 490.0
    assert "empty_cell" in codes(data)


def test_thousands_of_a_header_may_have_a_fraction() -> None:
    head, *rows = INFLUENCERS.strip().splitlines()
    rows = [row.replace("0000,", "0.125,") for row in rows]
    profiles = "\n".join([head.replace("follower_count", "Followers (K)"), *rows])
    followers = load(files(influencers=profiles)).tables["influencers"]["follower_count"]
    assert list(followers) == [10125, 20125, 30125]


def test_what_orders_cost_may_be_called_the_payout_of_an_influencer() -> None:
    sold = (
        "Order ID,Order Date,Influencer Name,Category,Followers,Order Value,Influencer Payout\n"
        "o1,2025-03-13,Asha,Fitness,100,800,80\no2,2025-03-14,Bo,Yoga,200,1400,140\n"
    )
    data = load({"report.csv": sold.encode()}, on_error="reject")
    assert totals(data)[:3] == (2200.0, 2.0, 220.0)
    assert list(data.tables["influencers"]["id"]) == ["Asha", "Bo"]


CODED = """\
Order Date,Order No,Coupon Code,Product,Order Total
2025-03-13,o1,ASHA10,Whey,800
2025-03-14,o2,bo-10,Omega,1400
2025-03-15,o3,WELCOME,Whey,99
2025-03-15,o4,,Whey,50
"""


def test_orders_are_credited_by_the_codes_of_the_profiles() -> None:
    head, *rows = INFLUENCERS.strip().splitlines()
    coded = [f"{row},{code}" for row, code in zip(rows, ("asha10", "BO10", "CY10"), strict=True)]
    profiles = "\n".join([f"{head},Promo Code", *coded])
    sold = {"sales.csv": CODED.encode()}
    data = load(files(influencers=profiles, tracking_data=None) | sold, on_error="reject")
    assert totals(data)[:2] == (2200.0, 2.0)
    assert list(data.tables["tracking_data"]["influencer_id"]) == ["1", "2", None, None]
    note = next(f for f in data.quality.notes if f.code == "named_by_code")
    assert "of nobody: 2 other rows" in note.message


def test_numbers_alone_credit_nobody() -> None:
    sold = {"sales.csv": CODED.replace("ASHA10", "1").replace("bo-10", "2").encode()}
    data = load(files(tracking_data=None) | sold, on_error="reject")
    assert data.tables["tracking_data"]["influencer_id"].null_count() == 4


def test_remark_below_a_table_is_no_row() -> None:
    below = "\nNote: figures exclude GST\nGenerated by the portal on 2025-04-01\n"
    data = load(files(tracking_data=TRACKING + below, payouts=PAYOUTS + below))
    assert totals(data) == WORKED
    assert [f.count for f in data.quality.warnings if f.code == "remark_row"] == [2, 2]


def test_influencer_of_whom_only_the_name_is_known_stays() -> None:
    profiles = "name,category,gender,follower_count,platform\nAsha,Yoga,F,1,X\nBo Lin,,,,\n"
    data = load(files(influencers=profiles, posts=None, tracking_data=None, payouts=PAYOUTS
                      .replace("\n1,", "\nAsha,").replace("\n2,", "\nBo Lin,")
                      .replace("\n3,", "\nAsha,")))  # fmt: skip
    assert data.tables["influencers"].height == 2


def test_events_without_orders_or_money_are_touches() -> None:
    clicks = b"Source,Campaign,Influencer ID,User ID,Product,Timestamp\nBio,Fit,1,u9,W,2025-03-02\n"
    data = load(files() | {"clicks.csv": clicks}, on_error="reject")
    assert totals(data) == WORKED
    assert data.tables["tracking_data"]["orders"].to_list().count(0) == 1


def test_counts_may_name_what_they_count() -> None:
    profiles = INFLUENCERS.replace("10000", '"10,000 followers"').replace("20000", "20K subs")
    followers = load(files(influencers=profiles)).tables["influencers"]["follower_count"]
    assert list(followers) == [10000, 20000, 30000]


def test_what_an_archive_holds_beside_tables_is_said() -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("payouts.csv", PAYOUTS)
    with zipfile.ZipFile(outer, "w") as archive:
        for name, content in files(payouts=None).items():
            archive.writestr(f"all/{name}", content)
        archive.writestr("all/chart.png", b"png")
        archive.writestr("all/paid.zip", inner.getvalue())
    with pytest.raises(SchemaError, match="an archive within an archive is not opened"):
        load({"all.zip": outer.getvalue()})
    report = load({"all.zip": outer.getvalue()}, on_error="reject").quality
    beside = [f for f in report.notes if f.code != "orders_in_one_row"]
    assert {f.file for f in beside} == {"all.zip/all/chart.png"}


def test_names_are_no_ids_where_the_others_use_ids() -> None:
    profiles = INFLUENCERS.replace("id,name", "nr.,name")
    with pytest.raises(SchemaError, match="no column 'id'"):
        load(files(influencers=profiles))
