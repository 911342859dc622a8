"""Payouts per post against the posts in the data, and what their sums say."""

from __future__ import annotations

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.ingest import load
from hk_metrics.quality import Finding
from tests.small_files import POSTS, files

CODES = {"payout_arithmetic", "payout_posts", "paid_without_posts", "doubtful_basis"}


def paid(*rows: str, header: str = "", posts: str | None = POSTS) -> Dataset:
    head = f"influencer_id,basis,rate,orders,total_payout{header}"
    return load(files(payouts="\n".join([head, *rows]) + "\n", posts=posts))


def listed(data: Dataset) -> dict[str, Finding]:
    return {f.code: f for f in data.quality.findings if f.code in CODES}


@pytest.mark.parametrize(
    "header", ["posts", "Posts Count", "number_of_posts", "No. of Posts", "deliverables"]
)
def test_number_of_posts_is_what_a_payout_per_post_is_for(header: str) -> None:
    data = paid("1,post,150,0,300,2", header=f",{header}")
    assert data.tables["payouts"]["posts"].to_list() == [2]
    assert not listed(data)


def test_deliverables_in_words_are_no_number_of_posts() -> None:
    data = paid("1,post,150,0,300,2 reels + 1 story", header=",deliverables")
    assert "posts" not in data.tables["payouts"].columns


def test_rate_that_the_number_of_posts_does_not_explain_is_listed() -> None:
    # 150 for each of 2 posts would be 300, not 450; that 450 is three times 150 does not matter.
    finding = listed(paid("1,post,150,0,450,2", header=",posts"))["payout_arithmetic"]
    assert finding.message.endswith(
        "influencer 1 was paid 450.00 for 2 posts at 150 each, which would be 300.00"
    )


def test_more_posts_paid_than_there_are_are_no_fault_of_the_rate() -> None:
    data = paid("1,post,150,0,750", "2,post,90,0,90")
    assert set(listed(data)) == {"payout_posts"}
    assert listed(data)["payout_posts"].message == (
        "1 influencer paid for another number of posts than there are: influencer 1 was paid for "
        "5 posts, 2 are in the data"
    )


def test_one_payout_for_fewer_posts_is_told_and_one_of_several_is_not() -> None:
    assert set(listed(paid("1,post,150,0,150"))) == {"payout_posts"}
    assert not listed(paid("1,post,150,0,150", "1,order,50,4,200"))


def test_several_payouts_are_added_up_before_they_are_compared() -> None:
    assert not listed(paid("1,post,150,0,150", "1,post,120,0,120"))
    finding = listed(paid("1,post,150,0,300", "1,post,120,0,120"))["payout_posts"]
    assert "paid for 3 posts, 2 are in the data" in finding.message


def test_posts_are_compared_within_the_period() -> None:
    assert not listed(paid("1,post,150,0,150,2025-03-01/2025-03-10", header=",period"))


def test_rate_that_makes_no_whole_number_of_posts_is_listed() -> None:
    assert set(listed(paid("1,post,150,0,400"))) == {"payout_arithmetic"}


def test_influencers_paid_per_post_without_posts_are_named_and_not_their_rates() -> None:
    data = paid("1,post,150,0,300", "3,post,90,0,270")
    assert set(listed(data)) == {"paid_without_posts"}
    finding = listed(data)["paid_without_posts"]
    assert finding.message == "1 influencer was paid per post and has no posts in the data: 3"
    assert "rate" not in finding.fix


def test_without_a_table_of_posts_nothing_is_said_of_them() -> None:
    assert not listed(paid("1,post,150,6,900", "3,post,90,0,170", posts=None))


def test_total_that_orders_explain_puts_the_basis_in_doubt() -> None:
    # 2,000 × 6 orders is 12,000; Asha has 2 posts.
    data = paid("1,post,2000,6,12000")
    assert set(listed(data)) == {"doubtful_basis"}
    assert listed(data)["doubtful_basis"].message == (
        "1 payout whose basis is in doubt: influencer 1 was paid 12,000.00 per post at 2,000, "
        "which is 6 orders, not 2 posts"
    )


def test_total_that_posts_explain_puts_a_payout_per_order_in_doubt() -> None:
    # 150 × 2 posts is 300; for 4 orders it would be 600.
    message = listed(paid("1,order,150,4,300"))["doubtful_basis"].message
    assert message.endswith("which is 2 posts, not 4 orders")


def test_one_order_explains_nothing() -> None:
    assert "doubtful_basis" not in listed(paid("1,post,2000,1,2000"))


def test_orders_paid_and_tracked_are_told_in_words() -> None:
    found = paid("2,order,100,3,300").quality.warnings
    (message,) = [f.message for f in found if f.code == "payout_orders"]
    assert message.endswith("influencer 2 was paid for 3 orders, 4 were tracked")


def test_number_of_a_post_is_no_number_of_posts() -> None:
    data = paid("1,post,150,0,150,7", "1,post,150,0,150,8", header=",post_id")
    assert "posts" not in data.tables["payouts"].columns
