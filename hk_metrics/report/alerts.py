"""Rules in words, checked against the data: ``roas < 2 for brand Gritzo over last_7_days``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from hk_metrics.errors import ParameterError
from hk_metrics.report import period

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SIZES = {"": 1.0, "%": 0.01, "k": 1e3, "L": 1e5, "Cr": 1e7, "M": 1e6}
_METRIC = re.compile(
    r"(?P<metric>\w+)\s*(?P<sign><=|>=|<|>)\s*(?P<number>-?[\d,]*\.?\d+)\s*(?P<size>%|k|L|Cr|M)?"
    r"(?:\s+for\s+(?:(?P<each>each)\s+(?P<dimension>\w+)|(?P<filters>.+?)))?"
    r"(?:\s+over\s+(?P<period>\S+))?"
)
_AGE = re.compile(r"data older than (?P<days>\d+) days?")
_QUALITY = re.compile(r"quality (?P<severity>errors|warnings)(?:\s*>\s*(?P<number>\d+))?")
_HOW = (
    "write 'roas < 2 for brand Gritzo over last_7_days', 'spend > 5 L over this_month', "
    "'roas < 1 for each campaign over last_28_days', 'data older than 2 days' or 'quality errors'"
)
Check = Callable[["Dataset", date], list[str]]


@dataclass(frozen=True)
class _MetricRule:
    """A metric, compared with a number, over some filters and a period."""

    metric: str
    sign: str
    limit: float
    filters: Mapping[str, str]
    each: str
    words: str

    def __call__(self, data: Dataset, today: date) -> list[str]:
        days = period.days(self.words, today)
        view = data.view(**self.filters)
        view = view.where(date=(days[0].isoformat(), days[1].isoformat())) if days else view
        if why := data.view().gaps([self.metric]):
            rule = f"{self.metric} {self.sign} {self.limit:g}"
            return [f"The rule {rule} cannot be checked: {why[:1].lower()}{why[1:].rstrip('.')}"]
        found = self._values(view)
        return [
            self._sentence(data, name, value)
            for name, value in found.items()
            if _COMPARE[self.sign](value, self.limit)
        ]

    def _values(self, view: View) -> dict[str, float]:
        if not self.each:
            return {"": float(view.totals([self.metric])[self.metric])}
        column = view.by(self.each, [self.metric])[self.metric].dropna()
        return {str(name): float(value) for name, value in column.items()}

    def _sentence(self, data: Dataset, name: str, value: float) -> str:
        from hk_metrics.formatting import text
        from hk_metrics.metrics import METRICS

        where = [f"{d.replace('_', ' ')} {v}" for d, v in self.filters.items()]
        where += [f"{self.each.replace('_', ' ')} {name}"] if name else []
        of = f" of {', '.join(where)}" if where else ""
        unit = METRICS[self.metric].unit
        limit, is_now = (text(unit, v, data.settings) for v in (self.limit, value))
        over = "" if self.words == "all" else f" over {self.words.replace('_', ' ')}"
        return f"{METRICS[self.metric].label}{of} is {is_now}{over} (rule: {self.sign} {limit})"


def parse(rule: str) -> Check:
    """Return a rule in words as a check of a dataset on a day.

    Parameters
    ----------
    rule
        A metric compared with a number (``%``, ``k``, ``L``, ``Cr`` allowed), optionally ``for``
        values of dimensions or ``each`` value of one, optionally ``over`` a period in words; or
        ``data older than N days``; or ``quality errors``.

    Returns
    -------
    callable
        (dataset, local day) → one sentence per case found.

    Raises
    ------
    ParameterError
        The words make no rule; says how to write one.
    """
    words = " ".join(rule.split())
    if age := _AGE.fullmatch(words):
        return _older_than(int(age["days"]))
    if quality := _QUALITY.fullmatch(words):
        return _findings(quality["severity"], int(quality["number"] or 0))
    if metric := _METRIC.fullmatch(words):
        return _metric_rule(rule, metric)
    raise ParameterError(f"alert {rule!r} is not understood: {_HOW}")


def check(rules: Sequence[str], data: Dataset, today: date) -> list[str]:
    """Return what the rules find, one sentence a case."""
    return [sentence for rule in rules for sentence in parse(rule)(data, today)]


def _metric_rule(rule: str, found: re.Match[str]) -> Check:
    from hk_metrics.errors import UnknownNameError
    from hk_metrics.metrics import METRICS

    if found["metric"] not in METRICS:
        raise UnknownNameError.of("metric", found["metric"], METRICS)
    if METRICS[found["metric"]].unit == "percent" and float(found["number"]) and not found["size"]:
        raise ParameterError(
            f"alert {rule!r}: write {found['number']} with %, or did you mean × 100?"
        )
    words = found["period"] or "all"
    period.days(words, date(2025, 1, 1))  # refuse words that mean nothing before any data is read
    return _MetricRule(
        metric=found["metric"],
        sign=found["sign"],
        limit=float(found["number"].replace(",", "")) * _SIZES[found["size"] or ""],
        filters=_filters(rule, found["filters"] or ""),
        each=found["dimension"] or "",
        words=words,
    )


def _filters(rule: str, words: str) -> dict[str, str]:
    pairs = [part.strip().split(" ", 1) for part in words.split(",") if part.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise ParameterError(f"alert {rule!r}: after 'for' comes a dimension and a value; {_HOW}")
    return {name: value.strip("'\"") for name, value in pairs}


def _older_than(days: int) -> Check:
    def check(data: Dataset, today: date) -> list[str]:
        last = _last_day(data)
        if last is None:
            return ["The data has no dated row"]
        age = (today - last).days
        said = f"The data ends on {last:%d %b %Y}, {age} days ago (rule: older than {days} days)"
        return [said] if age > days else []

    return check


def _findings(severity: str, allowed: int) -> Check:
    def check(data: Dataset, _: date) -> list[str]:
        found = data.quality.errors if severity == "errors" else data.quality.warnings
        said = [f"The data has {len(found)} quality {severity}: {found[0]}"] if found else []
        return said if len(found) > allowed else []

    return check


def _last_day(data: Dataset) -> date | None:
    ends = [
        t["date"].max() for n, t in data.tables.items() if n != "payouts" and "date" in t.columns
    ]
    dated = [end for end in ends if isinstance(end, datetime)]
    return max(dated).date() if dated else None
