"""What two ledgers of the same tables must agree on: money to the paisa, customers exactly."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hk_metrics.ledger import Ledger
from hk_metrics.view import View
from hk_metrics.view.query import Query

# What becomes of orders that are still open is told by all orders of a brand: not by parts of them.
OF_THE_WHOLE = ("matured_revenue", "open_revenue")
CUSTOMERS = ("customers", "new_customers", "repeat_customers")


def assert_equal(
    one: Ledger, other: Ledger, *, pairs: bool = False, without: tuple[str, ...] = ()
) -> None:
    """Compare every additive metric and the customers, by every dimension and over time.

    ``without`` names measures of the second that the first need not have.
    """
    mine, theirs = View(one), View(other)
    assert set(one.measures) == set(other.measures) - set(without)
    assert (one.estimated, one.absent) == (other.estimated, other.absent)
    assert one.dimensions == other.dimensions or set(one.dimensions) == set(other.dimensions)
    additive = tuple(m for m in mine.metrics if m in one.measures)
    counted = tuple(m for m in CUSTOMERS if m in mine.metrics)
    groups: list[tuple[str, ...]] = [(), *((d,) for d in one.dimensions)]
    groups += [*combinations(one.dimensions, 2)] if pairs else []
    names = (*additive, *counted)
    queries = {str(by): Query(names, by=by) for by in groups}
    queries |= {freq: Query(names, freq=freq) for freq in ("D", "M")}
    left, right = mine.collect(queries), theirs.collect(queries)
    for name in queries:
        compare(left[name], right[name], counted, name)


def compare(left: pd.DataFrame, right: pd.DataFrame, counted: tuple[str, ...], name: Any) -> None:
    left, right = (frame.sort_index() for frame in (left, right))
    assert list(left.index) == list(right.index), name
    for column in left.columns:
        if column in counted:
            assert np.array_equal(left[column], right[column], equal_nan=True), (name, column)
        else:
            assert left[column].tolist() == pytest.approx(
                right[column].tolist(), rel=1e-9, abs=1e-6, nan_ok=True
            ), (name, column)
