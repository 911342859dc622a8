"""Sales by coupon, beside a registry that says whose each coupon is."""

from __future__ import annotations

import pytest

from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from hk_metrics.ingest.headers.names import meant
from hk_metrics.ingest.headers.recognise import recognise

SALES = """\
id,coupon,date_sale,order_id,order_value,payment_value,products,imported_at
a1,ASHA10,2025-03-02,501,300,90,Whey,2025-04-01
a2,BO10,2025-03-05,502,250,75,Whey,2025-04-01
a3,SHOP5,2025-03-06,503,40,0,Whey,2025-04-01
"""
REGISTRY = "id,name,category,gender,follower_count,platform,coupon\n" + (
    "1,Asha,Yoga,F,100,Instagram,ASHA10\n2,Bo,Yoga,M,90,YouTube,BO10\n"
)
FILES = {"influencer_sales.csv": SALES.encode(), "influencer_registry.csv": REGISTRY.encode()}


@pytest.mark.parametrize("header", ["sale date", "Date of sale", "date_sale", "SaleDate"])
def test_order_of_words_says_the_same(header: str) -> None:
    hit = meant("tracking_data", header)
    assert hit is not None and hit[0] == "date"


def test_sales_by_coupon_are_credited() -> None:
    data = load(FILES)
    assert data.view().by("influencer_id", metrics=["revenue", "orders"]).to_dict("index") == {
        "1": {"revenue": 300, "orders": 1}, "2": {"revenue": 250, "orders": 1},
    }  # fmt: skip
    unused = next(f for f in data.quality.notes if f.code == "ignored_column")
    assert "'coupon'" not in unused.message and "'imported_at'" in unused.message


@pytest.mark.parametrize(
    "mapping",
    [
        {"influencer_sales.csv": "tracking_data"},
        {"influencer_sales.csv": "tracking_data", "date_sale": "date", "order_value": "revenue"},
        {"influencer_sales.csv": "tracking_data", "influencer_sales": {"order_value": "revenue"}},
    ],
)
def test_named_table_goes_through_the_same_steps(mapping: dict[str, object]) -> None:
    assert load(FILES, mapping, on_error="reject").id == load(FILES, on_error="reject").id


def test_table_that_is_named_is_read_where_it_is_not_recognised() -> None:
    # Nothing but the user's word says that this holds orders.
    text = SALES.replace("date_sale", "when").replace("order_id", "no").replace("order_value", "x")
    answers = {"book.csv": "tracking_data", "when": "date", "x": "revenue"}
    files = {"book.csv": text.encode(), "influencer_registry.csv": REGISTRY.encode()}
    totals = load(files, answers, on_error="reject").view().totals(["revenue", "orders"])
    assert totals.to_dict() == {"revenue": 550, "orders": 2}


def test_registry_in_another_language_is_read() -> None:
    text = "Nome,Seguidores,Categoria,Cupom\nAsha,1200,Yoga,ASHA10\nBo,90,Yoga,BO10\n"
    files = {"influencer_sales.csv": SALES.encode(), "creators.csv": text.encode()}
    data = load(files, on_error="reject")
    assert data.tables["influencers"]["follower_count"].to_list() == [1200, 90]
    assert data.view().totals(["revenue"])["revenue"] == 550


@pytest.mark.parametrize(
    ("table", "header", "column"),
    [
        ("influencers", "Takipçi", "follower_count"), ("influencers", "Abonnés", "follower_count"),
        ("influencers", "Pengikut", "follower_count"), ("influencers", "Naam", "name"),
        ("posts", "Fecha de publicación", "date"), ("posts", "Reichweite", "reach"),
        ("tracking_data", "Data da venda", "date"), ("tracking_data", "Umsatz", "revenue"),
        ("payouts", "Ödeme", "total_payout"), ("payouts", "Montant payé", "total_payout"),
    ],
)  # fmt: skip
def test_word_of_another_language_means_its_column(table: str, header: str, column: str) -> None:
    hit = meant(table, header)
    assert hit is not None and hit[0] == column


def test_file_named_a_registry_is_asked_about() -> None:
    assert recognise(["ünvan", "beğenen", "kod"], "influencer_registry").table == "influencers"
    assert recognise(["ünvan", "beğenen", "kod"], "influencer_sales").table is None
    files = FILES | {"influencer_registry.csv": "ünvan,beğenen\nAsha,ASHA10\n".encode()}
    with pytest.raises(SchemaError, match="influencers, but there is no column 'id'"):
        load(files)
