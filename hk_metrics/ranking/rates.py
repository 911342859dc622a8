"""Orders per exposure of each member of a group, pulled towards the group's law.

Orders are Poisson at a rate per exposure (a rupee spent, a person reached) times what the member's
posts happened to bring; rates follow a gamma law whose mean and shape are found from the group, and
stay as uncertain as the group is small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]

# Shapes of the gamma law that are tried: .2 is a group of all sorts, 200 one of equals. Their weak
# prior (around 2, a spread of rates of 70 %) keeps small groups from being taken for equals.
_SHAPES = np.geomspace(0.2, 200.0, 19)
_USUAL_SHAPE, _SHAPE_SPREAD = 2.0, 0.7
# What posts happened to bring, and how far the spread between them may lie from what was found, in
# their own standard deviations.
_LUCK, _DOUBTS = np.linspace(-3.0, 3.0, 13), np.array([-1.5, -0.75, 0.0, 0.75, 1.5])
_LEAST_WEIGHT = 1e-3
_MOST_DOUBT = 0.5


@dataclass(frozen=True, eq=False)
class Group:
    """Counts of a group, and what chance did to each.

    Parameters
    ----------
    orders, exposure
        Of each member; exposure above 0.
    noise
        Relative variance of what the posts of each happened to bring.
    mean, doubt
        Of the law of rates, and its standard error relative to it.
    """

    orders: Floats
    exposure: Floats
    noise: Floats
    mean: float
    doubt: float = 0.0

    @property
    def luck(self) -> tuple[Floats, Floats]:
        """Factors that the posts may have brought (members × values), and their log weights."""
        if not (self.noise > 0).any():
            return np.ones((len(self.orders), 1)), np.zeros(1)
        width = np.sqrt(np.log1p(self.noise))[:, None]
        weight = -0.5 * _LUCK**2
        return np.exp(width * _LUCK - width**2 / 2), weight - np.log(np.exp(weight).sum())

    def likelihood(self, shape: float) -> Floats:
        """Return the log likelihood of each member and luck: negative binomial counts."""
        from scipy.special import gammaln

        factor, weight = self.luck
        orders = self.orders[:, None]
        expected = np.maximum(self.mean * self.exposure[:, None] * factor, 1e-300)
        constant = gammaln(shape + self.orders) - gammaln(shape)
        return np.asarray(
            weight + constant[:, None] - shape * np.log1p(expected / shape)
            - orders * np.log1p(shape / expected)
        )  # fmt: skip

    def evidence(self) -> Floats:
        """Return the log evidence of each shape, with the weak prior."""
        prior = -0.5 * (np.log(_SHAPES / _USUAL_SHAPE) / _SHAPE_SPREAD) ** 2
        return np.asarray(prior + [_summed(self.likelihood(a)).sum() for a in _SHAPES])

    def centred(self, shape: float) -> Group:
        """Return the group with the likeliest mean under a shape, members by their precision.

        Precision by what is expected of a member, not by what it had: who had many orders would
        weigh less else, and the mean be too low.
        """
        spread = 1.0 / shape + self.noise * (1.0 + 1.0 / shape)
        weight = 1.0 / (1.0 + spread * self.mean * self.exposure)
        whole = float((weight * self.exposure).sum())
        mean = float((weight * self.orders).sum()) / whole
        error = np.sqrt((weight**2 * self.exposure * (1.0 + spread * mean * self.exposure)).sum())
        doubt = float(error / np.sqrt(max(mean, 1e-300)) / whole)
        return replace(self, mean=mean, doubt=min(doubt, _MOST_DOUBT))


@dataclass(frozen=True, eq=False)
class _Law:
    """One spread of posts and shape of rates, and how likely both are."""

    group: Group
    shape: float
    weight: float

    def members(self) -> tuple[Floats, Floats]:
        """Return how likely each luck of each member is, and the exposure with that luck."""
        likely = self.group.likelihood(self.shape)
        likely = np.exp(likely - likely.max(axis=1, keepdims=True))
        factor, _ = self.group.luck
        return likely / likely.sum(axis=1, keepdims=True), self.group.exposure[:, None] * factor


def rates(
    orders: Floats, exposure: Floats, noise: Floats, noise_error: Floats, draws: int,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return the mean rate of each member, and draws of it (members × draws).

    Parameters
    ----------
    orders, exposure
        Of each member; exposure above 0.
    noise, noise_error
        Relative variance of what the posts of each happened to bring, and its standard error, in
        which all members are off together.
    draws
        How many.
    rng
        The dice.

    Notes
    -----
    Given what the posts brought (a log-normal factor h, on a grid), o ~ Poisson(e h r) and
    r ~ Gamma(a, a/m) make r | o ~ Gamma(a + o, a/m + e h). The shape a and the spread between posts
    are drawn together from their posterior, the mean m from its standard error: all members of a
    draw share them, so that a sum over members is as uncertain as the group's law is.
    """
    laws = list(_laws(orders, exposure, noise, noise_error))
    weight = np.array([law.weight for law in laws])
    times = rng.multinomial(draws, weight / weight.sum())
    mean, columns = np.zeros(len(orders)), []
    for law, count in zip(laws, times, strict=True):
        likely, reached = law.members()
        rate = (law.shape + orders[:, None]) / (law.shape / law.group.mean + reached)
        mean += law.weight / weight.sum() * (likely * rate).sum(axis=1)
        columns.append(_drawn(law, orders, likely, reached, int(count), rng))
    return mean, np.concatenate(columns, axis=1)[:, rng.permutation(draws)]


def _drawn(
    law: _Law, orders: Floats, likely: Floats, reached: Floats, count: int,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    if likely.shape[1] == 1:
        had = np.broadcast_to(reached, (len(orders), count))
    else:
        place = np.zeros((len(orders), count), dtype=np.int64)
        dice = rng.random(place.shape)
        for below in np.cumsum(likely, axis=1)[:, :-1].T:
            place += dice > below[:, None]
        had = np.take_along_axis(reached, place, axis=1)
    mean = law.group.mean * np.exp(law.group.doubt * rng.standard_normal(count))
    found = rng.standard_gamma(np.broadcast_to((law.shape + orders)[:, None], had.shape))
    return np.asarray(found / (law.shape / mean + had))


def _laws(orders: Floats, exposure: Floats, noise: Floats, error: Floats) -> Iterator[_Law]:
    """Yield the laws that are likely at all."""
    group = Group(orders, exposure, noise, float(orders.sum() / exposure.sum()))
    for _ in range(3):
        group = group.centred(float(_SHAPES[int(np.argmax(group.evidence()))]))
    doubts = _DOUBTS if (error > 0).any() else np.zeros(1)
    groups = [replace(group, noise=np.maximum(noise + d * error, 0.0)) for d in doubts]
    log = np.array([g.evidence() - 0.5 * d**2 for g, d in zip(groups, doubts, strict=True)])
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    for place, shape in zip(*np.nonzero(weight > _LEAST_WEIGHT), strict=True):
        yield _Law(groups[place], float(_SHAPES[shape]), float(weight[place, shape]))


def _summed(log: Floats) -> Floats:
    """Return the log of the sum of what the logs of each row stand for."""
    top = log.max(axis=1)
    return np.asarray(top + np.log(np.exp(log - top[:, None]).sum(axis=1)))
