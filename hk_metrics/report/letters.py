"""One letter a value: who sees to one brand gets that brand's letter, and no other."""

from __future__ import annotations

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.report import parameters, source
from hk_metrics.report.config import Report, Reports
from hk_metrics.report.plan import RunPlan

_ROWS = ("posts", "orders", "spend")
_DAYS = ("start", "end")


def for_value(chosen: Reports, report: Report, value: str) -> Reports:
    """Return the configuration in which a report is about one value, for its own recipients.

    Parameters
    ----------
    chosen, report
        The configuration, and a report with ``for_each``.
    value
        Of the parameter that ``for_each`` names.
    """
    one = report.model_copy(
        update={
            "parameters": {**report.parameters, report.for_each: [value]},
            "deliver": report.recipients.get(value, report.deliver),
            "value": value,
        }
    )
    return chosen.model_copy(update={"reports": {**chosen.reports, report.name: one}})


def values_of(plan: RunPlan) -> list[str]:
    """Return the values of ``for_each`` that have a post, an order or spend in the plan's days.

    Parameters
    ----------
    plan
        Of the report as a whole.

    Raises
    ------
    ParameterError
        The notebook does not take what ``for_each`` names, or has no ``data``.
    UnknownNameError
        ``recipients`` names a value that the data do not have.
    """
    report, given = plan.report, plan.parameters
    name = report.for_each
    lists = [n for n, p in parameters.declared(report.path).items() if p.many and n != "alerts"]
    if name not in lists or "data" not in given:
        raise ParameterError(
            f"report {report.name!r}: for_each cannot be {name!r}: it is a parameter 'data' and "
            f"one that takes a list of values, here {', '.join(lists) or 'none'}"
        )
    whole = source.open_data(str(given["data"])).view()
    known = whole.by(name, _ROWS).index.dropna().astype(str)
    for value in report.recipients:
        if value not in known:
            raise UnknownNameError.of(name, value, sorted(known))
    filters = {n: given[n] for n in lists if given[n]}
    table = whole.where(date=tuple(given.get(day) for day in _DAYS), **filters).by(name, _ROWS)
    return list(table.index[(table.fillna(0) != 0).any(axis=1)].dropna().astype(str))
