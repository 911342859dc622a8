"""How much the posts of one influencer differ, told from what followed each of them.

A hit and a flop of the same person are chance as much as two lucky orders are. The spread between
posts is estimated from all influencers of a view together, and each one's sums are as uncertain by
it as their posts are few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from hk_metrics.intervals import POST_SPREAD

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]

# What is supposed of the squared spread before looking, and how far it may be off.
_USUAL, _DOUBT = POST_SPREAD**2, 0.50
_HALF_LIVES = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0)
# Posts further back than this many have no say in what follows a post.
_REACH_BACK = 4
# Hits are rare and large, so few posts show too little of them: what is added to the variance that
# they leave, as a multiple of itself (found in simulation with 3, 8 and 20 posts), and at most.
_UNSEEN, _MOST_UNSEEN = 3.0, 2.0
# The standard error leaves out that the law of hits is not known; how much larger it is taken.
_LAW_UNKNOWN = 1.5


@dataclass(frozen=True, eq=False)
class _Windows:
    """The time from each post (or day of posts) of an influencer to the next.

    Parameters
    ----------
    influencer
        Code of each window, in order of influencer and time.
    day, length
        First day and length (days).
    posts
        Posts on that day.
    orders
        Tracked orders in the window.
    """

    influencer: _Ints
    day: _Ints
    length: _Ints
    posts: _Floats
    orders: _Floats

    def expected(self, half_life: float) -> tuple[_Floats, _Floats]:
        """Return what posts of equal strength would bring into each window, and the squares.

        Posts before it still act; the squares add up each post's part in it, squared.
        """
        left = 0.5 ** (1.0 / half_life)
        mass = 1.0 - left**self.length
        total, squares = self.posts * mass, self.posts * mass**2
        for back in range(1, min(_REACH_BACK, len(self.day) - 1) + 1):
            same = self.influencer[back:] == self.influencer[:-back]
            age = self.day[back:] - self.day[:-back]
            part = np.where(same, left ** np.maximum(age, 0) * mass[back:], 0.0)
            total[back:] += self.posts[:-back] * part
            squares[back:] += self.posts[:-back] * part**2
        return total, squares


@dataclass(frozen=True)
class PostSpread:
    """How much posts of one influencer differ.

    Parameters
    ----------
    variance
        Squared spread of a post's orders around what its influencer's posts bring.
    noise, error
        Per influencer (index): relative variance of the sum of all posts, and its standard error,
        in which all influencers are off together.
    """

    variance: float
    noise: pd.Series[float]
    error: pd.Series[float]

    def beside(self, sums: pd.DataFrame) -> pd.DataFrame:
        """Return sums per influencer with the columns ``noise`` and ``noise_error``."""
        columns = {"noise": self.noise, "noise_error": self.error}
        return sums.assign(**{n: s.reindex(sums.index).fillna(0.0) for n, s in columns.items()})

    @property
    def text(self) -> str:
        """What was found, in a sentence."""
        return (
            f"Posts of one influencer are supposed to differ by {np.sqrt(self.variance):.0%} "
            "around what they bring on average, as they do in this data."
        )


def post_spread(view: View) -> PostSpread:
    """Return how much posts of one influencer differ in a view, and what that makes uncertain.

    Notes
    -----
    Orders from one post to the next are Poisson around what the posts before them bring, which
    decays by half within 1 to 13 days (the best fitting of six); what they vary beyond that is the
    posts' own spread. Each influencer's windows are compared with their own mean, so that skill is
    no spread. Combined with what is usual as far as the data leave it open.
    """
    import pandas as pd

    windows, names = _windows(view)
    if not len(windows.day) or not windows.orders.sum() > 0:
        nobody = pd.Series(0.0, index=pd.Index([], dtype=object))
        return PostSpread(_USUAL, nobody, nobody)
    fits = [_fitted(windows, half_life, len(names)) for half_life in _HALF_LIVES]
    best = fits[int(np.argmin([f.misfit for f in fits]))]
    error = max(best.error, 1e-6)
    weight = error**-2 / (error**-2 + _DOUBT**-2)
    variance = max(0.0, weight * best.variance + (1 - weight) * _USUAL)
    seen = variance * best.unevenness
    noise = seen * np.minimum(1.0 + _UNSEEN * seen, _MOST_UNSEEN)
    doubt = _LAW_UNKNOWN * (error**-2 + _DOUBT**-2) ** -0.5
    spread = pd.DataFrame(
        {"noise": noise, "error": noise * doubt / max(variance, 1e-9)}, index=names
    )
    return PostSpread(variance, spread["noise"], spread["error"])


def _windows(view: View) -> tuple[_Windows, NDArray[np.object_]]:
    rows = (
        view.rows.filter(nw.col("kind").is_in(["order", "post"]), ~nw.col("date").is_null())
        .group_by("influencer_id", "date")
        .agg(nw.col("orders", "posts").sum())
        .filter(~nw.col("influencer_id").is_null())
        .collect()
    )
    names, code = np.unique(rows["influencer_id"].to_numpy().astype(str), return_inverse=True)
    day = np.asarray(rows["date"].to_numpy(), dtype="datetime64[D]").astype(np.int64)
    order = np.lexsort((day, code))
    code, day = code[order].astype(np.int64), day[order]
    posts, orders = (np.nan_to_num(rows[c].to_numpy())[order] for c in ("posts", "orders"))
    begins = posts > 0
    # Orders before an influencer's first post have no window.
    place = np.cumsum(begins) - 1
    owner = code[begins]
    held = (place >= 0) & (owner[np.maximum(place, 0)] == code) if len(owner) else begins
    sums = np.bincount(place[held], np.maximum(orders[held], 0.0), len(owner)).astype(float)
    first = day[begins]
    end = np.append(first[1:], 0)
    last = np.append(owner[1:] != owner[:-1], True) if len(owner) else begins[:0]
    end = np.where(last, day.max(initial=0) + 1, end)
    windows = _Windows(owner, first, np.maximum(end - first, 1), posts[begins], sums)
    return windows, names.astype(object)


@dataclass(frozen=True, eq=False)
class _Fit:
    """A half-life's spread with its standard error, its misfit, and posts' unevenness."""

    variance: float
    error: float
    misfit: float
    unevenness: _Floats


def _fitted(windows: _Windows, half_life: float, count: int) -> _Fit:
    who = windows.influencer
    expected, squares = windows.expected(half_life)

    def summed(values: _Floats) -> _Floats:
        return np.bincount(who, values, count).astype(np.float64)

    mass, number, size = summed(expected), summed(windows.orders), summed(np.ones(len(who)))
    rate = number / np.maximum(mass, 1e-12)
    part = expected / np.maximum(mass, 1e-12)[who]
    rest = windows.orders - rate[who] * expected
    # Of a sum of which the mean was taken out: what is left of each window's variance.
    left = 1.0 - 2.0 * part
    chance = summed(rate[who] * expected * left) + rate * summed(part**2) * mass
    pull = summed(squares * left) + summed(part**2) * summed(squares)
    # X (X − 1) is without bias for the square of a Poisson mean; spread between posts adds to it.
    whole = summed(squares) / np.maximum(mass, 1e-12) ** 2
    own = np.maximum(number * (number - 1.0), 0.0) / np.maximum(mass, 1e-12) ** 2 * pull
    informative = (size > 1) & (number > 1) & (own > 0)
    thin = _USUAL + size / np.maximum(number, 1.0)
    weight = np.where(informative, size / thin**2 / np.maximum(number, 1.0) ** 2, 0.0)
    excess = summed(rest**2) - chance
    variance = _USUAL
    for _ in range(4):
        square = own / (1.0 + variance * whole)
        bottom = float((weight * square).sum())
        variance = max(float((weight * excess).sum()) / bottom, 0.0) if bottom > 0 else _USUAL
    off = weight * (excess - variance * square)
    error = float(np.sqrt((off**2).sum())) / bottom if bottom > 0 else np.inf
    mean = rate[who] * expected
    misfit = float((rest**2 / np.maximum(mean + _USUAL * mean**2, 1e-9)).sum())
    return _Fit(variance, error, misfit, np.where(mass > 0, np.minimum(whole, 1.0), 0.0))
