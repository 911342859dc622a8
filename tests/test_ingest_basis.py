"""What payouts pay for, in people's words."""

from __future__ import annotations

import polars as pl
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.ingest import load
from hk_metrics.ingest.values.basis import basis_frame, rates_in, read_basis
from hk_metrics.quality import Finding
from tests.small_files import files


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("post", "post"), ("Post", "post"), ("per_post", "post"), ("Per Reel", "post"),
        ("fixed", "post"), ("flat fee", "post"), ("order", "order"), ("per_order", "order"),
        ("Per Order", "order"), ("CPA", "order"), ("per sale", "order"),
        ("commission", "commission"), ("revenue share", "commission"), ("rev_share", "commission"),
        ("12.3% commission", "commission"), ("15%", "commission"), ("hybrid", "hybrid"),
        ("₹53,375/post + 6.2%", "hybrid"), ("flat + commission", "hybrid"), ("gift", None),
    ],
)  # fmt: skip
def test_wording_names_its_basis(text: str, basis: str | None) -> None:
    assert read_basis(text) == basis


def test_rates_are_taken_from_the_wording() -> None:
    assert rates_in("₹53,375/post + 6.2%", "INR") == (53375, 0.062)
    assert rates_in("12.3% commission", "INR") == (None, 0.123)
    assert rates_in("per post", "INR") == (None, None)


def _payouts(*rows: str) -> str:
    return "\n".join(["influencer_id,basis,rate,orders,total_payout", *rows]) + "\n"


def test_hybrid_keeps_both_rates() -> None:
    data = load(files(payouts=_payouts('1,"₹53,375/post + 6.2%",,,60000')))
    row = data.tables["payouts"].row(0, named=True)
    assert (row["basis"], row["rate"], row["commission_rate"]) == ("hybrid", 53375, 0.062)


def test_percent_without_a_sign_is_a_share() -> None:
    # Influencer 1 sold for 1,200: 12 per cent are 144.
    data = load(files(payouts=_payouts("1,commission,12,,144")))
    assert data.tables["payouts"]["rate"].to_list() == [0.12]
    assert "payout_arithmetic" not in {f.code for f in data.quality.warnings}


def test_order_rate_below_one_that_explains_the_total_is_a_share() -> None:
    # Influencer 2 sold for 1,000 in 4 orders: 0.1 of it is 100, and 4 × 0.1 is not.
    data = load(files(payouts=_payouts("2,order,0.1,4,100")))
    assert data.tables["payouts"]["basis"].to_list() == ["commission"]


def test_order_rate_below_one_is_a_share_where_the_sum_is_far_above_it() -> None:
    # 4 × 0.1 would be 0.40, and 77 was paid: no amount per order, though 0.1 of 1,000 is 100.
    data = load(files(payouts=_payouts("2,order,0.1,4,77")))
    assert data.tables["payouts"]["basis"].to_list() == ["commission"]
    note = _shares(data)
    assert (note.count, note.money) == (1, 77)
    assert "77.00 was paid, rate times orders would be 0.40" in note.message
    assert "payout_arithmetic" in {f.code for f in data.quality.warnings}


def _shares(data: Dataset) -> Finding:
    return next(f for f in data.quality.notes if f.code == "order_rate_is_share")


def test_column_of_shares_takes_along_what_nothing_else_explains() -> None:
    # 0.2 of influencer 1's 1,200 is 240; influencer 3 sold nothing that was tracked, and 2's sum
    # of 4 is ten times 4 × 0.1. The rate of 100 is an amount per order all the same.
    rows = ["1,order,0.2,,240", "2,order,0.1,4,4", "3,order,0.15,,90", "3,order,100,2,200"]
    data = load(files(payouts=_payouts(*rows)))
    assert data.tables["payouts"]["basis"].to_list() == [*["commission"] * 3, "order"]
    assert "rate times tracked revenue is what 1 of them got" in _shares(data).message


def test_half_a_rupee_per_order_stays_per_order() -> None:
    # 0.5 × 40 and 0.5 × 100 were paid; the third got a bonus, which makes no share of it.
    rows = ["1,order,0.5,40,20", "2,order,0.5,100,50", "3,order,0.5,10,500"]
    data = load(files(payouts=_payouts(*rows)))
    assert data.tables["payouts"]["basis"].to_list() == ["order"] * 3
    found = next(f for f in data.quality.warnings if f.code == "payout_arithmetic")
    assert (found.count, found.row) == (1, 4)


