"""Where the brand of an order comes from if no column says it, and where two of them disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import narwhals as nw

from hk_metrics.ingest.checking.payouts import placed
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.payouts.accepted import AcceptedTables
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ledger.brands import NAMING, brands_in, known_brands, spellings
from hk_metrics.ledger.lookups import texts
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

    _Named = Mapping[str, pl.DataFrame]

_HOW = {
    "product": "the product",
    "source": "the source",
    "campaign": "how the campaign's name begins",
}
_SHOWN = 3


def brands_of_orders(accepted: AcceptedTables, settings: Settings) -> Iterator[Finding]:
    """Say what tells the brand of an order, and which orders have two of them."""
    tracking = accepted.tables["tracking_data"]
    if tracking.is_empty() or "brand" in tracking.columns:
        return
    named = _named(accepted, settings)
    if not named:
        return
    shown = "; else by ".join(f"{_HOW[c]} ({_examples(names)})" for c, names in named.items())
    yield finding(
        "brand_told", by=shown, table="tracking_data", column=next(iter(named)),
        count=sum(t.height for t in named.values()),
    )  # fmt: skip
    column = next(iter(named))
    if column != "campaign" and "campaign" in named:
        yield from _contradictions(tracking, named, column)


def with_one_spelling(
    tables: Mapping[str, pl.DataFrame], settings: Settings, log: Log
) -> dict[str, pl.DataFrame]:
    """Return the tables with each brand in one spelling: HK Vitals is HKVitals.

    The spelling of the settings goes first, else the first by the alphabet; spellings differ in
    case and gaps alone.
    """
    import polars as pl

    named = {n: t["brand"] for n, t in tables.items() if "brand" in t.columns}
    if not named:
        return dict(tables)
    changed = spellings(_brands(tables), settings)
    if not changed:
        return dict(tables)
    ways = ", ".join(f"{b!r} is {one}" for b, one in list(changed.items())[:_SHOWN])
    rows = sum(int(c.is_in(list(changed)).sum()) for c in named.values())
    log.findings.append(finding("brand_spelling", ways=ways, column="brand", count=rows))
    one = pl.col("brand").replace(changed)
    return {n: t.with_columns(one) if n in named else t for n, t in tables.items()}


def _named(accepted: AcceptedTables, settings: Settings) -> _Named:
    """Return column → its texts that name a brand, with the brand; columns that name none not."""
    known = known_brands(_brands(accepted.tables), settings)
    found = {}
    for column in NAMING:
        texts = nw.from_native(accepted.names[column][1].alias(column).to_frame()).lazy()
        names = brands_in(texts, column, known, settings).collect().to_polars()
        if names.height:
            found[column] = names.sort(column)
    return found


def _brands(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    with_brands = {n: nw.from_native(t).lazy() for n, t in tables.items() if "brand" in t.columns}
    return texts(with_brands, [(name, "brand") for name in with_brands])


def _examples(names: pl.DataFrame) -> str:
    examples = [f"{text!r} is {brand}" for text, brand in names.head(_SHOWN).iter_rows()]
    return ", ".join(examples) + (" …" if names.height > _SHOWN else "")


def _contradictions(tracking: pl.DataFrame, named: _Named, column: str) -> Iterator[Finding]:
    """Orders whose product (or source) names another brand than their campaign."""
    import polars as pl

    groups = (
        tracking.lazy()
        .filter(pl.col(column).is_in(named[column][column].implode()))
        .group_by(column, "campaign", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.col("revenue").sum(), pl.col(FILE, ROW).first())
        .join(named[column].lazy(), on=column, maintain_order="left")
        .join(named["campaign"].lazy(), on="campaign", maintain_order="left")
        .filter(pl.col(f"{column}_brand") != pl.col("campaign_brand"))
        .collect()
    )
    if groups.height:
        yield _contradiction(column, groups)


def _contradiction(column: str, groups: pl.DataFrame) -> Finding:
    one = groups.row(0, named=True)
    count, money = int(groups["rows"].sum()), float(groups["revenue"].sum())
    return placed(
        "brand_contradiction", groups, "tracking_data", column, count=count, money=money,
        rows=counted(count, "tracked row"), brand=one[f"{column}_brand"],
        campaign=one["campaign"], campaign_brand=one["campaign_brand"], revenue=f"{money:,.2f}",
    )  # fmt: skip
