"""Numbers, periods and changes as text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hk_metrics import formatting as fmt
from hk_metrics.settings import Settings

INDIAN = Settings(currency="INR", grouping="indian")
INTERNATIONAL = Settings(currency="USD", grouping="international")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1264269.0, "₹12,64,269"),
        (3786492.07, "₹37,86,492.07"),
        (0.0, "₹0"),
        (-1234567.5, "-₹12,34,567.50"),
        (-0.001, "₹0"),
    ],
)
def test_money_groups_by_lakh(value: float, text: str) -> None:
    assert fmt.money(value, INDIAN) == text


def test_money_groups_by_thousand_elsewhere() -> None:
    assert fmt.money(1264269.5, INTERNATIONAL) == "$1,264,269.50"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1264269, "₹12.6 L"),
        (13_000_000, "₹1.3 Cr"),
        (99_940, "₹99,940"),
        (99_960, "₹1 L"),  # would read 1,00,000 rounded to three figures
        (9_996_000, "₹1 Cr"),
        (1_234_567_890, "₹123 Cr"),
        (49.5, "₹49.50"),
        (0, "₹0"),
    ],
)
def test_compact_money_reads_in_lakh_and_crore(value: float, text: str) -> None:
    assert fmt.compact_money(value, INDIAN) == text


def test_compact_money_reads_in_millions_elsewhere() -> None:
    assert fmt.compact_money(12_600_000, INTERNATIONAL) == "$12.6 M"


@pytest.mark.parametrize("unit", list(fmt.FULL))
@pytest.mark.parametrize("style", list(fmt.STYLES))
@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), float("-inf")])
def test_unknown_is_a_dash_never_nan(unit: str, style: str, value: float | None) -> None:
    assert fmt.text(unit, value, style=style) == "—"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.041, "4.1%"),
        (3.972537, "397.3%"),
        (0.00332022, "0.332%"),
        (0.0, "0.0%"),
        (-0.5, "-50.0%"),
    ],
)
def test_percent_keeps_three_figures_of_small_rates(fraction: float, text: str) -> None:
    assert fmt.percent(fraction) == text


def test_ticks_drop_empty_decimals() -> None:
    assert fmt.text("percent", 2.0, style="tick") == "200%"
    assert fmt.text("times", 2.5, style="tick") == "2.5×"


@pytest.mark.parametrize(
    ("probability", "text"),
    [(1.0, ">99.9%"), (0.9995, ">99.9%"), (0.999, "99.9%"), (0.5, "50.0%"), (0.001, "0.1%"),
     (0.0004, "<0.1%"), (0.0, "<0.1%"), (None, "—")],
)  # fmt: skip
def test_chance_is_never_certain(probability: float | None, text: str) -> None:
    assert fmt.chance(probability) == text
    assert fmt.text("chance", probability) == text


def test_every_surface_shows_probabilities_as_chances() -> None:
    from hk_metrics.present.values import written
    from hk_metrics.report.letter import influencers
    from hk_metrics.ui.pages import rankings

    assert influencers._UNITS["above_break_even"] == rankings.UNITS["above"] == "chance"
    assert written("chance", 1.0, Settings()) == ">99.9%"
    script = Path(rankings.__file__).parents[1] / "static" / "client" / "format.js"
    in_browser = re.search(r"chance: .*", script.read_text("utf-8"))
    assert in_browser and {">99.9%", "<0.1%"} <= set(re.findall(r'"([^"]+)"', in_browser[0]))


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.2754, "+27.5%"), (-1.0, "-100.0%"), (0.0004, "±0%"), (12.0, "×13"), (float("nan"), "—")],
)
def test_change_says_its_direction(fraction: float, text: str) -> None:
    assert fmt.change(fraction) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2025, 3, 1), date(2025, 3, 1), "1 Mar 2025"),
        (date(2025, 3, 1), date(2025, 4, 2), "1 Mar – 2 Apr 2025"),
        (date(2024, 12, 31), date(2025, 1, 1), "31 Dec 2024 – 1 Jan 2025"),
    ],
)
def test_period_says_month_and_year_once(first: date, last: date, text: str) -> None:
    assert fmt.period(first, last) == text


@given(st.floats(min_value=-1e15, max_value=1e15, allow_nan=False))
def test_money_reads_back_to_the_paisa(value: float) -> None:
    text = fmt.money(value, INDIAN)
    read = float(text.replace("₹", "").replace(",", ""))
    assert read == pytest.approx(value, abs=0.00501 + abs(value) * 1e-12)