def test_each_file_has_its_own_column_of_rates() -> None:
    more = _payouts("1,order,0.5,40,20").encode()
    data = load(files(payouts=_payouts("2,order,0.1,4,100")) | {"more payouts.csv": more})
    assert dict(data.tables["payouts"].select("influencer_id", "basis").iter_rows()) == {
        "1": "order",
        "2": "commission",
    }


@pytest.mark.parametrize(
    ("basis", "rate", "read"),
    [
        ("order", "12.3% commission", ("commission", 0.123)),
        ("per post", "12.3 %", ("commission", 0.123)),
        ("order", "commission 12", ("commission", 0.12)),
        ("order", "0.1 rev share", ("commission", 0.1)),
        ("order", "₹50 commission", ("order", 50)),
        ("order", "₹50 + 5%", ("order", 50)),
        ("post", "₹500 per post", ("post", 500)),
    ],
)
def test_rate_that_names_a_share_says_what_is_paid_for(
    basis: str, rate: str, read: tuple[str, float]
) -> None:
    data = load(files(payouts=_payouts(f'3,{basis},"{rate}",,77', "2,order,100,4,400")))
    payouts = data.tables["payouts"]
    assert payouts.select("basis", "rate").row(0) == read
    assert payouts["basis"][1] == "order" and "commission_rate" not in payouts.columns
    codes = [f.code for f in data.quality.notes]
    assert codes.count("rate_is_share") == (read[0] == "commission")


@pytest.mark.parametrize("basis", ["hybrid", "post"])
def test_amount_and_share_in_the_rate_are_both_kept(basis: str) -> None:
    data = load(files(payouts=_payouts(f'1,{basis},"₹53,375/post + 6.2%",,60000')))
    row = data.tables["payouts"].row(0, named=True)
    assert (row["basis"], row["rate"], row["commission_rate"]) == ("hybrid", 53375, 0.062)


def test_mere_share_of_a_hybrid_is_no_amount_per_post() -> None:
    data = load(files(payouts=_payouts("1,hybrid,6.2%,,600")))
    row = data.tables["payouts"].row(0, named=True)
    assert (row["basis"], row["rate"], row["commission_rate"]) == ("hybrid", None, 0.062)


def test_share_within_a_period_is_found() -> None:
    # Of influencer 2's revenue, 250 came by 6 March: 0.2 of it is 50.
    head = "influencer_id,basis,rate,orders,total_payout,period\n"
    data = load(files(payouts=f"{head}2,order,0.2,1,50,2025-03-01/2025-03-10\n"))
    assert data.tables["payouts"]["basis"].to_list() == ["commission"]


def test_payouts_that_add_up_are_not_listed() -> None:
    # Influencer 3 is paid 90 for one post and has none: its rate explains it all the same.
    data = load(files())
    assert "payout_arithmetic" not in {f.code for f in data.quality.warnings}


def test_one_payout_per_order_works() -> None:
    rows = [f"{i},order,50,1,50" for i in (1, 1, 1, 2)]
    data = load(files(payouts=_payouts(*rows)))
    assert data.tables["payouts"].height == 4
    assert data.view().totals(["spend"])["spend"] == 200


def test_no_payouts_at_all_works_and_is_said() -> None:
    data = load(files(payouts=None))
    assert "no_table" in {f.code for f in data.quality.warnings}
    assert data.view().totals(["revenue"])["revenue"] == 2200


def test_unknown_wording_is_an_error_with_its_money() -> None:
    data = load(files(payouts=_payouts("1,gift,200,,400", "2,order,100,4,400")), on_error="reject")
    (error,) = data.quality.errors
    assert (error.code, error.value, error.money, error.row) == ("unknown_basis", "gift", 400, 2)


def test_endless_wording_says_nothing() -> None:
    words = basis_frame(pl.Series(["9" * 1_000_000, "per post"]), "INR")
    assert words["basis"].to_list() == [None, "post"] and words["amount"].null_count() == 2
