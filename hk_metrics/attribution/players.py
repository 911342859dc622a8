"""Players: the value of a dimension for each tracked event."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from hk_metrics.arguments import text
from hk_metrics.errors import UnknownNameError
from hk_metrics.ledger.events import event_platform
from hk_metrics.ledger.lookups import source_platforms

_NONE = "(none)"
_OF_TOUCH = ("influencer_id", "source", "campaign", "platform")
OF_ORDER = ("product", "brand")


def _dimensions(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Return the dimensions that credit can be told by."""
    of_order = [d for d in OF_ORDER if d in tables["tracking_data"].columns]
    attributes = [c for c in tables["influencers"].columns if c not in ("id", *_OF_TOUCH)]
    return [*_OF_TOUCH, *attributes, *of_order]


def player_values(tables: Mapping[str, pl.DataFrame], by: str) -> pl.Series:
    """Return the value of a dimension for each row of `tracking_data`, "(none)" where missing.

    Parameters
    ----------
    tables
        The canonical tables.
    by
        One of `_dimensions`.

    Raises
    ------
    UnknownNameError
        For any other name.
    """
    tracking = tables["tracking_data"]
    if text("by", by, "source") not in _dimensions(tables):
        raise UnknownNameError.of("dimension", by, _dimensions(tables))
    if by == "platform":
        values = _platforms(tables)
    elif by in tracking.columns:
        values = tracking[by]
    else:
        values = _of_influencer(tables, by)
    return values.cast(pl.String).fill_null(_NONE).alias(by)


def _of_influencer(tables: Mapping[str, pl.DataFrame], attribute: str) -> pl.Series:
    influencers = tables["influencers"].unique("id", keep="first", maintain_order=True)
    return tables["tracking_data"]["influencer_id"].replace_strict(
        influencers["id"], influencers[attribute].cast(pl.String), default=None
    )


def _platforms(tables: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Return each event's platform, as the ledger tells it."""
    names = source_platforms({n: nw.from_native(t).lazy() for n, t in tables.items()})
    frame = pl.DataFrame(
        [
            tables["tracking_data"]["source"],
            _of_influencer(tables, "platform").alias("home_platform"),
        ]
    )
    return nw.from_native(frame).select(event_platform(names)).to_native()["platform"]
