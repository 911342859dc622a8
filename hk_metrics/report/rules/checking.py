"""What rules find in a dataset on a day, as sentences; one that fails says so, and no more."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd

from hk_metrics import formatting
from hk_metrics.errors import HkMetricsError, ParameterError
from hk_metrics.metrics import METRICS, Distinct, Measure
from hk_metrics.report.rules.reading import parse
from hk_metrics.report.rules.rule import Condition, Rule
from hk_metrics.view import period

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_AGE = re.compile(r"(?:the )?data (?:is )?older than (?P<days>\d+) days?", re.IGNORECASE)
_QUALITY = re.compile(r"quality (?P<severity>errors|warnings)(?:\s*>\s*(?P<number>\d+))?", re.I)
Check = Callable[["Dataset", date], list[str]]


def check(rules: Sequence[str], data: Dataset, today: date) -> list[str]:
    """Return what the rules find, one sentence a case; a rule that fails is one of them."""
    return [sentence for rule in rules for sentence in _found(rule, data, today)]


def subject(sentences: Sequence[str]) -> str:
    """Return the subject of an alert: what happened.

    >>> subject(["ROAS is 1.20× (rule: < 2.00×)", "Orders is 0 (rule: < 1)"])
    'ROAS is 1.20× and 1 more'
    """
    first = re.sub(r" \(rule: .*\)$", "", sentences[0])
    return f"{first} and {len(sentences) - 1} more" if sentences[1:] else first


def refuse_unknown(rules: Sequence[str], data: Dataset) -> None:
    """Refuse rules about dimensions and values that a dataset does not have.

    Raises
    ------
    UnknownNameError
        Names the nearest.
    """
    for rule in rules:
        check_of(rule)
        if not (_AGE.fullmatch(rule.strip()) or _QUALITY.fullmatch(rule.strip())):
            _chosen(parse(rule), data)


def check_of(rule: str) -> Check:
    """Return a rule in words as a check of a dataset on a day.

    Parameters
    ----------
    rule
        A metric compared with a number or a change, for values of dimensions or each value of
        one, over a period, with a volume; or ``data older than N days``; or ``quality errors``.

    Raises
    ------
    ParameterError
        The words make no rule; says how to write one.
    """
    words = " ".join(rule.split()).rstrip(".")
    if age := _AGE.fullmatch(words):
        return _older_than(int(age["days"]))
    if quality := _QUALITY.fullmatch(words):
        return _findings(quality["severity"].lower(), int(quality["number"] or 0))
    read = parse(rule)
    return lambda data, today: _cases(read, data, today)


def _found(rule: str, data: Dataset, today: date) -> list[str]:
    try:
        return check_of(rule)(data, today)
    except HkMetricsError as failure:
        return [f"The rule {rule!r} cannot be checked: {failure}"]
    except Exception as failure:  # noqa: BLE001 - a rule must not stop the letter
        return [f"The rule {rule!r} cannot be checked: {type(failure).__name__}: {failure}"]


def _cases(rule: Rule, data: Dataset, today: date) -> list[str]:
    whole = _chosen(rule, data)
    metrics = [rule.condition.metric, *(c.metric for c in rule.volume)]
    _same_money(rule, data)
    if why := data.view().gaps(metrics):
        raise ParameterError(f"{why[:1].lower()}{why[1:].rstrip('.')}")
    days = period.days(rule.days, today)
    view = whole.where(date=(days[0].isoformat(), days[1].isoformat())) if days else whole
    now = _table(rule, view, whole, metrics)
    shown = now[rule.condition.metric]
    moved = _moved(rule, view, whole, shown) if rule.move else shown
    hit = moved.map(lambda v: _holds(rule.condition, v))
    for volume in rule.volume:
        hit &= now[volume.metric].map(lambda v, c=volume: _holds(c, v))
    return [_sentence(rule, data, str(n), shown[n], moved[n]) for n in shown.index[hit]]


def _chosen(rule: Rule, data: Dataset) -> View:
    view = data.view().where(**rule.filters)
    if rule.each:
        view.values(rule.each)  # refuses a dimension that the data does not have
    return view


def _same_money(rule: Rule, data: Dataset) -> None:
    for currency in {rule.condition.currency, *(c.currency for c in rule.volume)} - {""}:
        if currency != data.settings.currency:
            raise ParameterError(f"it is in {currency}, and the data in {data.settings.currency}")


def _holds(condition: Condition, value: float) -> bool:
    return _COMPARE[condition.sign](value, condition.limit)


def _table(rule: Rule, view: View, whole: View, metrics: Sequence[str]) -> pd.DataFrame:
    """One row per case, one column per metric; sums of no rows are 0, and silence is a number."""
    names = list(dict.fromkeys(metrics))
    if rule.each:
        known = whole.by(rule.each, names).index
        found: pd.DataFrame = view.by(rule.each, names).reindex(known)
    else:
        found = view.totals(names).to_frame("").T
    sums = [n for n in names if isinstance(METRICS[n], Measure | Distinct)]
    sums = [n for n in sums if not view.unavailable(n, [rule.each] if rule.each else [])]
    found[sums] = found[sums].fillna(0.0)
    return found


def _moved(rule: Rule, view: View, whole: View, now: pd.Series[float]) -> pd.Series[float]:
    """The change in the direction that the rule is about, as a fraction where it is relative."""
    if lacking := view.lacking(rule.against):  # type: ignore[arg-type]
        raise ParameterError(lacking[:1].lower() + lacking[1:].rstrip("."))
    before = view.before(rule.against)  # type: ignore[arg-type]
    assert before is not None
    then = _table(rule, before, whole, [rule.condition.metric])[rule.condition.metric]
    change = now - then
    if rule.relative:
        change = change / then.abs().where(then != 0)
    if rule.move == "changes":
        return change.abs()
    return -change if rule.move == "falls" else change


def _sentence(rule: Rule, data: Dataset, name: str, value: float, moved: float) -> str:
    metric = METRICS[rule.condition.metric]
    shown = formatting.text(metric.unit, value, data.settings)
    limit = formatting.text(metric.unit, rule.condition.limit, data.settings)
    over = "" if rule.days == "all" else f" over {rule.days.replace('_', ' ')}"
    of = _of(rule, data, name)
    if not rule.move:
        return f"{metric.label}{of} is {shown}{over} (rule: {rule.condition.sign} {limit})"
    verb = {"falls": "fell", "rises": "rose", "changes": "changed"}[rule.move]
    by, least = (
        formatting.percent(v, data.settings) if rule.relative
        else formatting.text(metric.unit, v, data.settings)
        for v in (moved, rule.condition.limit)
    )  # fmt: skip
    against = rule.against.replace("_", " ")
    return (
        f"{metric.label}{of} {verb} {by} to {shown}{over} against {against} "
        f"(rule: {rule.move} {least})"
    )


def _of(rule: Rule, data: Dataset, name: str) -> str:
    where = [f"{'influencer' if d == 'name' else d.replace('_', ' ')} {v}"
             for d, v in rule.filters.items()]  # fmt: skip
    if rule.each:
        label = rule.each.removesuffix("_id").replace("_", " ")
        where.append(f"{label} {_names(data).get(name, name) if label == 'influencer' else name}")
    return f" of {', '.join(where)}" if where else ""


def _names(data: Dataset) -> Mapping[str, str]:
    table = data.tables["influencers"]
    if "name" not in table.columns:
        return {}
    return {str(i): n for i, n in table.select("id", "name").iter_rows() if n}


def _older_than(days: int) -> Check:
    def check(data: Dataset, today: date) -> list[str]:
        last = _last_day(data)
        if last is None:
            return ["The data has no dated row"]
        age = (today - last).days
        sentence = (
            f"The data ends on {last:%d %b %Y}, {age} days ago (rule: older than {days} days)"
        )
        return [sentence] if age > days else []

    return check


def _findings(severity: str, allowed: int) -> Check:
    def check(data: Dataset, _: date) -> list[str]:
        found = data.quality.errors if severity == "errors" else data.quality.warnings
        problems = [f"The data has {len(found)} quality {severity}: {found[0]}"] if found else []
        return problems if len(found) > allowed else []

    return check


def _last_day(data: Dataset) -> date | None:
    ends = [
        t["date"].max() for n, t in data.tables.items() if n != "payouts" and "date" in t.columns
    ]
    dated = [end for end in ends if isinstance(end, datetime)]
    return max(dated).date() if dated else None
