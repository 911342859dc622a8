"""What people say beside the data: notes on days, tags of influencers, views saved by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hk_metrics.team.notes import DayNote
from hk_metrics.team.views import SavedView

# Each is kept in a file of its own.
KINDS: tuple[Literal["views", "notes", "tags"], ...] = ("views", "notes", "tags")

__all__ = ["KINDS", "DayNote", "SavedView", "Team"]


@dataclass(frozen=True)
class Team:
    """What holds now.

    Parameters
    ----------
    notes
        On days, the earliest first.
    tags
        Tag → ids of the influencers that have it.
    """

    notes: tuple[DayNote, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def tags_of(self, influencer_id: str) -> list[str]:
        """Return the tags of an influencer.

        >>> Team(tags={"summer": ("INF001",), "micro": ("INF001", "INF002")}).tags_of("INF001")
        ['micro', 'summer']
        """
        return sorted(tag for tag, ids in self.tags.items() if influencer_id in ids)
