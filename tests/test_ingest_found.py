"""Small exports as people have them, that once came out wrong: each right value, by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load

FOUND = Path(__file__).resolve().parents[2] / "shared" / "data" / "found"
CASES = sorted(p for p in FOUND.iterdir() if p.is_dir()) if FOUND.is_dir() else []


@pytest.mark.skipif(not CASES, reason=f"the handed cases are not at {FOUND}")
@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_found_case_loads_as_expected(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text())
    if "must_ask" in expected:
        with pytest.raises(SchemaError, match=expected["must_ask"]):
            load(case / "in")
    data = load(case / "in", on_error=expected["load"])
    for got, want in _pairs(data, expected):
        assert math.isclose(got, want, rel_tol=1e-6, abs_tol=1e-6), expected["why"]
    if "trend_note" in expected:
        trend = data.view().trend("D", ["spend"])
        assert trend.attrs["undated"]["spend"] == expected["trend_note"]


def _pairs(data: Dataset, expected: dict[str, Any]) -> list[tuple[float, float]]:
    """Return what was expected with what came out."""
    view = data.view()
    totals = view.totals(list(expected["totals"]))
    pairs = [(float(totals[name]), want) for name, want in expected["totals"].items()]
    for dimension in ("influencer_id", "campaign", "brand"):
        for value, numbers in expected.get(f"by_{dimension.removesuffix('_id')}", {}).items():
            row = view.by(dimension, metrics=list(numbers)).loc[value]
            pairs += [(float(row[name]), want) for name, want in numbers.items()]
    for span in expected.get("between", []):
        spend = data.view(date=tuple(span["date"])).totals(["spend"])["spend"]
        pairs.append((float(spend), span["spend"]))
    return pairs


PROFILES = """id,name,category,gender,follower_count,platform,promo_code,instagram_url
I1,Asha Rao,Yoga,F,1000,Instagram,ASHA10,https://www.instagram.com/asha.moves/
I2,Bo Lee,Food,M,2000,YouTube,BO20,https://instagram.com/boeats
"""
ORDERS = "source,campaign,influencer_id,user_id,product,date,orders,revenue,tracking_id"


def _orders(*rows: str, more: str = "") -> bytes:
    return "\n".join([ORDERS + more, *rows]).encode()


def _load(on_error: str = "raise", **files: bytes) -> Dataset:
    named = {f"{name}.csv": content for name, content in files.items()}
    return load({"influencers.csv": PROFILES.encode()} | named, on_error=on_error)


def test_profile_address_names_its_influencer() -> None:
    posts = b"account,platform,date,url,caption,reach,likes,comments\n"
    posts += b"@Asha.Moves,Instagram,2025-05-01,u/1,c,100,5,1\nboeats,Instagram,2025-05-02,u/2,c,50,2,1\n"
    data = load(
        {"influencers.csv": PROFILES.encode(), "posts.csv": posts},
        mapping={"account": "influencer_id"},
    )
    assert data.view().by("influencer_id", metrics=["reach"])["reach"].to_dict() == {
        "I1": 100, "I2": 50,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "counts", "nothing"),
    [
        ("Validation", "valid", "not approved"),
        ("Conversion State", "Approved", "Reversed"),
        ("Qualified", "Yes", "No"),
        ("is_void", "0", "1"),
        ("Outcome", "won", "disqualified"),
    ],
)
def test_order_that_came_to_nothing_by_any_column_of_outcomes_is_left_out(
    column: str, counts: str, nothing: str
) -> None:
    rows = (
        f"s,c,I1,u1,Whey,2025-05-01,1,700,1,{counts}",
        f"s,c,I2,u2,Whey,2025-05-02,1,90,2,{nothing}",
    )
    data = _load(orders=_orders(*rows, more=f",{column}"))
    assert data.view().totals(["revenue", "orders"]).to_dict() == {"revenue": 700, "orders": 1}
    told = next(f for f in data.quality.warnings if f.code == "cancelled_order")
    assert told.money == 90


def test_declined_commission_of_a_sale_that_stands_is_asked_once() -> None:
    more = ",order_status,commission_status"
    rows = (
        "s,c,I1,u1,Whey,2025-05-01,1,700,1,completed,approved",
        "s,c,I2,u2,Whey,2025-05-02,1,90,2,completed,declined",
        "s,c,I2,u3,Whey,2025-05-02,1,30,3,completed,declined",
    )
    with pytest.raises(SchemaError, match=r"1 problem(.|\n)*2 orders with 120.00 of revenue"):
        _load(orders=_orders(*rows, more=more))
    data = _load("reject", orders=_orders(*rows, more=more))
    assert data.view().totals(["revenue"])["revenue"] == 820


def test_refund_by_order_number_goes_to_the_order_and_marks_it_returned() -> None:
    rows = (
        "s,c,I1,u1,Whey,2025-05-01,1,700,#51",
        "s,c,I2,u2,Whey,2025-05-02,1,90,#52",
        "s,c,,u1,Whey,2025-05-09,0,-700,51",
        "s,c,,u2,Whey,2025-05-09,0,-10,52",
    )
    view = _load(orders=_orders(*rows)).view()
    by = view.by("influencer_id", metrics=["revenue", "orders", "returned"])
    assert by.loc["I1"].to_list() == [0, 1, 1] and by.loc["I2"].to_list() == [80, 1, 0]


def test_files_of_sums_for_different_months_are_added_up() -> None:
    sums = "influencer_id,total_revenue,total_cost\nI1,{},10\nI2,{},20\n"
    both = {
        "performance_jan": sums.format(100, 200).encode(),
        "performance_feb": sums.format(300, 400).encode(),
    }
    assert _load("reject", **both).view().totals(["revenue"])["revenue"] == 1000
    again = {"performance": both["performance_jan"], "insights": both["performance_feb"]}
    with pytest.raises(SchemaError, match="not added up"):
        _load(**again)
    assert _load("reject", **again).view().totals(["revenue"])["revenue"] == 300


def test_ways_to_write_the_address_of_a_post_are_one_post() -> None:
    head = "influencer_id,platform,date,url,caption,reach,likes,comments\n"
    ways = (
        ("https://www.instagram.com/asha.moves/reel/Ab-1_/?utm_source=x", "instagram.com/p/Ab-1_"),
        ("https://m.youtube.com/shorts/aBc-9_xYz12?feature=share", "youtu.be/aBc-9_xYz12"),
        ("https://mobile.twitter.com/a/status/99?s=20", "https://x.com/a/status/99"),
    )
    for one, other in ways:
        row = "I1,Instagram,2025-05-01,{},c,{},5,1\n"
        data = _load(
            tracker=(head + row.format(one, 100)).encode(),
            insights=(head + row.format(other, 140)).encode(),
        )
        assert data.view().totals(["posts", "reach"]).to_dict() == {"posts": 1, "reach": 140}
