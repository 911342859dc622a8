"""The ledger built a part at a time is the ledger built at once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hk_metrics as hk
from hk_metrics.ledger import Ledger
from hk_metrics.ledger.lookups import lookups_of
from hk_metrics.ledger.partitions import build_in_parts, divided
from hk_metrics.view import View
from tests.equal_ledgers import assert_equal
from tests.test_ledger import tables
from tests.worked_example import TABLES

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SETS = [
    "reference", "messy/title-case-dmy-bom", "messy/commission-fractions",
    "messy/per-order-datetimes", "messy/before-after-period", "messy/paid-organic-source",
]  # fmt: skip


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(tables(), st.integers(1, 5))
def test_partitions_of_random_tables_equal_the_whole(
    frames: dict[str, pl.DataFrame], parts: int
) -> None:
    assert_equal(build_in_parts(frames, parts=parts), Ledger.build(frames).compact())


def test_partitions_of_the_sample_equal_the_whole() -> None:
    data, _ = hk.simulate(seed=7)
    assert_equal(build_in_parts(data.tables, data.settings, 8), data.ledger)


@pytest.mark.parametrize("name", SETS)
def test_partitions_of_real_files_equal_the_whole(name: str) -> None:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    data = hk.load(folder, on_error="reject")
    assert_equal(build_in_parts(data.tables, data.settings, 5), data.ledger)


def test_partitions_count_a_user_of_two_influencers_once() -> None:
    # u1 bought from influencer 1 alone; here his second order goes to influencer 2.
    moved = pl.when(pl.col("revenue") == 400).then(pl.lit("2")).otherwise("influencer_id")
    tracking = TABLES["tracking_data"].with_columns(influencer_id=moved)
    view = View(build_in_parts({**TABLES, "tracking_data": tracking}, parts=7))
    counts = view.totals(["customers", "new_customers", "repeat_customers"])
    assert counts.to_list() == [4, 4, 1]
    assert view.by("influencer_id", ["new_customers"])["new_customers"].to_dict() == {
        "1": 2, "2": 2, "3": 0
    }  # fmt: skip


def test_partitions_hold_all_rows_of_an_influencer_together() -> None:
    data, _ = hk.simulate(seed=7, influencers=30, days=20, events=500)
    parts = list(divided(data.tables, 4))
    assert sum(p["tracking_data"].height for p in parts) == data.tables["tracking_data"].height
    homes = [set(p["influencers"]["id"]) for p in parts]
    assert all(homes), "every part of four has some of thirty influencers"
    for part, home in zip(parts, homes, strict=True):
        for name in ("posts", "payouts", "tracking_data"):
            assert set(part[name]["influencer_id"].drop_nulls()) <= home


def test_facts_of_parts_add_up_to_those_of_the_whole() -> None:
    import narwhals as nw

    def lookups(frames: dict[str, pl.DataFrame]):
        return lookups_of({n: nw.from_native(f).lazy() for n, f in frames.items()})

    first, *rest = map(lookups, divided(TABLES, 3))
    assert sum(rest, start=first) == lookups(TABLES)
