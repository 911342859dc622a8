"""A plan: what is drawn, what it can show, what it costs, and one page of it in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting
from hk_metrics.metrics import METRICS
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

WEEK = 7
_TITLE = {
    "weeks": "Hold-back weeks", "cities": "Cities", "codes": "Code hold-out",
    "staggered": "Staggered starts",
}  # fmt: skip
_DO = {
    "weeks": "Post as usual, but publish nothing in the weeks marked “hold back”. Posts planned "
    "for them move to weeks with posts. Codes stay valid all along.",
    "cities": "Change the posts in the cities marked “changed” only ({change}), by the platforms' "
    "targeting; leave the others alone.",
    "codes": "Show {share:.0%} of the followers, drawn at random by the platform or the link, each "
    "post without its code; book their orders with the source “{label}”.",
    "staggered": "Begin with posts in each city in the week that was drawn for it, and not before.",
}  # fmt: skip
_READ = {
    "weeks": "Randomisation inference: the lift that was found is compared with what every other "
    "draw of weeks would have found; response that falls into the next week is counted there.",
    "cities": "Synthetic control: the cities that stay as they are foretell the changed ones; "
    "what is left during the test is its effect.",
    "codes": "Orders per follower with and without the code, both of the same posts: the share "
    "that the code brought, by an exact interval.",
    "staggered": "Cities that have begun against those that have not, week by week, compared with "
    "what other orders of starting would have found.",
}  # fmt: skip
_HELD = "about {amount} of {of} that the held-back part would have brought"
_COST = {
    "weeks": "nothing that posts moved to other weeks do not bring there; if they are left out "
    f"instead, {_HELD}, and the test shows less.",
    **dict.fromkeys(("cities", "codes", "staggered"), f"{_HELD}, if the lift is as expected."),
}


@dataclass(frozen=True, eq=False)
class ExperimentPlan:
    """An experiment before it begins.

    Parameters
    ----------
    design
        ``weeks``, ``cities``, ``codes`` or ``staggered``.
    outcome
        ``revenue`` or ``orders``.
    start
        First day.
    weeks
        Length (weeks).
    share
        Held back: share of the weeks, or of the followers; of all sales, the changed cities'.
    seed
        Of the draw; the same data and seed give the same plan.
    draw
        What is drawn, one row per week or city.
    power
        What other lengths and shares can show: ``weeks``, ``share``, ``smallest`` (lift as a share
        of sales, or of coded orders, told in four of five experiments), ``power`` (probability that
        the expected lift is told), ``cost``.
    smallest
        Smallest lift of this plan.
    expected
        The lift that is expected, as a share of sales (coded orders for ``codes``).
    power_expected
        Probability that it is told.
    cost
        What the held-back part is expected to forgo (the outcome's unit); for ``weeks`` where its
        posts are left out rather than moved.
    filters
        The part of the shop.
    kernel
        How the response to a post spreads over days.
    change
        ``held_back`` or ``added``: what happens in changed cities.
    label
        Source of orders of followers without a code.
    settings
        Currency and grouping of the plan in words.
    """

    design: str
    outcome: str
    start: date
    weeks: int
    share: float
    seed: int
    draw: pd.DataFrame
    power: pd.DataFrame
    smallest: float
    expected: float
    power_expected: float
    cost: float
    filters: Mapping[str, Any] = field(default_factory=dict)
    kernel: tuple[float, ...] = ()
    change: str = "held_back"
    label: str = "No code"
    settings: Settings = field(default_factory=Settings)

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.start + timedelta(days=WEEK * self.weeks)

    @property
    def title(self) -> str:
        """What is planned, in a few words."""
        return f"Find out: {_TITLE[self.design].lower()}"

    @property
    def points(self) -> dict[str, str]:
        """The plan in words: when, what to do, what it shows and costs, how it is read."""
        of = "coded orders" if self.design == "codes" else "sales"
        change = self.change.replace("_", " ")
        last = self.end - timedelta(days=1)
        cost = formatting.text(METRICS[self.outcome].unit, self.cost, self.settings, "compact")
        return {
            "When": f"{formatting.period(self.start, last)}, {self.weeks} weeks.",
            "What to do": _DO[self.design].format(
                change=change, share=self.share, label=self.label
            ),
            "What it shows": f"{self._shown(of)} The lift that is expected, "
            f"{formatting.percent(self.expected, self.settings)}, is told with a probability of "
            f"{formatting.chance(self.power_expected, self.settings)}.",
            "What it costs": _COST[self.design].format(amount=cost, of=self.outcome),
            "How it is read": f"{_READ[self.design]} Nothing else is changed by the plan, and the "
            "reading is settled now, before anything is seen.",
        }

    @property
    def text(self) -> str:
        """The plan on one page, in words (Markdown)."""
        lines = [
            f"# {self.title}",
            *(f"**{head}**: {words}" for head, words in self.points.items()),
        ]
        drawn = [f"**The draw** (seed {self.seed}):", *(f"- {row}" for row in self._drawn())]
        return "\n\n".join(lines) + "\n\n" + "\n".join(drawn) + "\n"

    def _shown(self, of: str) -> str:
        if not self.smallest < float("inf"):
            return "no lift, however large, is told in four of five such tests: plan more weeks."
        smallest = formatting.percent(self.smallest, self.settings)
        return f"a lift of {smallest} of {of} or more is told in four of five such tests."

    def _drawn(self) -> list[str]:
        rows: list[dict[str, Any]] = self.draw.to_dict("records")  # type: ignore[assignment]
        return [", ".join(map(_word, row.values())) for row in rows]

    def _repr_markdown_(self) -> str:
        return self.text


def _word(value: object) -> str:
    return formatting.day(value) if isinstance(value, date) else str(value)
