"""From words to a rule: what is understood is meant, and the rest is refused with how to say it."""

from __future__ import annotations

import re
from datetime import date

from hk_metrics.errors import HkMetricsError, ParameterError, UnknownNameError
from hk_metrics.metrics import METRICS
from hk_metrics.report.rules import phrases
from hk_metrics.report.rules.amounts import AMOUNT, Amount
from hk_metrics.report.rules.rule import Condition, Rule
from hk_metrics.view import period

_HOW = (
    "write 'roas < 2 for brand Gritzo over last_7_days', 'spend above 5 lakh over this_month', "
    "'roas < 1 for each campaign over last_28_days with spend > 1 L', "
    "'revenue falls 20 % against previous week', 'data older than 2 days' or 'quality errors'"
)
_LEAD = (
    r"(?:(?:(?:alert|warn|notify|tell|email)(?:\s+me)?|(?:send|get)\s+(?:me\s+)?an?\s+(?:alert|email))"
    r"\s+)?(?:(?:when|if)\s+)?(?:(?:the|our|total)\s+)*"
)
_EACH = r"(?:each|every|any)\s+(?P<each>\w+?)(?:['’]s)?(?!\w)"
_SIGN = rf"(?:(?:is|are|was|goes)\s+)?(?P<sign>{phrases.either(phrases.COMPARATORS)})\s*"
_MOVE = (
    rf"(?:(?:is|are|has|have)\s+)?(?P<move>{phrases.either(phrases.MOVES)})\s+(?:by\s+)?"
    r"(?:more\s+than\s+|at\s+least\s+|over\s+)?"
)
_DAYS = (
    r"(?P<days>(?:last|past|previous)[ _]\d+[ _](?:day|week)s?|yesterday|"
    r"(?:this|last)[ _](?:week|month|quarter|year)|"
    r"\d{4}-\d\d-\d\d\s*(?:\.\.|/|\s+to\s+)\s*\d{4}-\d\d-\d\d)(?!\w)"
)
_NEXT = (
    r"(?=\s*(?:,|$)|\s+(?:over|during|in|within|with|while|where|against|vs\.?|versus|compared|for|"
    r"and|each|every|any|per)\b)"
)
_VALUE = rf"(?:'(?P<quoted>[^']+)'|\"(?P<double>[^\"]+)\"|(?P<plain>\S.*?){_NEXT})"
_UNIT = r"(?P<unit>day|week|month|quarter|year|period)"
_THAN = r"(?:against|vs\.?|versus|compared\s+(?:to|with)|from|than)\s+(?:(?:the|a)\s+)?"
_AGAINST = (
    rf"{_THAN}(?:previous|prior|last)[ _]{_UNIT}(?!\w)",
    rf"{_THAN}{_UNIT}\s+(?:before|earlier|ago)(?!\w)",
    rf"{_UNIT}[ -](?:on|over)[ -](?P=unit)(?!\w)",
    rf"(?P<unit>{phrases.either(phrases.SHORT)})(?!\w)",
)
# Words of the grammar, and what would turn a value into its opposite: none is a name by itself.
_NO_NAME = (
    r"(?:(?:last|past|previous|next|this|all|any|each|every|not|no|non|except|excluding|without|with|"
    r"who|whose|that|which|having|other|than|over|under|above|below|or|and|today|now)\b|\d)"
)
_ONE_VALUE = "one value a rule: write a rule for each, 'for each brand', or the name in quotes"
_TIMES = ("day", "week", "month", "quarter", "year", "hour", "days", "weeks", "months", "hours")
_UNKNOWN = r"[\w ]*?\w+(?=\s*(?:$|[<>=≤≥]|\s(?:is|below|above|under|over|falls|rises)\b))|\w+"


