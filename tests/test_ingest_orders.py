"""Orders that do not count, no longer count, or count elsewhere: status, currency, codes, refunds."""

from __future__ import annotations

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from hk_metrics.quality import Finding
from hk_metrics.settings import Settings
from tests.small_files import CREATORS, INFLUENCERS, SHOP, files

HEAD = "Order ID,Order Date,Influencer ID,User,Source,Campaign,Product,Order Total,{}\n"
ROWS = (("o1", 800), ("o2", 1400), ("o3", 99), ("o4", 50))


def orders(header: str, *words: str) -> str:
    """Four orders of influencer 1 of 800, 1,400, 99 and 50, each with a word."""
    lines = (f"{name},2025-03-13,1,u,s,c,Whey,{money},{word}\n"
             for (name, money), word in zip(ROWS, words, strict=True))  # fmt: skip
    return HEAD.format(header) + "".join(lines)


def sold(*texts: str) -> Dataset:
    named = {f"orders {i}.csv": text.encode() for i, text in enumerate(texts)}
    return load(files(tracking_data=None) | named)


def shop(*texts: str, creators: str = CREATORS, **settings: str) -> Dataset:
    named = {f"orders_export_{i}.csv": text.encode() for i, text in enumerate(texts)}
    return load({**named, "creators.csv": creators.encode()}, settings=Settings(**settings))


def found(data: Dataset, code: str) -> Finding:
    return next(f for f in data.quality.findings if f.code == code)


def codes(data: Dataset) -> set[str]:
    return {f.code for f in data.quality.findings}


def revenue(data: Dataset) -> float:
    return float(data.view().totals(["revenue"])["revenue"])


@pytest.mark.parametrize(
    "header", ["Status", "Order Status", "Payment Status", "fulfilment_status"]
)
@pytest.mark.parametrize("word", ["Cancelled", "CANCELED", "failed", "Payment Failed", "Voided"])
def test_cancelled_order_is_left_out_with_its_money(header: str, word: str) -> None:
    data = sold(orders(header, "Delivered", word, "Shipped", "Paid"))
    warning = found(data, "cancelled_order")
    assert (warning.severity, warning.row, warning.count, warning.money) == ("warning", 3, 1, 1400)
    assert f"by {header!r} (1,400.00 of revenue), left out: {word!r}" in warning.message
    assert revenue(data) == 800 + 99 + 50
    assert not any(header in f.message for f in data.quality.notes if f.code == "ignored_column")


def test_order_with_a_day_of_cancelling_is_left_out() -> None:
    data = sold(orders("Cancelled at", "", "2025-03-14", "", ""))
    assert (found(data, "cancelled_order").money, revenue(data)) == (1400, 949)


def test_orders_are_counted_where_the_user_leaves_their_status_out() -> None:
    text = orders("Status", "Delivered", "Cancelled", "Delivered", "Delivered")
    data = load(files(tracking_data=None) | {"orders.csv": text.encode()}, mapping={"Status": None})
    assert revenue(data) == 2349


@pytest.mark.parametrize("word", ["Returned", "Refunded", "RTO"])
def test_order_that_came_back_is_marked_and_its_money_named(word: str) -> None:
    data = sold(orders("Status", "Delivered", "Delivered", word, word))
    assert data.view().totals(["returned", "revenue"]).to_list() == [2, 2349]
    warning = found(data, "returned_orders")
    assert (warning.severity, warning.count, warning.money) == ("warning", 2, 149)
    assert "the revenue stands" in warning.message


def test_pending_order_counts_and_is_listed() -> None:
    data = sold(orders("Payment Status", "Paid", "Pending", "on-hold", "Paid"))
    warning = found(data, "pending_orders")
    assert (warning.severity, warning.count, warning.money) == ("warning", 2, 1499)
    assert revenue(data) == 2349


def test_unknown_word_of_a_status_is_noted() -> None:
    data = sold(orders("Status", "Delivered", "Cancelled", "Fishy", "Shipped"))
    note = found(data, "unknown_status")
    assert (note.severity, note.count) == ("note", 1)
    assert "'Fishy'" in note.message
    assert revenue(data) == 949


def test_status_of_something_else_says_nothing_of_orders() -> None:
    data = sold(orders("Status", "Gold", "Silver", "Void", "Bronze"))
    assert revenue(data) == 2349
    assert "'Status'" in found(data, "ignored_column").message


def test_payout_that_came_to_nothing_is_no_spend_and_one_that_is_due_is() -> None:
    rows = ["Cancelled", "Queued", "Processed", "Reversed"]
    paid = "influencer_id,basis,rate,orders,total_payout,status\n" + "".join(
        f"1,post,200,,{100 * 2**i},{word}\n" for i, word in enumerate(rows)
    )
    data = load(files(payouts=paid))
    assert data.view().totals(["spend"])["spend"] == 200 + 400
    told = {f.code: f.money for f in data.quality.findings}
    assert (told["failed_payout"], told["due_payouts"]) == (100 + 800, 200)
    assert data.tables["payouts"]["due"].to_list() == [True, False]


