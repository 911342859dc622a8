"""Targets: what is wanted of a metric in a period, for the whole or for a part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from hk_metrics.errors import HkMetricsError, ParameterError, UnknownNameError
from hk_metrics.view import period as periods

METRICS = ("revenue", "spend", "roas", "orders", "new_customers")
_PARTS = ("brand", "campaign")
_COLUMNS = ("metric", "value", "period", *_PARTS)
_AMOUNT = re.compile(r"^[^\d.\-]*(-?[\d,]*\.?\d+)\s*(k|l|lakh|m|cr|crore)?\s*[x×]?$", re.IGNORECASE)
_SIZES = {"": 1.0, "k": 1e3, "l": 1e5, "lakh": 1e5, "m": 1e6, "cr": 1e7, "crore": 1e7}


@dataclass(frozen=True)
class Target:
    """What is wanted of one metric in one period.

    Parameters
    ----------
    metric
        ``revenue``, ``spend``, ``roas``, ``orders`` or ``new_customers``.
    value
        In the metric's unit; of spend the budget, which is not to be exceeded.
    period
        A month (``2025-06``), a quarter (``2025-Q2``), a year, or ``2025-06-01..2025-06-20``.
    brand, campaign
        The part that it is for; empty for the whole.

    Raises
    ------
    ParameterError, UnknownNameError
        For a value that is no positive number, or a period or a metric that is none.
    """

    metric: str
    value: float
    period: str
    brand: str = ""
    campaign: str = ""

    def __post_init__(self) -> None:
        if self.metric not in METRICS:
            raise UnknownNameError.of("metric of a target", self.metric, METRICS)
        if isinstance(self.value, bool) or not 0 < self.value < float("inf"):
            raise ParameterError(f"target of {self.metric}: {self.value!r} is no amount above 0")
        if periods.days(self.period, date(2000, 1, 1)) is None or not self.period[:1].isdigit():
            raise ParameterError(
                f"target of {self.metric}: write its period like 2025-06, 2025-Q2 or "
                "2025-06-01..2025-06-20"
            )

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of its period."""
        found = periods.days(self.period, date(2000, 1, 1))
        assert found is not None
        return found

    @property
    def filters(self) -> dict[str, str]:
        """The part that it is for, as filters of a view."""
        return {name: value for name in _PARTS if (value := getattr(self, name))}

    @property
    def about(self) -> tuple[str, ...]:
        """What makes two targets the same one, whatever is wanted."""
        return (self.metric, self.period, self.brand, self.campaign)

    def record(self) -> dict[str, Any]:
        """Return it as a record that `read` takes."""
        return asdict(self)


def read(given: Iterable[Target | Mapping[str, Any]] | str | Path | Any) -> tuple[Target, ...]:
    """Return targets from records, a frame, or a CSV or Excel file.

    Parameters
    ----------
    given
        Targets; or one row per target with ``metric``, ``value``, ``period`` and, if wanted,
        ``brand`` and ``campaign``. Amounts may be written as people do: ``₹12,00,000``, ``12 L``.

    Raises
    ------
    ParameterError
        With every row that cannot be taken, and why.

    Examples
    --------
    >>> read([{"metric": "revenue", "value": "12 L", "period": "2025-06", "brand": "Gritzo"}])
    (Target(metric='revenue', value=1200000.0, period='2025-06', brand='Gritzo', campaign=''),)
    """
    rows = _rows(given)
    taken, problems = [], []
    for number, row in enumerate(rows, start=1):
        try:
            taken.append(row if isinstance(row, Target) else _target(row))
        except HkMetricsError as error:
            problems.append(f"row {number}: {error}")
    if problems:
        raise ParameterError(f"targets: {'; '.join(problems)}")
    return merged((), taken)


def merged(present: Sequence[Target], new: Sequence[Target]) -> tuple[Target, ...]:
    """Return targets with new ones, each of which takes the place of one about the same."""
    found = {target.about: target for target in (*present, *new)}
    return tuple(found.values())


def _rows(given: Any) -> Sequence[Any]:
    if isinstance(given, (str, Path)):
        return list(_file(Path(given)).to_dicts())
    if hasattr(given, "to_dicts"):
        return list(given.to_dicts())
    if hasattr(given, "to_dict") and hasattr(given, "columns"):
        return list(given.to_dict("records"))
    return list(given)


def _file(path: Path) -> Any:
    import polars as pl

    if not path.is_file():
        raise ParameterError(f"targets: there is no file {path}")
    try:
        if path.suffix.lower() in (".xlsx", ".xls"):
            return pl.read_excel(path)
        return pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError, ValueError) as error:
        raise ParameterError(f"targets: {path.name} cannot be read as a table: {error}") from error


def _target(row: Mapping[str, Any]) -> Target:
    known = {str(k).strip().lower().replace(" ", "_"): v for k, v in row.items()}
    known = {("value" if k in ("target", "amount") else k): v for k, v in known.items()}
    words = {k: "" if v is None or v != v else str(v).strip() for k, v in known.items()}
    if unknown := [k for k in words if k not in _COLUMNS and words[k]]:
        raise UnknownNameError.of("column of targets", unknown[0], _COLUMNS)
    texts = {f.name: words.get(f.name, "") for f in fields(Target) if f.name != "value"}
    texts["metric"] = texts["metric"].lower().replace(" ", "_")
    return Target(value=amount(words.get("value", "")), **texts)


def amount(written: str) -> float:
    """Return an amount as people write it.

    >>> amount("₹12,00,000"), amount("1.2 Cr"), amount("3.5×")
    (1200000.0, 12000000.0, 3.5)
    """
    found = _AMOUNT.match(written.strip())
    if not found:
        raise ParameterError(f"{written!r} is no amount; write it like 1200000 or 12 L")
    return float(found[1].replace(",", "")) * _SIZES[(found[2] or "").lower()]
