"""Lift as a table: one row per unit, each with its method, assumption, interval or refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hk_metrics.errors import InsufficientDataError, UnknownNameError
from hk_metrics.filters import NONE
from hk_metrics.incrementality import assumed_share
from hk_metrics.incrementality.books import books, brands_of_campaigns
from hk_metrics.incrementality.estimators import DEFAULT, Estimator, estimator_named
from hk_metrics.incrementality.influencers import shared
from hk_metrics.incrementality.result import Lift
from hk_metrics.incrementality.series import Activity, Series
from hk_metrics.incrementality.shop import OF_THE_SHOP, Shop

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

Outcome = Literal["revenue", "orders"]
Part = Mapping[str, tuple[Any, ...]]

COLUMNS = (
    "estimate", "lower", "upper", "tracked", "spend", "iroas", "iroas_lower", "iroas_upper",
    "inconclusive", "method", "assumption", "checks", "refusal",
)  # fmt: skip
EVERYTHING = "all"
FEW_ORDERS = 20
SPLIT = (
    " Lift per tracked {unit} is the same for all parts of the total, give or take a quarter per "
    "influencer."
)


@dataclass(frozen=True)
class Row:
    """One unit's answer; ``refusal`` is empty where there is one."""

    estimate: float = nan
    lower: float = nan
    upper: float = nan
    assumption: str = ""
    checks: str = ""
    refusal: str = ""
    wide: bool = False


@dataclass(frozen=True, eq=False)
class Question:
    """What `lift` was asked, the same for all units."""

    shop: Shop
    estimator: Estimator
    outcome: Outcome
    by: str | None
    options: Mapping[str, Any]

    @property
    def part(self) -> dict[str, tuple[Any, ...]]:
        """Filters that choose a part of the shop."""
        return {n: v for n, v in self.shop.view.filters.items() if n in OF_THE_SHOP}

    @property
    def splits(self) -> bool:
        """Whether units are parts of an activity rather than of the shop."""
        whole = (*OF_THE_SHOP, "date", "organic")
        by_activity = self.by is not None and self.by not in OF_THE_SHOP
        return by_activity or any(n not in whole for n in self.shop.view.filters)


def lift(
    data: Dataset | View,
    method: str = DEFAULT,
    by: str | None = None,
    outcome: Outcome = "revenue",
    *,
    sales: Any = None,
    events: Mapping[str, Iterable[Any]] | None = None,
    baseline_share: float | None = None,
    **filters: Any,
) -> pd.DataFrame:
    """Return what would not have come without the influencers, and incremental ROAS.

    Parameters
    ----------
    data
        A dataset, or a view of one. A view does not carry `daily_sales`: give it as ``sales``.
    method
        ``post_response``, ``interrupted`` or ``assumed_share``.
    by
        A dimension, one row per value; None for one row in all.
    outcome
        ``revenue`` (money) or ``orders``.
    sales
        The shop's total sales, a frame with the columns of `daily_sales`; by default the dataset's.
    events
        Promotions and holidays to hold constant: name → their days.
    baseline_share
        b of `assumed_share`, 0–1; the settings' by default.
    filters
        As in `View.where`; ``date`` says for which days the lift is asked, while the estimators
        learn from all days there are.

    Returns
    -------
    DataFrame
        Index = the units; ``estimate``, ``lower``, ``upper`` (90 % interval; in the outcome's
        unit), ``tracked`` and ``spend`` of the same unit and period, ``iroas`` with its interval
        (times; NaN for orders), ``inconclusive``, ``method``, ``assumption``, ``checks`` and
        ``refusal``: None, or why there is no number and what to add.

    Raises
    ------
    UnknownNameError
        For a method, dimension or filter that does not exist.

    Notes
    -----
    By brand or product each unit's own total is estimated; a campaign's is that of its brand. Any
    other breakdown shares a total over influencers (see `hk_metrics.incrementality.influencers`).
    Lift is *not* tracked revenue, nor any share of it: it can be less, or more.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> hk.lift(data, "assumed_share", by="brand")["refusal"].isna().all()
    np.True_
    """
    question = _question(data, method, by, outcome, sales, events, baseline_share, filters)
    numbers = _numbers(question)
    rows = _assumed(question, numbers) if method == assumed_share.METHOD else _rows(question)
    return _framed(question, numbers, rows)


def _question(
    data: Any, method: str, by: str | None, outcome: Outcome, sales: Any, events: Any,
    baseline_share: float | None, filters: Mapping[str, Any],
) -> Question:  # fmt: skip
    if outcome not in ("revenue", "orders"):
        raise UnknownNameError.of("outcome", outcome, ["revenue", "orders"])
    tables = getattr(data, "tables", None)
    view = data.where(**filters) if tables is None else data.view(**filters)
    if by is not None and by not in view.dimensions:
        raise UnknownNameError.of("dimension", by, view.dimensions)
    if sales is None and tables is not None:
        sales = tables.get("daily_sales")
    options: dict[str, Any] = {}
    if method == assumed_share.METHOD:
        given = baseline_share is not None
        options["baseline_share"] = baseline_share if given else view.ledger.settings.baseline_share
    return Question(Shop(view, sales, events or {}), estimator_named(method), outcome, by, options)


