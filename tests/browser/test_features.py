"""The table of features names tests that exist."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.browser.features import FEATURES

NAMED = [(page, what, test) for page, found in FEATURES.items() for what, test in found.items()]
COUNTED = {"Home": 2, "Upload": 4, "Campaigns": 9, "Influencers": 13, "Payouts": 16, "ROI": 13,
           "Everywhere": 6}  # fmt: skip


def test_table_holds_every_feature() -> None:
    assert {page: len(found) for page, found in FEATURES.items()} == COUNTED


@pytest.mark.parametrize(("page", "feature", "test"), NAMED)
def test_feature_is_exercised_by_a_test_that_exists(page: str, feature: str, test: str) -> None:
    file, name = test.split("::")
    module = import_module(f"tests.browser.{file.removesuffix('.py')}")
    assert callable(getattr(module, name))
