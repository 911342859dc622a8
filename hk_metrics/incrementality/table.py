"""Lift as a table: one row per unit, each with its method, assumption, interval or refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from hk_metrics.errors import InsufficientDataError, ParameterError
from hk_metrics.incrementality import assumed_share, interrupted
from hk_metrics.incrementality.books import books
from hk_metrics.incrementality.estimators import DEFAULT
from hk_metrics.incrementality.influencers import shared
from hk_metrics.incrementality.parts import Part, Whole, fitted, units_by_part, ways
from hk_metrics.incrementality.question import LiftQuestion, Outcome, asked
from hk_metrics.incrementality.rows import LiftRow, framed
from hk_metrics.incrementality.series import Activity, Series
from hk_metrics.intervals import TAILS
from hk_metrics.metrics import METRICS
from hk_metrics.results.output import Output, given_as
from hk_metrics.results.presentation import Presentation
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.dataset import Dataset
    from hk_metrics.results.result import Result
    from hk_metrics.view import View

_EVERYTHING = "all"
_SPLIT = (
    " Influencers are supposed to differ in the share of their orders that is lift by half of what "
    "shares can differ by; daily totals cannot show it."
)
_TOGETHER = " All brands were estimated together, since one alone does not answer: "


@overload
def lift(
    data: Dataset | View,
    method: str = ...,
    by: str | None = ...,
    outcome: Outcome = ...,
    *,
    sales: Any = ...,
    events: Mapping[str, Iterable[Any]] | None = ...,
    baseline_share: float | None = ...,
    start: Any = ...,
    controls: Any = ...,
    calibration: Any = ...,
    output: Literal["pandas"] = ...,
    **filters: Any,
) -> Result: ...
@overload
def lift(
    data: Dataset | View,
    method: str = ...,
    by: str | None = ...,
    outcome: Outcome = ...,
    *,
    sales: Any = ...,
    events: Mapping[str, Iterable[Any]] | None = ...,
    baseline_share: float | None = ...,
    start: Any = ...,
    controls: Any = ...,
    calibration: Any = ...,
    output: Literal["polars"],
    **filters: Any,
) -> pl.DataFrame: ...
def lift(
    data: Dataset | View,
    method: str = DEFAULT,
    by: str | None = None,
    outcome: Outcome = "revenue",
    *,
    sales: Any = None,
    events: Mapping[str, Iterable[Any]] | None = None,
    baseline_share: float | None = None,
    start: Any = None,
    controls: Any = None,
    calibration: Any = None,
    output: Output = "pandas",
    **filters: Any,
) -> Result | pl.DataFrame:
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
    start
        First day of the activity for `interrupted`; that of the first post by default.
    controls
        Series that the posts cannot touch and that move as the shop does: a frame with ``date`` and
        a column each, one row per day (another brand, a search index); or names of parts of
        `daily_sales` (a brand, a city without posts), which are then no part of the outcome.
    calibration
        The result of `hk_metrics.read_experiment`: what it found of lift per tracked order or rupee
        is known beforehand, and answers where the data alone cannot.
    output
        ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.
    filters
        As in `View.where`; ``date`` says for which days the lift is asked, while the estimators
        learn from all days there are.

    Returns
    -------
    DataFrame
        Index = the units; ``estimate``, ``lower``, ``upper`` (90 % interval; in the outcome's
        unit), ``tracked`` and ``spend`` of the same unit and period, ``iroas`` with its interval
        (times; NaN for orders), ``inconclusive``, ``method``, ``assumption``, ``checks`` and
        ``refusal``: None, or why there is no number and what to add. ``attrs["whole"]`` holds the
        lift that the rows are shares of, where they are.

    Raises
    ------
    UnknownNameError
        For a method, dimension or filter that does not exist.
    ParameterError
        For a share outside 0–1, or a day that is none.

    Notes
    -----
    By brand or product each unit's own total is estimated; a campaign's is that of its brand. All
    together is the sum of the brands, where each can answer; any other breakdown shares each
    brand's lift over its influencers (see `hk_metrics.incrementality.influencers`).
    Lift is *not* tracked revenue, nor any share of it: it can be less, or more.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> hk.lift(data, "assumed_share", by="brand")["refusal"].isna().all()
    np.True_
    """
    if start is not None and method != interrupted.METHOD:
        raise ParameterError(f"start={start!r}: only the method 'interrupted' has a start")
    question = asked(data, method, by, outcome, sales, events, filters, calibration, controls)
    numbers = _numbers(question)
    if question.lacking:
        rows = {str(n): LiftRow(refusal=question.lacking) for n in numbers.index}
    elif method == assumed_share.METHOD:
        rows = _assumed(question, numbers, baseline_share)
    else:
        rows = _rows(question, numbers, start)
    frame = framed(numbers, rows, outcome, question.estimator.METHOD, parts=question.splits)
    return given_as(frame, output, _presentation(outcome, question.shop.view.ledger.settings))


