"""What is left of revenue after the cost of goods: the margin of each row, discounts off once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import narwhals as nw

from hk_metrics.ledger.events import Frame
from hk_metrics.settings import Margin, Settings

if TYPE_CHECKING:
    import polars as pl

_GROSS_MARGIN, _UNPRICED = "gross_margin", "revenue_without_margin"
MARGIN_MEASURES = (_GROSS_MARGIN, _UNPRICED)
_OF = ["product", "brand"]


def with_own_margins(settings: Settings, table: pl.DataFrame | None) -> Settings:
    """Return settings that know the margins of a table; its rows come before the settings' own.

    Parameters
    ----------
    settings
        Of the dataset.
    table
        The `margins` table, if there is one; a row of no product and no brand is of all.
    """
    import polars as pl
    from pydantic import TypeAdapter

    if table is None or table.is_empty():
        return settings
    missing = [pl.lit(None, pl.String).alias(c) for c in _OF if c not in table.columns]
    complete = table.with_columns(missing).select("margin", *_OF)
    overall = complete.filter(pl.all_horizontal(pl.col(_OF).is_null()))["margin"]
    named = complete.filter(pl.any_horizontal(pl.col(_OF).is_not_null()))
    read = TypeAdapter(tuple[Margin, ...]).validate_python(named.to_dicts())
    # A second time: those of the table are there already.
    own = (*read, *(m for m in settings.margins if m not in set(read)))
    margin = overall[0] if len(overall) else settings.margin
    return settings.model_copy(update={"margins": own, "margin": margin})


def priced(rows: Frame, settings: Settings) -> Frame:
    """Add to rows what is left of their revenue, and what of it no margin is known of.

    Parameters
    ----------
    rows
        Ledger rows in this process, with ``product``, ``brand``, ``revenue`` and, where the data
        has them, ``discount``.
    settings
        The margins, what they are a share of, and whether revenue has lost its discounts.

    Returns
    -------
    Frame
        With ``gross_margin`` and ``revenue_without_margin`` (money).

    Notes
    -----
    Of what was paid: margin × (revenue − discounts that are still in it). Of list prices:
    margin × (revenue + discounts that are off it) − discounts: goods cost the same when they are
    sold for less. Revenue of which no margin is known is kept whole.
    """
    import polars as pl

    native: pl.LazyFrame = nw.to_native(rows).lazy()
    there = native.collect_schema().names()
    revenue, off = pl.col("revenue"), pl.lit(0.0)
    if "discount" in there:
        off = pl.col("discount").fill_null(0.0)
    after = settings.revenue_is == "after_discounts"
    paid, listed = (revenue, revenue + off) if after else (revenue - off, revenue)
    bare = native.drop(*MARGIN_MEASURES, strict=False)
    known = bare.join(
        _shares(native, settings.margins), on=_OF, how="left", nulls_equal=True,
        maintain_order="left",
    )  # fmt: skip
    share = pl.coalesce(pl.col("__share"), pl.lit(settings.margin, pl.Float64))
    kept = share.fill_null(1.0)
    left = kept * listed - off if settings.margin_of == "list_price" else kept * paid
    unknown = pl.when(share.is_null()).then(paid).otherwise(0.0)
    return nw.from_native(
        known.with_columns(left.alias(_GROSS_MARGIN), unknown.alias(_UNPRICED)).drop("__share")
    )


def _shares(rows: pl.LazyFrame, margins: Sequence[Margin]) -> pl.LazyFrame:
    """Return the own margin of each product and brand that rows have, null where it has none."""
    import polars as pl

    pairs = rows.select(_OF).unique()
    keys = [_spelled(c).alias(f"__{c}") for c in _OF]
    schema = {"margin": pl.Float64, "product": pl.String, "brand": pl.String}
    own = pl.DataFrame([m.model_dump() for m in margins], schema).lazy()
    own = own.select("margin", *keys).unique(["__product", "__brand"], keep="first",
                                             maintain_order=True)  # fmt: skip
    of_product = own.filter(pl.col("__product").is_not_null())
    # Of an order whose brand is not told, the product alone, where all its brands leave the same.
    agreed = of_product.group_by("__product").agg(
        pl.col("margin").first(), pl.col("margin").n_unique().alias("__several")
    ).filter(pl.col("__several") == 1)  # fmt: skip
    found = pairs.with_columns(keys)
    for n, (of, on) in enumerate((
        (of_product.drop_nulls("__brand"), ["__product", "__brand"]),
        (of_product.filter(pl.col("__brand").is_null()), ["__product"]),
        (agreed, ["__product"]),
        (own.filter(pl.col("__product").is_null()), ["__brand"]),
    )):  # fmt: skip
        one = of.select(*on, pl.col("margin").alias(f"__{n}"))
        found = found.join(one, on=on, how="left")
    unbranded = pl.when(pl.col("__brand").is_null()).then(pl.col("__2"))
    share = pl.coalesce("__0", "__1", unbranded, "__3", "__2").alias("__share")
    return found.select(*_OF, share)


def _spelled(column: str) -> pl.Expr:
    """Return names as they are compared: without case and the space around them."""
    import polars as pl

    return pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()


def share_kept(rows: Frame, *, otherwise: float) -> float:
    """Return the share of the revenue of rows with influencers that is kept (fraction)."""
    sums = rows.filter(~nw.col("organic")).select(nw.col("revenue", _GROSS_MARGIN).sum()).collect()
    revenue, left = (float(sums[c].item() or 0.0) for c in ("revenue", _GROSS_MARGIN))
    return left / revenue if revenue > 0 and left > 0 else otherwise
