"""What others did to the dataset since this session opened it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hk_metrics.store import Store

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.store.journal import Entry

SECONDS = 3.0  # between two looks; what one costs is reading a line
_DID = {
    "import": "New data was imported",
    "source": "New data was opened",
    "undo": "The last import was undone",
}


class News:
    """Tells once of each change of what is current in a store.

    Parameters
    ----------
    store
        Where the session's dataset comes from.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._known = store.marker()
        self._announced = ""

    def look(self, shown: Dataset) -> str:
        """Return what happened since the last look, as a sentence; "" for nothing new.

        Parameters
        ----------
        shown
            What the session shows: its own import is no news to it.
        """
        marker = self.store.marker()
        if marker == self._known:
            return ""
        self._known = marker
        entry = next(reversed(self.store.journal()), None)
        # Back at what is shown is news to whoever was told that it had changed.
        if entry is None or (entry.id == shown.id and self._announced != shown.id):
            return ""
        self._announced = "" if entry.id == shown.id else shown.id
        return _sentence(entry, shown)


def _sentence(entry: Entry, shown: Dataset) -> str:
    """Return a change in words: "New data was imported at 10:02 by Asha."."""
    at = entry.at.astimezone(ZoneInfo(shown.settings.timezone))
    by = f" by {entry.by}" if entry.by and entry.did != "source" else ""
    return f"{_DID[entry.did]} at {at:%H:%M}{by}."
