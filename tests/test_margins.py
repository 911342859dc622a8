"""Margins: product before brand before all, discounts off once, and every verdict that follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import hk_metrics as hk
from hk_metrics.errors import ParameterError
from hk_metrics.ledger.partitions import build_in_parts
from hk_metrics.present.bands import band
from hk_metrics.settings import Settings
from hk_metrics.ui.parts.cards import Cards
from hk_metrics.ui.parts.lifts import verdict
from hk_metrics.ui.shell.address import from_query, to_query
from hk_metrics.ui.state import State
from tests.length import times
from tests.test_costs import folder
from tests.test_ui_gaps import opened
from tests.worked_example import TABLES

BRANDS = {"Whey": "MuscleBlaze", "Omega": "HKVitals"}
TRACKING = TABLES["tracking_data"].with_columns(
    brand=pl.col("product").replace_strict(BRANDS), discount=pl.Series([0.0, 100, 0, 50, 30])
)
# Whey 300, 500 of 1 and 250 of 2; Omega 400 of 1 and 750 of 2. Payouts 400, 400 and 90
MARGINS = pl.DataFrame(
    {
        "product": ["whey ", None, None],
        "brand": [None, "HKVitals", None],
        "margin": [0.5, 0.4, 0.25],
    },
    schema={"product": pl.String, "brand": pl.String, "margin": pl.Float64},
)


def dataset(margins: pl.DataFrame | None = MARGINS, **chosen: Any) -> hk.Dataset:
    more = {} if margins is None else {"margins": margins}
    return hk.Dataset({**TABLES, "tracking_data": TRACKING, **more}, Settings(**chosen))


def test_product_comes_before_brand_before_all() -> None:
    view = dataset().view()
    # .5 × 1,050 + .4 × 1,150 = 985
    sums = view.totals(["gross_margin", "contribution", "profit", "break_even_roas", "poas", "roi"])
    assert sums.tolist() == pytest.approx(
        [985, 95, 95, 2200 / 985, 985 / 890, 95 / 890]
    )  # fmt: skip
    each = view.by("influencer_id", metrics=["gross_margin", "contribution"])
    assert each.loc["1"].tolist() == pytest.approx([560, 160])
    assert each.loc["2"].tolist() == pytest.approx([425, 25])
    assert each.loc["3"].tolist() == pytest.approx([0, -90])
    assert view.kept("influencer_id")[["1", "2"]].tolist() == pytest.approx([560 / 1200, 0.425])
    whey = view.where(product="Whey")
    assert whey.share_kept == pytest.approx(0.5)
    assert whey.totals(["break_even_roas"])["break_even_roas"] == pytest.approx(2.0)


def test_product_of_a_brand_comes_before_the_product() -> None:
    own = MARGINS.vstack(
        pl.DataFrame({"product": ["Whey"], "brand": ["MuscleBlaze"], "margin": [0.2]})
    )
    assert dataset(own).view().totals(["gross_margin"])["gross_margin"] == pytest.approx(
        0.2 * 1050 + 0.4 * 1150
    )


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        # what was paid: 1,050 and 1,150; listed: 150 more of Whey, 30 more of Omega
        ({}, 0.5 * 1050 + 0.4 * 1150),
        ({"margin_of": "list_price"}, 0.5 * 1200 - 150 + 0.4 * 1180 - 30),
        ({"revenue_is": "before_discounts"}, 0.5 * 900 + 0.4 * 1120),
        (
            {"revenue_is": "before_discounts", "margin_of": "list_price"},
            0.5 * 1050 - 150 + 0.4 * 1150 - 30,
        ),
    ],
)
def test_discounts_go_off_once(chosen: dict[str, Any], left: float) -> None:
    sums = dataset(**chosen).view().totals(["gross_margin", "revenue"])
    assert sums.tolist() == pytest.approx([left, 2200])


def test_revenue_without_a_margin_is_told() -> None:
    part = dataset(MARGINS.head(1)).view()
    sums = part.totals(["gross_margin", "revenue_without_margin"])
    assert sums.tolist() == pytest.approx([525 + 1150, 1150])
    assert (
        "No margin is known of 52.3% of the revenue: it is before the cost of goods." in part.notes
    )
    assert dataset().view().notes == []


def test_without_margins_nothing_is_left_to_tell() -> None:
    plain = dataset(None).view()
    assert not {"gross_margin", "contribution", "break_even_roas", "poas"} & {*plain.metrics}
    assert "no margin is set" in str(plain.unavailable("contribution"))
    assert plain.totals(["profit"])["profit"] == 2200 - 890


def test_one_margin_of_all_is_that_of_the_settings() -> None:
    names = ["profit", "contribution", "gross_margin", "break_even_roas"]
    by_file = dataset(MARGINS.tail(1)).view().totals(names)
    by_settings = dataset(None, margin=0.25).view().totals(names)
    asked = dataset(None).view(margin=0.25).totals(names)
    assert by_file.tolist() == by_settings.tolist() == asked.tolist() == [-340, -340, 550, 4]
    # own margins stay where another one is chosen for the rest
    own = dataset(MARGINS.head(1)).view(margin=0.1)
    assert own.totals(["gross_margin"])["gross_margin"] == pytest.approx(525 + 115)


@pytest.mark.parametrize("share", [0, 1.2, -0.1, "much"])
def test_margin_that_is_none_is_refused(share: Any) -> None:
    with pytest.raises(ParameterError, match="above 0 and at most 1"):
        dataset().view(margin=share)


def test_fees_ranking_and_payback_follow_each_margin() -> None:
    plain, priced = dataset(None), dataset()
    before, after = hk.fair_fees(plain.view()), hk.fair_fees(priced.view())
    told = (after["fair_fee"] / before["fair_fee"])[["1", "2"]]
    assert told.tolist() == pytest.approx([560 / 1200, 0.425])
    best = hk.rank(priced.view(), "roi").set_index("raw", append=True).reset_index("raw")
    assert best["raw"][["1", "2"]].tolist() == pytest.approx([560 / 400 - 1, 425 / 400 - 1])
    # u1 leaves 150 on day 0 and 160 on day 10, u2 250 on day 0: of 2 customers for 400 a head 200
    days = priced.view().cohorts("influencer_id")["payback_days"]
    assert days["1"] == 0
    dear = hk.Dataset({**priced.tables, "payouts": TABLES["payouts"].with_columns(
        pl.when(pl.col("influencer_id") == "1").then(520.0).otherwise("total_payout")
        .alias("total_payout"))})  # fmt: skip
    assert dear.view().cohorts("influencer_id")["payback_days"]["1"] == 10


@pytest.mark.parametrize(
    ("margin", "roas", "said"),
    [(None, 1.9, "poor"), (None, 2.1, "average"), (0.4, 2.4, "poor"), (0.4, 2.6, "average"),
     (0.25, 3.9, "poor"), (0.25, 4.1, "good")],
)  # fmt: skip
def test_what_does_not_pay_for_itself_is_poor(margin: float | None, roas: float, said: str) -> None:
    chosen = Settings(margin=margin)
    found = band("roas", roas, chosen), band("roi", (margin or 1.0) * roas - 1, chosen)
    assert [f["text"] for f in found if f] == [said, said]


def test_verdict_of_lift_follows_the_margin() -> None:
    row = {"refusal": None, "estimate": 9.0, "inconclusive": False, "iroas_lower": 1.5,
           "iroas_upper": 1.9}  # fmt: skip
    assert verdict(row) == "pays for itself"
    assert verdict(row, 0.6) == "may or may not pay for itself"
    assert verdict(row, 0.5) == "loses money"


FOLDER = {
    "product_margins": "SKU,Brand,Gross Margin %,MRP\nWhey,MuscleBlaze,45,2499\nOmega,,40,599\n"
}


def test_list_of_products_is_read_by_what_its_headers_mean(tmp_path: Path) -> None:
    data = hk.load(folder(tmp_path, **FOLDER))
    assert data.tables["margins"]["margin"].to_list() == [0.45, 0.4]
    assert "margins above 1 are read as per cent: 45 is 45 %" in str(data.quality)
    assert data.view().totals(["gross_margin"])["gross_margin"] == pytest.approx(
        0.45 * 1050 + 0.4 * 1150
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Whey,-0.1", "row 2, margin: 1 cell in 'margin' that are no share of 0 to 1: '-0.1'"),
        ("Whey,0.4\nOmega,45", "row 3, margin: 1 cell in 'margin' that are no share"),
        ("Whey,0.4\nwhey ,0.5", "row 3, margin: 1 row with another margin than a row before"),
        ("Whey,lots", "without a readable number: 'lots'"),
        ("Whey,", "row 2, margin: 1 empty cell"),
    ],
)
def test_impossible_margins_are_refused_by_row(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(hk.SchemaError) as refused:
        hk.load(folder(tmp_path, margins=f"product,margin\n{rows}\n"))
    assert said in str(refused.value)


def test_orders_with_a_margin_each_stay_orders(tmp_path: Path) -> None:
    text = "influencer_id,date,revenue,orders,product,margin\n1,2025-03-02,300,1,Whey,0.4\n"
    data = hk.load(folder(tmp_path, more_orders=text))
    assert "margins" not in data.tables


def test_page_takes_a_margin_and_its_link_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    dashboard = opened(dataset(MARGINS.head(2)), monkeypatch)

    def failed(error: Exception) -> None:
        raise error

    monkeypatch.setattr(dashboard.session, "report", failed)
    state = dashboard.state
    state.page = "roas"
    widgets = [panel.widget for panel in dashboard.session.open("roas").panels(state)]

    def profit() -> Any:
        return next(c for w in widgets if isinstance(w, Cards) for c in w.cards
                    if c["key"] == "profit")  # fmt: skip

    assert profit()["value"] == "₹95" and not profit()["against"]
    assert profit()["explain"]["formula"] == "gross margin − spend"
    roas = next(c for w in widgets if isinstance(w, Cards) for c in w.cards if c["key"] == "roas")
    assert (roas["value"], roas["against"]) == ("2.47×", "breaks even at 2.23×")
    assert "margin of 2 products and brands with their own" in dashboard.chips.lead
    state.choose("margin", "10")
    assert "margin 10.0%, 2 products and brands with their own" in dashboard.chips.lead
    again = State(dataset=state.dataset)
    again.restore(from_query(to_query(state)))
    assert again.view().ledger.settings.margin == 0.1
    state.choose("margin", "lots")
    assert any("'lots' is no margin" in note["text"] for note in dashboard.chips.notes)


PRODUCTS = ("Whey", "Omega", "Bar")


@settings(max_examples=times(5, 300), deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    st.lists(
        st.tuples(st.sampled_from(PRODUCTS), st.sampled_from(["MB", "HKV", None]),
                  st.integers(-500, 5000), st.integers(0, 300), st.sampled_from("123")),
        min_size=1, max_size=12,
    ),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
    st.sampled_from([None, 0.3]),
    st.sampled_from(["paid_price", "list_price"]),
    st.sampled_from(["after_discounts", "before_discounts"]),
)  # fmt: skip
def test_gross_margin_is_conserved(
    rows: list[tuple[str, str | None, int, int, str]],
    shares: list[float],
    overall: float | None,
    of: Any,
    revenue_is: Any,
) -> None:
    drawn = pl.DataFrame(
        rows, ["product", "brand", "revenue", "discount", "influencer_id"], orient="row"
    ).with_columns(pl.col("revenue", "discount").cast(pl.Float64), pl.col("brand").cast(pl.String))
    tracking = drawn.with_columns(
        source=pl.lit("PromoCode"), campaign=pl.lit("Fit"), user_id=pl.lit("u1"),
        date=TABLES["tracking_data"]["date"][0], orders=pl.lit(1),
    )  # fmt: skip
    margins = pl.DataFrame({"product": PRODUCTS, "margin": shares})
    chosen = Settings(margin=overall, margin_of=of, revenue_is=revenue_is)
    tables = {**TABLES, "tracking_data": tracking, "margins": margins}
    view = hk.Dataset(tables, chosen).view()
    whole = view.totals(["gross_margin", "revenue", "contribution", "spend"])
    for by in ("product", "influencer_id"):
        parts = view.by(by, metrics=["gross_margin", "contribution"]).sum()
        assert parts["gross_margin"] == pytest.approx(whole["gross_margin"], abs=1e-6)
    # a higher margin of one product moves nothing of another
    more = margins.with_columns(margin=pl.Series([shares[0], shares[1], 1.0]))
    left = [
        hk.Dataset({**tables, "margins": m}, chosen).view().by("product", metrics=["gross_margin"])
        for m in (margins, more)
    ]
    before, after = (f["gross_margin"].drop("Bar", errors="ignore").sort_index() for f in left)
    assert after.tolist() == pytest.approx(before.tolist(), abs=1e-6)
    parted = build_in_parts(tables, chosen, parts=3)
    assert parted.rows.select("gross_margin").collect()["gross_margin"].sum() == pytest.approx(
        whole["gross_margin"], abs=1e-6
    )
