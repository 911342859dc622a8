"""Where the brand of an order comes from if no column says it, and where two of them disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import narwhals as nw

from hk_metrics.ingest.checking.payouts import placed
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.payouts.facts import Facts
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.ledger.brands import NAMING, bare_name, brands_told, known_brands
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.settings import Settings

    Told = Mapping[str, pl.DataFrame]

HOW = {
    "product": "the product",
    "source": "the source",
    "campaign": "how the campaign's name begins",
}
SHOWN = 3


def brands_of_orders(facts: Facts, settings: Settings) -> Iterator[Finding]:
    """Say what tells the brand of an order, and which orders have two of them."""
    tracking = facts.tables["tracking_data"]
    if tracking.is_empty() or "brand" in tracking.columns:
        return
    told = _told(facts, settings)
    if not told:
        return
    shown = "; else by ".join(f"{HOW[c]} ({_examples(names)})" for c, names in told.items())
    yield finding(
        "brand_told", by=shown, table="tracking_data", column=next(iter(told)),
        count=sum(t.height for t in told.values()),
    )  # fmt: skip
    column = next(iter(told))
    if column != "campaign" and "campaign" in told:
        yield from _contradictions(tracking, told, column)


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
    known = known_brands({n: nw.from_native(t).lazy() for n, t in tables.items()}, settings)
    there = pl.concat([c.cast(pl.String) for c in named.values()]).drop_nulls().unique().sort()
    spellings = {b: known[key] for b in there if (key := bare_name(b)) in known}
    changed = {b: one for b, one in spellings.items() if b != one}
    if not changed:
        return dict(tables)
    ways = ", ".join(f"{b!r} is {one}" for b, one in list(changed.items())[:SHOWN])
    rows = sum(int(c.is_in(list(changed)).sum()) for c in named.values())
    log.findings.append(finding("brand_spelling", ways=ways, column="brand", count=rows))
    one = pl.col("brand").replace(changed)
    return {n: t.with_columns(one) if n in named else t for n, t in tables.items()}


def _told(facts: Facts, settings: Settings) -> Told:
    """Return column → its texts that name a brand, with the brand; columns that name none not."""
    known = known_brands(
        {name: nw.from_native(table).lazy() for name, table in facts.tables.items()}, settings
    )
    found = {}
    for column in NAMING:
        texts = nw.from_native(facts.names[column][1].alias(column).to_frame()).lazy()
        names = brands_told(texts, column, known, settings).collect().to_polars()
        if names.height:
            found[column] = names.sort(column)
    return found


def _examples(names: pl.DataFrame) -> str:
    said = [f"{text!r} is {brand}" for text, brand in names.head(SHOWN).iter_rows()]
    return ", ".join(said) + (" …" if names.height > SHOWN else "")


def _contradictions(tracking: pl.DataFrame, told: Told, column: str) -> Iterator[Finding]:
    """Orders whose product (or source) names another brand than their campaign."""
    import polars as pl

    groups = (
        tracking.lazy()
        .filter(pl.col(column).is_in(told[column][column].implode()))
        .group_by(column, "campaign", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.col("revenue").sum(), pl.col(FILE, ROW).first())
        .join(told[column].lazy(), on=column, maintain_order="left")
        .join(told["campaign"].lazy(), on="campaign", maintain_order="left")
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
