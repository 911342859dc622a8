"""A kind of finding: how grave it is, its words, its repair, and what it does to the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hk_metrics.quality.finding import Severity

LeavesOut = Literal["nothing", "cell", "row", "line"]


@dataclass(frozen=True)
class Kind:
    """Everything that is the same of all findings of one kind.

    Parameters
    ----------
    name
        The code of its findings; where one code is worded in several ways, the code, a dot and
        what tells this wording from the first, which has the code alone for its name.
    severity
        ``error``: rows cannot be used, or a decision is open; ``warning``: used, and listed;
        ``note``: what was understood.
    message
        A full sentence for a marketer; in braces what each finding fills in.
    fix
        How a user of the library or the command line repairs it; empty where nothing is to do.
    on_page
        The repair that the dashboard offers, where it is another.
    reason
        The message in a word or two, beside each row that is left out.
    leaves_out
        ``line``: what is no row of the table, whatever else is found on it; ``row``: the row;
        ``cell``: the cell, and the row with it where the column may not be empty.
    changes
        Whether cells were read as something else than they say by themselves.
    doubts_money
        Whether money may be counted wrongly for it, though nobody is asked.
    of_file
        Whether it says what became of its whole file: left out, taken apart, summed up.
    """

    name: str
    severity: Severity
    message: str
    fix: str = ""
    on_page: str = ""
    reason: str = ""
    leaves_out: LeavesOut = "nothing"
    changes: bool = False
    doubts_money: bool = False
    of_file: bool = False

    @property
    def code(self) -> str:
        """The code of its findings."""
        return self.name.partition(".")[0]