def test_later_export_says_that_an_order_was_cancelled() -> None:
    first = orders("Status", "Delivered", "Delivered", "Delivered", "Delivered")
    later = orders("Status", "Delivered", "Cancelled", "Delivered", "Delivered")
    more = later + "o5,2025-03-14,1,u,s,c,Whey,7,Delivered\n"
    own = first + "o6,2025-03-14,1,u,s,c,Whey,5,Delivered\n"
    named = {"a.csv": own.encode(), "b.csv": more.encode()}
    data = load(files(tracking_data=None) | named, on_error="reject")
    assert revenue(data) == 800 + 99 + 50 + 7 + 5
    elsewhere = found(data, "cancelled_elsewhere")
    assert (elsewhere.file, elsewhere.count, elsewhere.money) == ("a.csv", 1, 1400)


def test_shops_order_in_another_currency_is_refused() -> None:
    with pytest.raises(SchemaError, match="'EUR' Fix: convert them to INR first"):
        shop(SHOP.replace("paid,INR,300", "paid,EUR,300"))


def test_shops_currency_is_that_of_the_settings() -> None:
    assert revenue(shop(SHOP.replace("INR", "TRY"), currency="TRY")) == 1350


def test_shops_cancelled_and_expired_orders_are_left_out() -> None:
    text = SHOP.replace("Refunded Amount", "Cancelled at,Refunded Amount")
    head, *rows = text.replace("voided", "expired").splitlines()
    cut = [row.rsplit(",", 2) for row in rows]
    days = ["", "", "", "2025-03-02 11:00:00 +0530", ""]
    lines = [",".join([a, day, *rest]) for (a, *rest), day in zip(cut, days, strict=True)]
    data = shop("\n".join([head, *lines]))
    left = {f.column: (f.count, f.money) for f in data.quality.warnings
            if f.code == "cancelled_order"}  # fmt: skip
    assert left == {"Financial Status": (1, 700), "Cancelled at": (1, 300)}
    assert revenue(data) == 1350


def test_refund_in_a_later_export_counts_once() -> None:
    first = SHOP.replace("partially_refunded", "paid").replace("500,150,HK", "500,0,HK")
    first += "#0999,z@x.in,paid,INR,9,9,,0,2025-02-28 10:00:00 +0530,1,Omega,9,0,HK\n"
    later = SHOP + "#1005,e@x.in,paid,INR,40,40,ASHA10,0,2025-03-03 10:00:00 +0530,1,Whey,40,0,MB\n"
    named = {
        "jan.csv": first.encode(),
        "feb.csv": later.encode(),
        "creators.csv": CREATORS.encode(),
    }
    # Orders of 1,000, 500 and 40 less the 150.
    assert revenue(load(named, on_error="reject")) == 1390


def test_refund_that_grew_counts_as_it_is_now() -> None:
    more = SHOP.replace("500,150,HK", "500,400,HK")
    named = {"feb.csv": SHOP.encode(), "mar.csv": more.encode(), "creators.csv": CREATORS.encode()}
    assert revenue(load(named, on_error="reject")) == 1500 - 400


def test_code_among_several_credits_its_owner() -> None:
    data = shop(SHOP.replace(",ASHA10,100", ',"WELCOME5, asha10",100'))
    assert data.tables["tracking_data"]["influencer_id"].to_list() == ["1", "1", None, "1"]
    assert "several_codes" not in codes(data)


@pytest.mark.parametrize("between", [", ", ";", " | ", "+", " "])
def test_first_of_several_owned_codes_is_credited_with_a_warning(between: str) -> None:
    head, *rows = INFLUENCERS.strip().splitlines()
    coded = [f"{row},{code}" for row, code in zip(rows, ("ASHA10", "BO10", "CY10"), strict=True)]
    profiles = "\n".join([f"{head},Promo Code", *coded])
    text = (
        "Order Date,Order No,Coupon Code,Product,Order Total\n"
        f'2025-03-13,o1,"WELCOME{between}BO10{between}ASHA10",Whey,800\n'
        f'2025-03-14,o2,"CY10{between}SAVE5",Whey,5\n'
    )
    given = files(influencers=profiles, tracking_data=None) | {"sales.csv": text.encode()}
    data = load(given, on_error="reject")
    assert data.tables["tracking_data"]["influencer_id"].to_list() == ["2", "3"]
    warning = found(data, "several_codes")
    assert (warning.severity, warning.count, warning.column) == ("warning", 1, "Coupon Code")


NOTED = """\
Name,Email,Total,Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,\
Note Attributes,Landing Site
#1,a@x,100,ASHA10,2025-03-01,1,Whey,100,"gift: no
UTM source: Instagram
UTM campaign: Big Sale 5% off",
#2,b@x,200,,2025-03-01,1,Whey,200,,/p?utm_campaign=Summer%20Fit&utm_source=paid_ad#top
#3,c@x,300,ASHA10,2025-03-01,1,Whey,300,utm_source: organic,/p?utm_source=(not set)
#4,d@x,400,,2025-03-01,1,Whey,400,,/p
#5,e@x,500,,2025-03-01,1,Whey,500,,/p?utm_medium=email
"""


def test_shops_notes_and_links_say_source_and_campaign() -> None:
    tracking = shop(NOTED).tables["tracking_data"]
    assert tracking.select("source", "campaign").rows() == [
        ("Instagram", "Big Sale 5% off"), ("paid_ad", "Summer Fit"), ("PromoCode", None),
        ("Organic", None), ("email", None),
    ]  # fmt: skip
    assert tracking["influencer_id"].to_list() == ["1", None, "1", None, None]
