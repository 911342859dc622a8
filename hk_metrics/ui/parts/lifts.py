"""Lift of a view by every method, worked out once per change, and what it amounts to in words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.incrementality import LABELS, Best, assumed_share, best
from hk_metrics.ui.memory import answered, remembered
from hk_metrics.ui.parts.controls import chosen, number
from hk_metrics.ui.parts.panels import PanelAnswers
from hk_metrics.ui.parts.trials import calibration

if TYPE_CHECKING:
    import pandas as pd

BEST = "best"  # of the options: the best method that answers
# Metrics that one method of lift gives everywhere, with the columns of its answer.
LIFTED = {
    "incremental_revenue": ("estimate", "lower", "upper"),
    "incremental_roas": ("iroas", "iroas_lower", "iroas_upper"),
}
_NUMBERS = (
    "estimate", "lower", "upper", "tracked", "spend", "iroas", "iroas_lower", "iroas_upper",
)  # fmt: skip


def method(answers: PanelAnswers) -> str:
    """Return the method in force on every page: the chosen one, or the best that answers."""
    wanted = chosen(answers.state, "method", {BEST: "", **LABELS}, BEST)
    return best_of(answers).method if wanted == BEST else wanted


def best_of(answers: PanelAnswers) -> Best:
    """Return the method that answers the view best."""
    return best(answers.view, ask=lambda _, name: lifted(answers, name))


def _share(answers: PanelAnswers) -> float:
    """Return the share of revenue that is assumed to have come anyway (a fraction)."""
    usual = 100 * answers.settings.baseline_share
    return number(answers.state, "baseline", usual, high=100.0) / 100


def named(answers: PanelAnswers, which: str) -> str:
    """Return a method's name where its number stands, with its share or what calibrated it."""
    label = f"by {LABELS[which].lower()}"
    if which == assumed_share.METHOD:
        return f"{label}, {fmt.percent(_share(answers))}"
    known = calibration(answers)
    return label if known is None else f"{label}, calibrated by {known.label}"


def span(low: float, high: float, write: Callable[[float], str]) -> str:
    """Return an interval in words; empty where there is none."""
    return "" if low != low else f"{write(low)} – {write(high)}"


def lifted(answers: PanelAnswers, method: str, by: str | None = None) -> pd.DataFrame:
    """Return `hk_metrics.lift` of the view; a refusal of the whole is a row that says why."""
    given: dict[str, Any] = {"calibration": calibration(answers)}
    if method == assumed_share.METHOD:
        given = {"baseline_share": _share(answers)}
    choice = (method, by, *given.values())
    return remembered(
        answers.view, "lift", lambda: _lifted(answers, method, by, given), *choice
    )  # fmt: skip


def _lifted(
    answers: PanelAnswers, method: str, by: str | None, given: Mapping[str, Any]
) -> pd.DataFrame:
    from hk_metrics.incrementality import lift

    sales = answers.dataset.tables.get("daily_sales")
    found, reason = answered(lambda: lift(answers.view, method, by, sales=sales, **given))
    return _refused(method, reason) if found is None else found


def _refused(method: str, reason: str) -> pd.DataFrame:
    import pandas as pd

    nan = float("nan")
    row = {**dict.fromkeys(_NUMBERS, nan), "inconclusive": False, "method": method,
           "assumption": "", "checks": "", "refusal": reason}  # fmt: skip
    return pd.DataFrame([row], index=["all"])


def break_even(kept: float) -> float:
    """Return the ROAS from which on what is kept of revenue pays for the spend; NaN for none.

    >>> break_even(0.5)
    2.0
    """
    return 1.0 / kept if kept > 0 else float("nan")


def verdict(row: Mapping[Hashable, Any], kept: float = 1.0) -> str:
    """Return what a unit's lift amounts to, in words, where a share of revenue is kept.

    >>> verdict({"refusal": None, "estimate": 9.0, "inconclusive": False, "iroas_lower": 1.2})
    'pays for itself'
    >>> verdict({"refusal": None, "estimate": 9.0, "inconclusive": False, "iroas_lower": 1.2}, 0.5)
    'may or may not pay for itself'
    >>> verdict({"refusal": "Too few days.", "estimate": float("nan")})
    'Too few days.'
    """
    if row["refusal"]:
        return str(row["refusal"])
    if row["estimate"] != row["estimate"]:
        return "nothing tracked"
    low, high = row.get("iroas_lower"), row.get("iroas_upper")
    if row["inconclusive"]:
        return "inconclusive: the interval is too wide to act on"
    if low is None or low != low:
        return "assumed, no interval"
    if kept * low > 1:
        return "pays for itself"
    return (
        "loses money" if high is not None and kept * high < 1 else "may or may not pay for itself"
    )


def agreement(found: Mapping[str, pd.Series[Any]]) -> list[dict[str, str]]:
    """Say whether the methods that have an interval agree within it."""
    spans = [(r["lower"], r["upper"]) for r in found.values() if r["lower"] == r["lower"]]
    if len(spans) < 2:
        return []
    if max(low for low, _ in spans) > min(high for _, high in spans):
        text = "The methods disagree beyond their intervals: at least one assumption does not hold."
        return [{"text": text, "tone": "poor"}]
    return [{"text": "The methods agree within their intervals.", "tone": "good"}]
