"""What the books hold of each influencer, cut into the units that lift is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from hk_metrics.incrementality.influencers import Books
from hk_metrics.incrementality.shop import OF_THE_SHOP
from hk_metrics.interchange import to_pandas
from hk_metrics.view.filters import NONE, condition

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

# Of a campaign's orders, the share that must be of one brand for its total to be that brand's.
OF_ONE_BRAND = 0.99


def books(
    view: View, part: Mapping[str, tuple[Any, ...]], by: str | None, names: Sequence[str]
) -> Books:
    """Return each influencer's tracked orders, revenue and reach, and the cells of the units.

    Parameters
    ----------
    view
        Its filters say which cells are asked for.
    part
        The part of the shop whose lift is shared.
    by, names
        The breakdown and its units; None for one unit.
    """
    rows = _cells(view, part, by)
    # Numbered alike in every part, so that the draws of one influencer agree between brands.
    known, code = np.unique(rows["influencer_id"].to_numpy(dtype=str), return_inverse=True)
    rows, code = rows[rows["inside"]], code[rows["inside"].to_numpy(dtype=bool)]

    def summed(name: str) -> Any:
        return np.maximum(np.bincount(code, rows[name].to_numpy(dtype=float), len(known)), 0.0)

    orders, reach = summed("orders"), summed("reach")
    place = {name: n for n, name in enumerate(names)}
    unit = rows["unit"].map(place).fillna(-1).to_numpy(dtype=np.int64)
    weight = np.where(orders[code] > 0, rows["orders"], rows["reach"])
    return Books(
        orders=orders,
        revenue=summed("revenue"),
        reach=reach,
        influencer=code,
        unit=np.where(rows["kept"].to_numpy(dtype=bool), unit, -1),
        asked=rows["asked"].to_numpy(dtype=bool),
        weight=np.maximum(weight, 0.0),
    )


def _cells(view: View, part: Mapping[str, tuple[Any, ...]], by: str | None) -> pd.DataFrame:
    """Return tracked orders, revenue and reach per influencer, unit and whether it is asked for.

    ``inside`` is whether a cell lies in the part.
    """
    inside = reduce(and_, (condition(n, v) for n, v in part.items()), nw.lit(True))
    filters = {n: v for n, v in view.filters.items() if n not in (*OF_THE_SHOP, "organic")}
    asked = condition("date", filters.pop("date", (None, None)))
    kept = reduce(and_, (condition(n, v) for n, v in filters.items()), nw.lit(True))
    unit = nw.lit("all") if by is None else nw.col(by).cast(nw.String).fill_null(NONE)
    measures = ("orders", "revenue", "reach")
    return (
        view.ledger.rows.filter(~nw.col("organic"), nw.col("kind") != "spend")
        .with_columns(inside=inside, asked=asked, kept=kept, unit=unit)
        .group_by("influencer_id", "unit", "inside", "asked", "kept")
        .agg(nw.col(m).sum() for m in measures)
        .collect()
        .pipe(to_pandas)
    )


def brands_of_campaigns(view: View) -> dict[str, str]:
    """Return the brand of each campaign whose tracked orders are, but for strays, of one brand."""
    rows = (
        view.ledger.rows.filter(
            nw.col("kind") == "order",
            ~nw.col("campaign").is_null(),
            ~nw.col("brand").is_null(),
        )
        .group_by("campaign", "brand")
        .agg(nw.col("orders").sum())
        .collect()
        .pipe(to_pandas)
        .astype({"campaign": str, "brand": str})
    )
    whole = rows.groupby("campaign")["orders"].transform("sum")
    main = rows[(whole > 0) & (rows["orders"] >= OF_ONE_BRAND * whole)]
    return dict(zip(main["campaign"], main["brand"], strict=True))