def _presentation(outcome: Outcome, settings: Settings) -> Presentation:
    unit = METRICS[outcome].unit
    units = dict.fromkeys(("estimate", "lower", "upper", "tracked"), unit)
    title = f"Incremental {outcome}, with 90 % intervals"
    return Presentation(
        "estimates", settings, outcome, units, ("estimate", "lower", "upper"), title=title
    )


def _numbers(question: LiftQuestion) -> pd.DataFrame:
    """Return tracked orders, the tracked outcome and spend of each unit, the largest first."""
    view, names = question.shop.view, [question.outcome, "orders", "spend"]
    if question.by is not None:
        return view.by(question.by, list(dict.fromkeys(names)))
    totals = view.totals(list(dict.fromkeys(names)))
    return totals.to_frame(_EVERYTHING).T


def _assumed(
    question: LiftQuestion, numbers: pd.DataFrame, baseline_share: float | None
) -> dict[str, LiftRow]:
    nothing = np.empty(0)
    codes = np.empty(0, dtype=np.int64)
    activity = Activity(0, codes, codes, nothing, codes, codes, nothing)
    day = np.datetime64("1970-01-01", "D")
    usual = question.shop.view.ledger.settings.baseline_share
    share = usual if baseline_share is None else baseline_share
    rows = {}
    for name, value in numbers[question.outcome].items():
        tracked = np.array([float(value)])
        series = Series(day, tracked, tracked)
        found = assumed_share.fit(series, activity, baseline_share=share)
        checks = " ".join(map(str, found.checks))
        rows[str(name)] = LiftRow(found.estimate, assumption=found.assumption, checks=checks)
    return rows


def _rows(question: LiftQuestion, numbers: pd.DataFrame, start: Any) -> dict[str, LiftRow]:
    """Return one row per unit, estimating each part of the shop once."""
    rows: dict[str, LiftRow] = {}
    for part, names in units_by_part(question, [str(n) for n in numbers.index]).items():
        rows |= _estimated(question, {**question.part, **dict(part)}, names, start)
    return rows


def _estimated(
    question: LiftQuestion, part: Part, names: list[str], start: Any
) -> dict[str, LiftRow]:
    reasons: list[str] = []
    for parts in ways(question, part):
        try:
            answered = _answered(question, fitted(question, parts, start), names)
        except InsufficientDataError as refusal:
            reasons.append(str(refusal))
            continue
        note = _TOGETHER + " ".join(reasons) if reasons else ""
        return {n: replace(row, checks=row.checks + note) for n, row in answered.items()}
    return {name: LiftRow(refusal=reasons[-1]) for name in names}


def _answered(question: LiftQuestion, whole: Whole, names: list[str]) -> dict[str, LiftRow]:
    if question.splits:
        return _split(question, whole, names)
    lower, upper = whole.interval()
    return {names[0]: LiftRow(whole.estimate, lower, upper, whole.assumption, whole.checks)}


def _split(question: LiftQuestion, whole: Whole, names: list[str]) -> dict[str, LiftRow]:
    """Return the rows of units that share one estimated lift."""
    money = question.outcome == "revenue"
    drawn = np.sum(
        [
            shared(
                fit.posterior,
                books(question.shop.view, fit.part, question.by, names),
                len(names),
                money=money,
                seed=fit.seed,
            )
            for fit in whole.fits
        ],
        axis=0,
    )
    lower, upper = np.quantile(drawn, TAILS, axis=1)
    assumption, all_of_it = whole.assumption + _SPLIT, (whole.estimate, *whole.interval())
    return {
        name: LiftRow(float(drawn[n].mean()), float(lower[n]), float(upper[n]), assumption,
                  whole.checks, whole=all_of_it)
        for n, name in enumerate(names)
    }  # fmt: skip
