"""The truth beside the data: what came anyway, what each post added, who is really good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hk_metrics.simulate.comparison import credit_beside, lift_beside

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.simulate.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Truth:
    """What a simulated world really does; everything is an expectation, before chance.

    Parameters
    ----------
    scenario
        The parameters of the world.
    daily
        One row per day × brand: ``date``, ``brand``, ``baseline_orders``, ``lift_orders``,
        ``leaked_orders`` (tracked, but part of the baseline), ``tracked_orders``,
        ``baseline_revenue``, ``lift_revenue`` (rupees, net of refunds on the day they are paid).
        Baseline + lift is what ``daily_sales`` shows on average.
    posts
        One row per post: ``post_id``, ``influencer_id``, ``brand``, ``campaign``, ``date``,
        ``lift_orders``, ``tracked_orders``, both within the period.
    activity
        One row per influencer × brand × day with an effect: ``influencer_id``, ``brand``,
        ``date``, ``lift_orders``, ``tracked_orders``.
    influencers
        One row per influencer, index ``influencer_id``: ``reach``, ``tracked_orders``,
        ``order_rate`` (tracked orders per reach), ``order_value`` and ``revenue`` (rupees, tracked,
        net of refunds), ``spend`` (rupees, as paid), ``roas`` (expected revenue ÷ spend),
        ``lift_orders``, ``lift_revenue``, ``incremental_roas``, ``loss_making`` (by design).
    beside
        Of each optional table what is true: of ``costs`` each gift with its ``state``; of
        ``deliverables`` posts ``on_time``, ``late``, ``missing`` and ``to_come`` of each promise;
        of ``margins`` the margin of each product; of ``customers`` whether each had bought
        ``earlier``.
    """

    scenario: Scenario
    daily: pd.DataFrame
    posts: pd.DataFrame
    activity: pd.DataFrame
    influencers: pd.DataFrame
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def lift(self) -> pd.DataFrame:
        """Incremental orders and revenue (rupees) per brand, over the whole period."""
        return self.lift_by("brand")

    def lift_by(self, by: str) -> pd.DataFrame:
        """Return incremental orders and revenue (rupees) over the whole period.

        ``by`` is ``brand`` or ``influencer_id``.
        """
        table = self.influencers if by == "influencer_id" else self.daily
        return table.groupby(by)[["lift_orders", "lift_revenue"]].sum()

    def beside_lift(self, *found: pd.DataFrame) -> pd.DataFrame:
        """Return estimates of incremental revenue (rupees) beside the true one.

        Parameters
        ----------
        found
            Results of `hk_metrics.lift` by brand, or by influencer, over the whole period.

        Returns
        -------
        DataFrame
            One row per unit × method: ``estimate``, ``lower``, ``upper``, ``truth``, ``covered``
            (missing where there is no interval), ``refusal``.
        """
        by = str(found[0].index.name)
        return lift_beside(self.lift_by(by)["lift_revenue"], *found)

    def beside_credit(self, *found: pd.DataFrame) -> pd.DataFrame:
        """Return what attribution models credit beside what influencers really caused.

        Parameters
        ----------
        found
            Results of `hk_metrics.attribute` by ``influencer_id``.

        Returns
        -------
        DataFrame
            One row per model: ``credited`` and ``lift`` (rupees), ``misplaced`` (share of the
            credit that would have to move for influencers' shares to be those of the lift),
            ``rank_agreement`` (Spearman's correlation).

        Notes
        -----
        Models share out what was tracked, so all credit the same total, and none of it is lift.
        """
        return credit_beside(self.lift_by("influencer_id")["lift_revenue"], *found)