def parse(words: str) -> Rule:
    """Read a rule about a metric.

    Raises
    ------
    ParameterError, UnknownNameError
        It is not understood, or not wholly; says where and how to write one.
    """
    try:
        return _Reader(words).rule()
    except HkMetricsError as wrong:
        problem = str(wrong)
        if isinstance(wrong, UnknownNameError) and _HOW not in problem:
            problem = f"{problem.rstrip('.')}; {_HOW}"
        raise type(wrong)(
            problem if problem.startswith("alert ") else f"alert {words!r}: {problem}"
        ) from None


class _Reader:
    """A rule's words from left to right; what was read is behind."""

    def __init__(self, words: str) -> None:
        self.words = " ".join(words.split()).rstrip(".!")
        self.at = 0
        self.each = ""
        self.days = ""
        self.against = ""
        self.filters: dict[str, str] = {}
        self.volume: list[Condition] = []

    def take(self, pattern: str) -> re.Match[str] | None:
        """Read what fits at this place."""
        found = re.compile(rf"\s*{pattern}", re.IGNORECASE).match(self.words, self.at)
        if found:
            self.at = found.end()
        return found

    @property
    def rest(self) -> str:
        return self.words[self.at :].strip(" ,")

    def rule(self) -> Rule:
        """Read all of it."""
        self.take(_LEAD)
        self._each(_EACH)
        if self.take(r"no\s+(?=\w)"):
            return self._finish(Condition(self._metric(), "<", 1.0))
        metric = self._metric()
        self._each(r"(?:(?:for|of)\s+)?" + _EACH)
        move = None if re.match(_SIGN, self.rest, re.IGNORECASE) else self.take(_MOVE)
        if not move:
            return self._finish(self._condition(metric))
        amount = self._amount()
        relative = amount.unit == "percent"
        if relative and METRICS[metric].unit == "percent":
            raise ParameterError(
                "a change of a percentage in % can be read two ways: compare it with a number, "
                f"such as '{metric} < 3 %'"
            )
        limit = amount.value * 0.01 if relative else amount.limit(metric)
        changed = Condition(metric, ">=", limit, "" if relative else _currency(amount))
        return self._finish(changed, phrases.MOVES[_plain(move["move"])], relative=relative)

    def _finish(self, condition: Condition, move: str = "", *, relative: bool = False) -> Rule:
        while self.rest and self._clause():
            pass
        if self.rest:
            raise ParameterError(f"{self.rest!r} is not understood there: {_HOW}")
        days, against = self.days, ""
        if move:
            days, against = self._compared()
        elif self.against:
            raise ParameterError(f"'against' is for what rises or falls: {_HOW}")
        return Rule(
            self.words, condition, move, relative, against, tuple(self.volume), self.filters,
            self.each, days or "all",
        )  # fmt: skip

    # -- parts ------------------------------------------------------------------------------

    def _metric(self) -> str:
        if found := self.take(phrases.metrics_pattern()):
            return phrases.metric_named(found["metric"])
        word = re.match(_UNKNOWN, self.rest)
        if not word:
            raise ParameterError(f"it names no metric: {_HOW}")
        return phrases.metric_named(word[0])

    def _condition(self, metric: str) -> Condition:
        sign = self.take(_SIGN)
        if not sign:
            raise ParameterError(f"{self.rest!r} is not understood there: {_HOW}")
        amount = self._amount()
        limit = amount.limit(metric)
        return Condition(
            metric, phrases.COMPARATORS[_plain(sign["sign"])], limit, _currency(amount)
        )

    def _amount(self) -> Amount:
        found = self.take(AMOUNT)
        if not found:
            raise ParameterError(f"{self.rest or 'nothing'!r} is no amount: {_HOW}")
        return Amount.of(found)

    def _clause(self) -> bool:
        """Read one of the parts that may stand in any order."""
        self.take(r",")
        return bool(
            self._each(r"(?:(?:for|of|by|in)\s+)?" + _EACH)
            or self._each(r"(?:per|by)\s+(?P<each>\w+)")
            or self._over()
            or self._against()
            or self._volume()
            or self._filter()
        )

    def _each(self, pattern: str) -> bool:
        found = self.take(pattern)
        if found:
            if found["each"].lower() in _TIMES:
                raise ParameterError(
                    f"each {found['each']} can be read two ways: say over which days, such as "
                    "'over yesterday' or 'over last_7_days'"
                )
            self.each = phrases.dimension_named(found["each"])
        return bool(found)

    def _over(self) -> bool:
        found = self.take(
            rf"(?:(?:over|during|in|within|for|using\s+data\s+from)\s+)?(?:the\s+)?{_DAYS}"
        )
        if not found:
            wrong = self.take(r"(?:over|during|within)\s+(?P<days>\S+)")
            if wrong:
                period.days(wrong["days"], date(2025, 1, 1))  # says which words there are
                self.days = wrong["days"]
            return bool(wrong)
        if self.days:
            raise ParameterError(f"it names two periods, {self.days} and {found['days']}")
        self.days = _period(found["days"])
        period.days(self.days, date(2025, 1, 1))
        return True

    def _against(self) -> bool:
        found = next(filter(None, map(self.take, _AGAINST)), None)
        if found:
            unit = found["unit"].lower()
            self.against = phrases.SHORT.get(unit, unit)
        return bool(found)

    def _volume(self) -> bool:
        here = self.at
        lead = self.take(r"(?:with|while|where|when|if|and)\s+(?:the\s+)?")
        found = lead and self.take(phrases.metrics_pattern())
        if not found:
            self.at = here
            return False
        self.volume.append(self._condition(phrases.metric_named(found["metric"])))
        return True

    def _filter(self) -> bool:
        lead = self.take(r"(?:for|of|in|on|and|,)\s+(?:the\s+)?(?P<dimension>\w+)\s*(?:=|is\b)?\s*")
        if not lead and self.filters:
            lead = self.take(r"(?P<dimension>\w+)\s*(?:=|is\b)?\s*")
        if not lead:
            return False
        value = self.take(_VALUE)
        if not value:
            raise ParameterError(f"after 'for' comes a dimension and a value; {_HOW}")
        if re.match(_NO_NAME, lead["dimension"], re.IGNORECASE):
            raise ParameterError(f"{lead[0].strip()!r} is not understood there: {_HOW}")
        name = phrases.dimension_named(lead["dimension"])
        chosen = value["quoted"] or value["double"] or value["plain"]
        no_name = re.match(rf"(?!\d){_NO_NAME}|.*\sor\s", chosen, re.IGNORECASE)
        if value["plain"] and no_name:
            raise ParameterError(f"{chosen!r} names no {lead['dimension']}; {_ONE_VALUE}")
        self.filters["name" if name == "influencer_id" else name] = chosen
        return True

    def _compared(self) -> tuple[str, str]:
        """The period of a change and what it is measured against."""
        if not self.against:
            raise ParameterError(f"a change needs what it is against: {_HOW}")
        usual, against = phrases.AGAINST[self.against]
        if self.days and self.against not in ("period", "year") and self.days != usual:
            raise ParameterError(
                f"{self.days} against the previous {self.against} can be read two ways: say "
                "'against previous period', or leave the period out"
            )
        if not (self.days or usual):
            raise ParameterError("say over which period, such as over last_28_days")
        return self.days or usual, against


def _currency(amount: Amount) -> str:
    return "" if amount.unit in ("", "percent", "times") else amount.unit


def _plain(words: str) -> str:
    return " ".join(words.lower().split())


def _period(words: str) -> str:
    plain = re.sub(r"\s+to\s+", "..", _plain(words))
    plain = re.sub(r"\s*(\.\.|/)\s*", r"\1", plain).replace(" ", "_")
    counted = re.fullmatch(r"(?:last|past|previous)_(\d+)_(day|week)s?", plain)
    if not counted:
        return plain
    return f"last_{int(counted[1]) * (7 if counted[2] == 'week' else 1)}_days"
