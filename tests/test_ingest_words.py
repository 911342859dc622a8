"""What people write where a name, an id or a header is wanted."""

from __future__ import annotations

import polars as pl
import pytest

from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from hk_metrics.ingest.headers.columns import map_columns
from hk_metrics.ingest.headers.languages import LANGUAGES
from hk_metrics.ingest.headers.names import meant, plain
from hk_metrics.ingest.headers.recognise import recognise
from hk_metrics.ingest.headers.synonyms import SYNONYMS, WEAKER
from hk_metrics.ingest.values.words import parse_id
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
    assert "'Bo' is influencer '2'" in note.message


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


@pytest.mark.parametrize(
    ("table", "header", "column"),
    [
        ("posts", "Video publish time", "date"), ("posts", "Unique viewers", "reach"),
        ("posts", "Comments added", "comments"), ("posts", "channelTitle", "influencer_id"),
        ("posts", "Reel Link", "url"), ("posts", "Account username", "influencer_id"),
        ("tracking_data", "Media Partner Id", "influencer_id"),
        ("tracking_data", "Action Date", "date"), ("tracking_data", "Order sum", "revenue"),
        ("tracking_data", "No. of Sales", "orders"), ("tracking_data", "GMV", "revenue"),
        ("tracking_data", "First user source", "source"), ("tracking_data", "AWB", None),
        ("tracking_data", "Coupon Code", None), ("tracking_data", "Created", "date"),
        ("payouts", "Commercials", "total_payout"), ("payouts", "Affiliate Commission",
        "total_payout"), ("payouts", "Creator Fee", "total_payout"),
        ("influencers", "Vertical", "category"), ("influencers", "Location", "city"),
        ("influencers", "Instagram Followers", "follower_count"),
    ],
)  # fmt: skip
def test_word_of_the_trade_means_its_column(table: str, header: str, column: str | None) -> None:
    hit = meant(table, header)
    assert (hit and hit[0]) == column


@pytest.mark.parametrize("table", TABLES)
def test_word_means_one_column_of_a_table(table: str) -> None:
    words = [plain(w) for ws in SYNONYMS[table].values() for w in {plain(w) for w in ws}]
    words += [plain(w) for ws in LANGUAGES[table].values() for w in {plain(w) for w in ws}]
    words += [plain(w) for ws in WEAKER.get(table, {}).values() for w in ws]
    assert len(words) == len(set(words))


TWO = [
    ("posts", "date", "day"), ("posts", "published_at", "created_at"),
    ("payouts", "Campaign Name", "Campaign ID"), ("tracking_data", "brand", "sub_brand"),
    ("tracking_data", "Product name", "SKU"), ("tracking_data", "order_date", "timestamp"),
    ("tracking_data", "customer_id", "email"), ("payouts", "payment_date", "invoice_date"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "better", "other"), TWO, ids=lambda words: str(words))
def test_header_that_says_it_best_is_taken_of_two(table: str, better: str, other: str) -> None:
    for headers in ([better, other], [other, better]):
        columns = map_columns(table, headers)
        assert better in columns.chosen and columns.ignored == (other,)


def test_second_header_of_an_attribute_is_kept_under_its_own_name() -> None:
    columns = map_columns("influencers", ["location", "city", "Creator", "Creator ID", "ID"])
    assert columns.chosen == {
        "location": "location", "city": "city", "Creator": "name", "Creator ID": "creator_id",
        "ID": "id",
    }  # fmt: skip


def test_reference_to_an_influencer_is_no_attribute_of_one() -> None:
    columns = map_columns("influencers", ["influencer_id", "ID", "category"])
    assert columns.ignored == ("influencer_id",) and columns.chosen["ID"] == "id"


def test_column_answered_twice_is_the_one_named_last() -> None:
    columns = map_columns("posts", ["a", "b"], {"a": "reach", "b": "reach"})
    assert columns.chosen == {"b": "reach"} and columns.ignored == ("a",)


def test_known_word_is_taken_for_no_other_column() -> None:
    # "sales" is spelt like "saves", "transaction_id" like "transactions", which are orders.
    assert map_columns("posts", ["sales", "discount"]).chosen == {}
    assert map_columns("payouts", ["transaction_id", "published_on"]).chosen == {}


def test_rate_is_taken_for_no_sum() -> None:
    columns = map_columns("payouts", ["conversion_rate", "commision_rate", "avg_orders"])
    assert [m.column for m in columns.matches] == [None, "commission_rate", None]


