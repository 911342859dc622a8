"""What the data does not hold: said before anything is concluded from the rest."""

from __future__ import annotations

from hk_metrics.insights.facts import CORE, Facts
from hk_metrics.insights.insight import Evidence, Insight


def lacking(facts: Facts) -> Insight | None:
    """Say which of the tables and key columns the data does not have."""
    if not facts.gaps:
        return None
    return Insight(facts.gaps, CORE[0], Evidence("", CORE))
