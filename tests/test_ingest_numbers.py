"""Amounts as people write them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hk_metrics.ingest.values.numbers import parse_number


def _read(*texts: str | None, **options: bool) -> list[float | None]:
    return parse_number(pl.Series(list(texts), dtype=pl.String), "INR", **options).values.to_list()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("₹1,23,456.50", 123456.5), ("Rs. 500", 500), ("rs 20", 20), ("INR 1,00,000", 100000),
        ("12 INR", 12), ("500/-", 500), ("(500)", -500), ("(₹1,500)", -1500), ("-₹5", -5),
        ("500-", -500), ("−7", -7), ("1,234,567.89", 1234567.89), ("1'234.50", 1234.5),
        ("1 234.50", 1234.5), ("12.5K", 12500), ("1.2M", 1200000), ("3 lakh", 300000),
        ("48,5B", 48500), ("1.2B", 1200000000), ("2 Cr", 20000000), ("1e5", 100000), ("+5", 5), (".5", 0.5), ("１２", 12),
    ],
)  # fmt: skip
def test_amount_is_read(text: str, amount: float) -> None:
    assert _read(text, "x") == [amount, None]


@pytest.mark.parametrize("text", ["abc", "", "--5", "1,2,3", "5kk", "₹", "12 %", "inf", "nan"])
def test_what_is_no_amount_fails(text: str) -> None:
    parsed = parse_number(pl.Series([text, "1"]), "INR")
    assert parsed.values.to_list() == [None, 1.0]
    assert parsed.failed["not_a_number"].to_list() == [True, False]


def test_decimal_comma_is_decided_on_the_column() -> None:
    # 1.234,50 leaves no doubt, so 2.000 is two thousand and 3,5 three and a half.
    assert _read("1.234,50", "2.000", "3,5", "12") == [1234.5, 2000, 3.5, 12]
    assert _read("1,234.50", "2.000", "3,500") == [1234.5, 2.0, 3500]


def test_counts_are_never_fractions() -> None:
    assert _read("12.345", "1.200", "30", whole=True) == [12345, 1200, 30]
    assert _read("12.5", "30", whole=True) == [12.5, 30]


def test_percent_is_a_share_only_where_asked() -> None:
    assert _read("6%", "6.2 %", "0.07", percent=True) == pytest.approx([0.06, 0.062, 0.07])
    assert _read("6%", "1") == [None, 1]


@pytest.mark.parametrize("text", ["$500", "500 USD", "US$3", "€ 5", "5 €", "£2"])
def test_other_currency_is_refused(text: str) -> None:
    parsed = parse_number(pl.Series([text, "₹5"]), "INR")
    assert parsed.values.to_list() == [None, 5.0]
    assert parsed.failed["other_currency"].to_list() == [True, False]


def test_own_currency_follows_the_settings() -> None:
    assert parse_number(pl.Series(["$500"]), "USD").values.to_list() == [500]


def test_what_was_read_is_said() -> None:
    (remark,) = parse_number(pl.Series(["₹1,000", "5", "₹2,000"]), "INR").remarks
    assert remark.count == 2
    assert "'₹1,000'" in remark.message and "1000" in remark.message


@settings(deadline=None)
@given(st.lists(st.floats(-1e12, 1e12).map(lambda x: round(x, 2)), min_size=1))
def test_plain_numbers_are_read_exactly(amounts: list[float]) -> None:
    assert _read(*(repr(a) for a in amounts)) == amounts


def _indian(amount: int) -> str:
    head, tail = str(amount)[:-3], str(amount)[-3:]
    pairs = []
    while head:
        pairs.append(head[-2:])
        head = head[:-2]
    return ",".join([*reversed(pairs), tail])


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**12), min_size=1))
def test_indian_grouping_is_read_exactly(amounts: list[int]) -> None:
    assert _read(*(f"₹{_indian(a)}.25" for a in amounts)) == [a + 0.25 for a in amounts]