def _with(text: str, header: str, cells: list[str]) -> str:
    lines = zip(text.splitlines(), [header, *cells], strict=True)
    return "\n".join(",".join(pair) for pair in lines)


def test_location_is_the_city_where_nothing_else_is() -> None:
    text = _with(INFLUENCERS, "location", ["Pune", "Delhi", "Goa"])
    assert load(files(influencers=text)).tables["influencers"]["city"][0] == "Pune"
    both = _with(text, "city", ["Mumbai", "Delhi", "Goa"])
    table = load(files(influencers=both)).tables["influencers"]
    assert (table["city"][0], table["location"][0]) == ("Mumbai", "Pune")


def test_attribute_that_looks_like_another_is_kept_and_noted() -> None:
    data = load(files(influencers=_with(INFLUENCERS, "influencer_type", ["A", "B", "A"])))
    assert data.view().by("influencer_type", ["orders"])["orders"].to_dict() == {"A": 4, "B": 4}
    note = next(f for f in data.quality.notes if f.code == "kept_attribute")
    assert note.column == "influencer_type" and "'tier'" in note.message
    named = load(files(influencers=_with(INFLUENCERS, "influencer_type", ["A", "B", "A"])),
                 mapping={"influencer_type": "tier"})  # fmt: skip
    assert named.tables["influencers"]["tier"].to_list() == ["A", "B", "A"]


def test_doubt_about_money_is_asked() -> None:
    with pytest.raises(SchemaError, match="looks like 'total_payout'"):
        load(files(payouts=PAYOUTS.replace("total_payout", "totl_payot")))


@pytest.mark.parametrize(
    ("column", "cells", "lost"),
    [("url", 3, "without a link"), ("caption", 4, "disclosure of ads")],
)
def test_posts_without_a_description_load_and_say_what_is_not_shown(
    column: str, cells: int, lost: str
) -> None:
    rows = [line.split(",") for line in POSTS.splitlines()]
    data = load(files(posts="\n".join(",".join(r[:cells] + r[cells + 1 :]) for r in rows)))
    assert data.view().totals(["reach"])["reach"] == 10_000
    warning = next(f for f in data.quality.warnings if f.code == "missing_description")
    assert warning.column == column and lost in warning.message


def test_missing_column_is_asked_about_where_a_header_may_be_it() -> None:
    posts = POSTS.replace("caption", "words of the caption")
    with pytest.raises(SchemaError, match="might be 'words of the caption'"):
        load(files(posts=posts))


def test_missing_column_might_be_no_header_whose_cells_are_something_else() -> None:
    posts = _with(POSTS.replace("date", "xyz"), "update_rate", ["0.098", "0.067", "0.1"])
    with pytest.raises(SchemaError) as raised:
        load(files(posts=posts))
    assert "there is no column 'date'" in str(raised.value)
    assert "update_rate" not in str(raised.value).split("not used")[0]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["3", None, "42.0", "7.0"], "'42.0' is '42'"),
        (["12", "5,678", None], "'5,678' is '5678'"),
    ],
)
def test_remark_about_ids_quotes_a_cell_of_the_file(cells: list[str | None], said: str) -> None:
    (remark,) = parse_id(pl.Series("id", cells)).remarks
    assert remark.message.endswith(said)


@pytest.mark.parametrize(
    ("table", "column", "lost"),
    [
        ("influencers", "gender", "no breakdown by gender"),
        ("tracking_data", "user_id", "customers are not counted"),
        ("payouts", "rate", "rates cannot be checked"),
    ],
)
def test_column_that_may_be_lacking_is_asked_about_only_where_another_may_be_it(
    table: str, column: str, lost: str
) -> None:
    text = {"influencers": INFLUENCERS, "tracking_data": TRACKING, "payouts": PAYOUTS}[table]
    rows = [line.split(",") for line in text.splitlines()]
    at = rows[0].index(column)
    less = "\n".join(",".join(r[:at] + r[at + 1 :]) for r in rows)
    data = load(files(**{table: less}))
    assert data.view().totals(["revenue", "spend"]).to_list() == [2200, 890]
    assert [f for f in data.quality.warnings if f.column == column and lost in f.message]


def test_column_of_which_another_may_be_the_unknown_name_is_asked_about() -> None:
    with pytest.raises(SchemaError, match="there is no column 'product'"):
        load(files(tracking_data=TRACKING.replace("product", "stuff_bought")))
