"""Read an experiment by its design: estimate, interval, checks, and what it calibrates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hk_metrics.arguments import kind_of
from hk_metrics.errors import ParameterError
from hk_metrics.experiments import cities, codes, staggered, weeks
from hk_metrics.experiments.plan import ExperimentPlan
from hk_metrics.experiments.result import Reading
from hk_metrics.incrementality.question import LiftQuestion, asked

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View


def read_experiment(plan: ExperimentPlan, data: Dataset | View, *, sales: Any = None) -> Reading:
    """Return what an experiment found, read as it was planned.

    Parameters
    ----------
    plan
        From `plan_experiment`, before the test.
    data
        A dataset that holds the days of the test, or a view of one.
    sales
        The shop's total sales, as in `hk_metrics.lift`.

    Raises
    ------
    ParameterError
        For what is no plan or no data.
    InsufficientDataError
        If the data end before the test, or lack what its design needs.

    Notes
    -----
    Give the result to `hk_metrics.lift` as ``calibration``.
    """
    if not isinstance(plan, ExperimentPlan):
        raise ParameterError(f"plan: give one of hk.plan_experiment, not {kind_of(plan)}")
    outcome: Any = plan.outcome
    question = asked(data, "post_response", None, outcome, sales, None, plan.filters)
    return replace(_READERS[plan.design](plan, question), settings=plan.settings)


_READERS: Mapping[str, Callable[[ExperimentPlan, LiftQuestion], Reading]] = {
    "weeks": weeks.read, "cities": cities.read, "codes": codes.read, "staggered": staggered.read,
}  # fmt: skip
