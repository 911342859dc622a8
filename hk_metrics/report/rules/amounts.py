"""Amounts as people write them: ₹5,00,000, 5 lakh, 2x, 4 %."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hk_metrics.errors import ParameterError
from hk_metrics.metrics import METRICS

_CURRENCIES: Mapping[str, str] = {
    "₹": "INR", "rs.": "INR", "rs": "INR", "inr": "INR", "$": "USD", "usd": "USD",
    "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
}  # fmt: skip
_SIZES: Mapping[str, float] = {
    "k": 1e3, "thousand": 1e3, "l": 1e5, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5,
    "m": 1e6, "mn": 1e6, "million": 1e6, "cr": 1e7, "crore": 1e7, "crores": 1e7,
    "b": 1e9, "bn": 1e9, "billion": 1e9,
}  # fmt: skip
_PER_CENT, _TIMES = ("%", "percent", "per cent"), ("x", "×", "times")
# Thousands stand in groups of three, or of two before the last three; nothing else is a group.
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d+)?|\d*\.?\d+"


def _either(words: Mapping[str, object] | tuple[str, ...]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


AMOUNT = (
    rf"(?P<minus>-|−)?\s*(?P<currency>{_either(_CURRENCIES)})?\s*(?P<number>{_NUMBER})(?![\d.,]*\d)"
    rf"(?:\s*(?P<size>{_either(_SIZES)})(?![a-z]))?"
    rf"(?:\s*(?P<per_cent>{_either(_PER_CENT)})|\s*(?P<times>{_either(_TIMES)})(?![a-z]))?"
    rf"(?:\s*(?P<after>{_either(_CURRENCIES)})(?![a-z]))?"
)


@dataclass(frozen=True)
class Amount:
    """A number with what was written around it.

    Parameters
    ----------
    value
        With its size; of per cent as written (4 % is 4).
    unit
        ``percent``, ``times``, an ISO currency, or empty.
    """

    value: float
    unit: str = ""

    @classmethod
    def of(cls, found: re.Match[str]) -> Amount:
        """Return what `AMOUNT` matched."""
        if re.fullmatch(r"\d{1,3}\.000|[1-9]\d{0,2}\.\d{3}", found["number"]) and not found["size"]:
            whole = found["number"].replace(".", ",")
            raise ParameterError(
                f"{found['number']} can be read two ways: write {whole}, or two digits behind '.'"
            )
        size = _SIZES[found["size"].lower()] if found["size"] else 1.0
        value = float(found["number"].replace(",", "")) * size * (-1 if found["minus"] else 1)
        currency = found["currency"] or found["after"]
        if found["per_cent"] or found["times"]:
            return cls(value, "percent" if found["per_cent"] else "times")
        return cls(value, _CURRENCIES[currency.lower()] if currency else "")

    def limit(self, metric: str) -> float:
        """Return the limit that this is for a metric, in the metric's own unit.

        Raises
        ------
        ParameterError
            The unit is not the metric's, or per cent is not written.
        """
        unit, label = METRICS[metric].unit, METRICS[metric].label
        if unit == "percent" and self.value and self.unit != "percent":
            raise ParameterError(f"write {self.value:g} with %, or did you mean × 100?")
        money = self.unit not in ("", "percent", "times")
        fits = {"percent": self.unit in ("percent", ""), "money": money or not self.unit,
                "times": self.unit in ("times", "")}.get(unit, not self.unit)  # fmt: skip
        if not fits:
            raise ParameterError(f"{label} is no matter of {self.unit}: leave it out")
        return self.value * 0.01 if unit == "percent" else self.value
