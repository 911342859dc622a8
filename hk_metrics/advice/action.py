"""An action: what to do, what it is worth, how sure that is, and the rule that found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RULES: Mapping[str, str] = {
    "stop": "Paid, and the whole interval of the lasting ROAS lies below break-even, told from "
            "luck among all who are paid; less than half of the fee is earned.",
    "renegotiate": "Paid, and the whole interval of the lasting ROAS lies below break-even, told "
                   "from luck among all. Worth what is lost today. The fee named is the fair "
                   "fee, which holds nine times in ten, where there is one below today's; else "
                   "the one that breaks even. Or the fee of the last complete month lies a quarter "
                   "or more above that of each month of the three before, and what it pays for "
                   "likely did not bring as much more: worth the difference.",
    "post more": "The lasting ROAS lies above the middle influencer's, told from luck among all, "
                 "and above break-even. One more post at today's price, each bringing a bit less. "
                 "Or a campaign whose posts ended in the month before the last complete one, the "
                 "whole interval of whose return lies above break-even.",
    "move": "Those two whose budgets the best plan of the same budget changes most.",
    "pay": "Payouts that the data marks as due and not paid.",
    "review": "Payouts that neither rate nor activity explains. A doubt, not a verdict.",
    "replace code": "Orders of a code clearly above what posts predict, also with posts that keep "
                    "working, and staying; commission and discount on them are at stake. A video "
                    "that is missing here explains them as well: a doubt, not a verdict.",
    "chase": "Posts that were promised, are due, and are not there; their part of the fee.",
    "test": "The interval of the incremental ROAS holds break-even, so that the data does not say "
            "whether the spend pays. Worth what knowing it is expected to save in as long a time; "
            "sure is how often the plan shows the lift that is expected.",
}  # fmt: skip
_EACH = 2  # actions of one kind


@dataclass(frozen=True)
class Action:
    """One thing to do; ``money`` with its 90 % interval, ``certainty`` a probability."""

    kind: str
    text: str
    money: float
    lower: float
    upper: float
    certainty: float
    by: str
    values: tuple[str, ...]
    page: str

    @property
    def key(self) -> str:
        """The same for the same action later."""
        return ":".join((self.kind, *sorted(self.values))) if self.by else self.kind


def largest(found: Iterable[Action]) -> list[Action]:
    """Return the few actions of a kind that are worth most."""
    return sorted(found, key=lambda a: -a.money * a.certainty)[:_EACH]
