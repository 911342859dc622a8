"""Words that need no settings: a number with its noun."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the right form.

    >>> counted(1, "row"), counted(1200, "row"), counted(2, "category")
    ('1 row', '1,200 rows', '2 categories')
    """
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{number:,} {plural}"


def sentence(words: str) -> str:
    """Return words as a sentence: a capital in front, a full stop behind.

    >>> sentence("nobody has spend here"), sentence("Widen the filters.")
    ('Nobody has spend here.', 'Widen the filters.')
    """
    text = words.strip()
    if not text:
        return ""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def sentences(reasons: Mapping[str, str], metrics: Collection[str]) -> str:
    """Return why metrics cannot be told, each reason once.

    >>> sentences({"cpo": "the data has no payouts", "roas": "the data has no payouts"}, ["roas"])
    'The data has no payouts.'
    """
    listed = dict.fromkeys(reasons[m] for m in metrics if m in reasons)
    return " ".join(map(sentence, listed))


@dataclass(frozen=True)
class ObjectSummary:
    """What an object says of itself in a few lines, as text and as HTML.

    >>> print(ObjectSummary("View", {"period": "1 – 31 Mar 2025", "orders": "8"}).text())
    View
      period  1 – 31 Mar 2025
      orders  8
    """

    head: str
    lines: Mapping[str, str]

    def text(self) -> str:
        """Return the lines below each other, the names in a column."""
        width = max(map(len, self.lines), default=0)
        return "\n".join([self.head, *(f"  {k:<{width}}  {v}" for k, v in self.lines.items())])

    def html(self) -> str:
        """Return the lines as a table."""
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(line)}</td></tr>"
            for name, line in self.lines.items()
        )
        return f"<strong>{escape(self.head)}</strong><table>{rows}</table>"


def uncapped(label: str) -> str:
    """Return a label as it stands within a sentence; what is all capitals stays.

    >>> uncapped("Cost per order"), uncapped("ROAS"), uncapped("CPM")
    ('cost per order', 'ROAS', 'CPM')
    """
    first = label.partition(" ")[0]
    return label if len(first) > 1 and first.isupper() else f"{label[:1].lower()}{label[1:]}"
