from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hk_metrics.ranking.likeness import nearest, score

PROFILES = pd.DataFrame(
    {
        "category": ["Yoga", "Yoga", "Yoga", None],
        "platform": ["YouTube", "YouTube", "Twitter", None],
        "follower_count": [1_000, 900_000, 1_100, None],
    },
    index=["a", "b", "c", "d"],
)


def test_nearest_share_category_and_platform_before_size() -> None:
    assert nearest(PROFILES, "a") == ["b", "c", "d"]


def test_nearest_of_a_profile_without_attributes_go_by_size() -> None:
    assert nearest(PROFILES, "d", 1) == ["a"]


def test_nearest_of_an_unknown_influencer_are_none() -> None:
    assert nearest(PROFILES, "nobody") == []


def test_score_weighs_percentile_ranks() -> None:
    people = pd.DataFrame({"revenue": [1.0, 2.0], "roas": [9.0, 3.0]})
    # Ranks 50 and 100 one way, 100 and 50 the other: 3 to 1.
    assert score(people, {"revenue": 3, "roas": 1}).tolist() == [62.5, 87.5]


def test_score_without_weights_is_unknown() -> None:
    assert score(pd.DataFrame({"revenue": [1.0]}), {"revenue": 0}).isna().all()


def test_score_of_nobody_is_empty() -> None:
    assert score(pd.DataFrame({"revenue": []}), {"revenue": 1}).empty


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(0.1, 100))
def test_score_depends_on_proportions_only(values: list[float], factor: float) -> None:
    people = pd.DataFrame({"revenue": values, "roas": values[::-1]})
    once = score(people, {"revenue": 1, "roas": 2})
    again = score(people, {"revenue": factor, "roas": 2 * factor})
    assert once.tolist() == pytest.approx(again.tolist())
    assert once.between(0, 100 + 1e-9).all()
