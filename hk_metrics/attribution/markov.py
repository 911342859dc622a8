"""Markov: a player is worth the orders that would be lost if nobody could pass through it."""

from __future__ import annotations

from typing import Any

import numpy as np

from hk_metrics.arguments import flag, whole
from hk_metrics.attribution.chain import Chain, Removal
from hk_metrics.attribution.held_out import held_out
from hk_metrics.attribution.journeys import Floats, Journeys
from hk_metrics.attribution.memory import Remembered, remembered
from hk_metrics.attribution.model import Credit, Model
from hk_metrics.attribution.placement import place
from hk_metrics.errors import ParameterError
from hk_metrics.intervals import TAILS

_MOST_STATES_DRAWN = 1_000
_MOST_DRAWS = 10_000
_BY_HELD_OUT = "held_out"
_SEED = 20_250_301

_COMPOSITION = (
    "Path composition only: no journey ends without an order here, so the model sees who took "
    "part, not who made the difference."
)
_NOT_PLACED = (
    "The whole of the journeys asks for other totals than each order allows (an order that was "
    "touched by one alone stays with it): each order is split in proportion to what would be lost "
    "without each that touched it, and ‘share’ shows what the whole alone would give."
)


def split(
    journeys: Journeys, *, order: int | str = 1, interval: bool = False, draws: int = 200
) -> Credit:
    """Return credit by removal effect, exact, for orders and for money.

    Parameters
    ----------
    order
        How many touches the next one depends on; ``held_out``: as many as foretell journeys best
        that were left out (see `hk_metrics.attribution.held_out.held_out`).
    interval
        Whether to add 90 % intervals of the players' shares, from draws of the transition rows.
    draws
        How many draws.

    Returns
    -------
    Credit
        ``effects`` holds ``removal_effect``, ``share`` (of orders) and ``revenue_share`` per
        player, as fractions; ``facts`` the ``conversion_probability``, the ``order``, and where it
        was chosen the mean log-likelihood of a journey left out by order (``held_out``).

    Raises
    ------
    ParameterError
        For an order that is no whole number above 0, or intervals or an order over more players
        than can be solved in reasonable time.

    Notes
    -----
    See `Chain.solve` for the formula, `Remembered.solve` for that of higher orders. A removal
    effect says how the observed paths hang together; it is no experiment, and nothing in it is
    incremental.

    Source: Anderl, Becker, von Wangenheim, Schumann (2016), *Mapping the customer journey*,
    International Journal of Research in Marketing 33(3).
    """
    draws = whole("draws", draws, 200, 2, _MOST_DRAWS)
    flag("interval", interval)
    tried = held_out(journeys) if isinstance(order, str) and _chosen(order) else None
    order = whole("order", order, 1, 1) if tried is None else tried.order
    chain = Chain.of(journeys) if order == 1 else remembered(journeys, order)
    removal = chain.solve()
    money_share = removal.money_share
    orders = place(journeys, journeys.orders, removal.share)
    same = np.allclose(money_share, removal.share, rtol=1e-12)
    revenue = orders if same else place(journeys, journeys.revenue, money_share)
    effects = {
        "removal_effect": removal.effect, "share": removal.share, "revenue_share": money_share,
    }  # fmt: skip
    bounds = _bounds(chain, removal, draws) if interval else {}
    caveats = {
        _COMPOSITION: journeys.converted.all(),
        _NOT_PLACED: not (orders.exact and revenue.exact),
    }
    warnings = tuple(text for text, holds in caveats.items() if holds)
    to_touches = journeys.pairs.to_touches
    facts: dict[str, Any] = {"conversion_probability": removal.all_orders, "order": order}
    if tried is not None:
        facts["held_out"] = tried.likelihood
    return Credit(
        to_touches(orders.credit), to_touches(revenue.credit), effects, bounds, warnings, facts
    )


def _chosen(order: str) -> bool:
    """Say that the order is to be chosen, or refuse another word."""
    if order != _BY_HELD_OUT:
        raise ParameterError(f"order={order!r}: give a whole number, e.g. 1, or {_BY_HELD_OUT!r}")
    return True


def _bounds(
    chain: Chain | Remembered, removal: Removal, draws: int
) -> dict[str, tuple[str, Floats]]:
    """Return the ends of the intervals as multiples of the credited orders and revenue."""
    if chain.states > _MOST_STATES_DRAWN:
        raise ParameterError(
            f"interval=True over {chain.states:,} states of the chain takes too long, at most "
            f"{_MOST_STATES_DRAWN:,} can be drawn: choose a dimension with fewer values (e.g. "
            "by='source'), a lower order, or interval=False"
        )
    rng = np.random.default_rng(_SEED)
    drawn = [chain.drawn(rng).solve() for _ in range(draws)]
    orders = _relative(np.quantile([r.share for r in drawn], TAILS, axis=0), removal.share)
    money = _relative(np.quantile([r.money_share for r in drawn], TAILS, axis=0),
                      removal.money_share)  # fmt: skip
    return {
        "orders_lower": ("orders", orders[0]), "orders_upper": ("orders", orders[1]),
        "lower": ("revenue", money[0]), "upper": ("revenue", money[1]),
    }  # fmt: skip


def _relative(ends: Floats, share: Floats) -> Floats:
    return np.divide(ends, share, where=share > 0, out=np.zeros_like(ends))


MODEL = Model(
    "markov",
    "Markov",
    "The next touch depends on the present one only, and each is worth the orders that paths "
    "through it bring.",
    split,
    options=("order", "interval", "draws"),
    weighs_players=True,
)
