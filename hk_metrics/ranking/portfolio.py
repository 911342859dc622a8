"""The portfolio of influencers: segments by ROI, and how the whole stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hk_metrics.settings import Bands

if TYPE_CHECKING:
    import pandas as pd

_SEGMENTS = ("high", "good", "break-even", "loss")
_TENTH = 10


@dataclass(frozen=True)
class Health:
    """How a portfolio stands.

    Parameters
    ----------
    paid, profitable, losing
        Influencers with spend; those above and below break-even.
    lost
        What the losing ones lose together (money).
    losing_spend
        Their share of the spend (fraction).
    top
        The tenth of the influencers with most revenue, at least one.
    top_revenue
        Their share of the revenue (fraction); NaN without revenue.
    median_roas
        ROAS of the middle influencer (times).
    """

    paid: int
    profitable: int
    losing: int
    lost: float
    losing_spend: float
    top: int
    top_revenue: float
    median_roas: float


def health(people: pd.DataFrame) -> Health | None:
    """Return how a portfolio stands; None where nobody was paid.

    Parameters
    ----------
    people
        One row per influencer: ``spend``, ``revenue``, ``profit`` (money), ``roas`` (times).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"spend": [100.0, 100.0], "revenue": [300.0, 40.0],
    ...                        "profit": [200.0, -60.0], "roas": [3.0, 0.4]})
    >>> found = health(people)
    >>> found.profitable, found.lost, found.losing_spend, found.median_roas
    (1, 60.0, 0.5, 1.7)
    """
    paid = people[people["spend"] > 0]
    if paid.empty:
        return None
    losing = paid[paid["profit"] < 0]
    revenue = float(paid["revenue"].sum())
    top = paid.nlargest(max(1, len(paid) // _TENTH), "revenue")
    return Health(
        paid=len(paid),
        profitable=int((paid["profit"] > 0).sum()),
        losing=len(losing),
        lost=float(-losing["profit"].sum()),
        losing_spend=float(losing["spend"].sum() / paid["spend"].sum()),
        top=len(top),
        top_revenue=float(top["revenue"].sum() / revenue) if revenue > 0 else float("nan"),
        median_roas=float(paid["roas"].median()),
    )


def segment_of(roi: pd.Series[float], bands: Bands) -> pd.Series[str]:
    """Return each ROI's segment: loss below the low band, high from the high one, two between.

    Parameters
    ----------
    roi
        Fractions; NaN stays without a segment.
    bands
        Of ROI.

    Examples
    --------
    >>> import pandas as pd
    >>> segment_of(pd.Series([-0.1, 0.0, 0.5, 1.0]), Bands(low=0.0, high=1.0)).tolist()
    ['loss', 'break-even', 'good', 'high']
    """
    import pandas as pd

    edges = [-float("inf"), bands.low, (bands.low + bands.high) / 2, bands.high, float("inf")]
    cut = pd.cut(roi.astype(float), edges, right=False, labels=list(reversed(_SEGMENTS)))
    return cut.astype(object)


def segments(people: pd.DataFrame, bands: Bands) -> pd.DataFrame:
    """Return influencers and money per segment, best first.

    Parameters
    ----------
    people
        One row per influencer: ``roi`` (fraction), ``spend``, ``revenue`` (money).
    bands
        Of ROI.

    Returns
    -------
    pandas.DataFrame
        Index ``segment``, all four, empty ones with 0; ``influencers``, ``share`` (fraction of
        the influencers), ``spend``, ``revenue`` (money), ``roas`` (times; NaN without spend).
    """
    known = people.dropna(subset=["roi"])
    groups = known.assign(segment=segment_of(known["roi"], bands)).groupby("segment")
    table = groups.agg(
        influencers=("roi", "size"), spend=("spend", "sum"), revenue=("revenue", "sum")
    ).reindex(list(_SEGMENTS), fill_value=0)
    share = table["influencers"] / max(1, len(known))
    table.insert(1, "share", share)
    table["roas"] = table["revenue"] / table["spend"].where(table["spend"] > 0)
    table.index.name = "segment"
    return table