def _numbers(question: Question) -> pd.DataFrame:
    """Return tracked orders, the tracked outcome and spend of each unit, the largest first."""
    view, names = question.shop.view, [question.outcome, "orders", "spend"]
    if question.by is not None:
        return view.by(question.by, list(dict.fromkeys(names)))
    totals = view.totals(list(dict.fromkeys(names)))
    return totals.to_frame(EVERYTHING).T


def _assumed(question: Question, numbers: pd.DataFrame) -> dict[str, Row]:
    nothing = np.empty(0)
    codes = np.empty(0, dtype=np.int64)
    activity = Activity(0, codes, codes, nothing, codes, codes, nothing)
    day = np.datetime64("1970-01-01", "D")
    rows = {}
    for name, value in numbers[question.outcome].items():
        tracked = np.array([float(value)])
        found = question.estimator.fit(Series(day, tracked, tracked), activity, **question.options)
        rows[str(name)] = _whole(found, nan)
    return rows


def _rows(question: Question) -> dict[str, Row]:
    """Return one row per unit, estimating each part of the shop once."""
    rows: dict[str, Row] = {}
    for part, names in _parts(question).items():
        filters = {**question.part, **dict(part)}
        rows |= _estimated(question, filters, names)
    return rows


def _parts(question: Question) -> dict[tuple[tuple[str, tuple[Any, ...]], ...], list[str]]:
    """Return the parts of the shop to estimate, each with the units that lie in it."""
    if question.by is None:
        return {(): [EVERYTHING]}
    names = [str(n) for n in _numbers(question).index]
    if question.by in OF_THE_SHOP:
        return {((question.by, (None if n == NONE else n,)),): [n] for n in names}
    brands = brands_of_campaigns(question.shop.view) if question.by == "campaign" else {}
    parts: dict[tuple[tuple[str, tuple[Any, ...]], ...], list[str]] = {}
    for name in names:
        key = (("brand", (brands[name],)),) if name in brands else ()
        parts.setdefault(key, []).append(name)
    return parts


def _estimated(question: Question, part: Part, names: list[str]) -> dict[str, Row]:
    series = question.shop.series(part, question.outcome)
    activity = question.shop.activity(part, series.first)
    try:
        found = question.estimator.fit(series, activity, **question.options)
    except InsufficientDataError as refusal:
        return {name: Row(refusal=str(refusal)) for name in names}
    if not question.splits:
        return {names[0]: _whole(found, float(series.outcome[series.window].sum()))}
    return _split(question, part, names, found)


def _whole(found: Lift, total: float) -> Row:
    """Return the row of a unit that is a part of the shop."""
    wide = found.upper - found.lower > total - found.estimate
    checks = " ".join(map(str, found.checks))
    return Row(found.estimate, found.lower, found.upper, found.assumption, checks, wide=wide)


def _split(question: Question, part: Part, names: list[str], found: Lift) -> dict[str, Row]:
    """Return the rows of units that share one estimated lift."""
    assert found.posterior is not None
    held = books(question.shop.view, part, question.by, names)
    money = question.outcome == "revenue"
    drawn = shared(found.posterior, held, len(names), money=money)
    lower, upper = np.quantile(drawn, [0.05, 0.95], axis=1)
    assumption = found.assumption + SPLIT.format(unit="rupee" if money else "order")
    checks = " ".join(map(str, found.checks))
    return {
        name: Row(float(drawn[n].mean()), float(lower[n]), float(upper[n]), assumption, checks)
        for n, name in enumerate(names)
    }


def _framed(question: Question, numbers: pd.DataFrame, rows: Mapping[str, Row]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(
        {field: [getattr(rows[str(n)], field) for n in numbers.index] for field in _FIELDS},
        index=numbers.index,
    )
    frame["tracked"], frame["spend"] = numbers[question.outcome], numbers["spend"]
    spend = frame["spend"].where((frame["spend"] > 0) & (question.outcome == "revenue"))
    for name, source in _RATIOS.items():
        frame[name] = frame[source] / spend
    frame["method"] = question.estimator.METHOD
    frame["refusal"] = frame["refusal"].astype(object).where(frame["refusal"] != "", None)
    frame["inconclusive"] = _inconclusive(question, frame, numbers["orders"])
    return frame[list(COLUMNS)]


_FIELDS = ("estimate", "lower", "upper", "assumption", "checks", "refusal", "wide")
_RATIOS = {"iroas": "estimate", "iroas_lower": "lower", "iroas_upper": "upper"}


def _inconclusive(question: Question, frame: pd.DataFrame, orders: pd.Series) -> pd.Series:
    """Say which intervals are too wide to act on, or rest on too few tracked orders."""
    if not question.splits:
        return frame["wide"]
    wide = frame["upper"] - frame["lower"] > frame["tracked"]
    return wide | (frame["lower"].notna() & (orders < FEW_ORDERS))
