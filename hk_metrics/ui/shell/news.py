"""What others did to the dataset since this session opened it, and said beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hk_metrics.access import current_visitor
from hk_metrics.store import Store
from hk_metrics.team import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hk_metrics.dataset import Dataset
    from hk_metrics.store.book import TeamBook
    from hk_metrics.store.journal import Entry
    from hk_metrics.store.records import Record

SECONDS = 3.0  # between two looks; what one costs is reading a line
_FOLDER = "folder"
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


class TeamNews:
    """Tells once of each change of what a team says beside its data."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def heard(self, book: TeamBook, kinds: Iterable[str] = KINDS) -> None:
        """Take what holds now as known, of all kinds or of some."""
        self._known |= {_FOLDER: str(book.folder), **{kind: book.marker([kind]) for kind in kinds}}

    def look(self, book: TeamBook, zone: str) -> str:
        """Return what others have said since the last look, as a sentence; "" for nothing new."""
        before = dict(self._known)
        self.heard(book)
        same_book = before.get(_FOLDER) == self._known[_FOLDER]
        if before == self._known or not same_book or (latest := book.latest()) is None:
            return ""
        if current_visitor().scope:
            return "What the team says beside the data has changed."
        kind, record = latest
        by = f" by {record.by}" if record.by else ""
        return f"{_change(kind, record)} at {record.at.astimezone(ZoneInfo(zone)):%H:%M}{by}."


def _change(kind: str, record: Record) -> str:
    """Return a change of what is said: "The view “June” was deleted"."""
    facts = record.facts
    if kind == "tags":
        return f"The tag “{facts['tag']}” was {'given' if 'add' in facts else 'taken away'}"
    thing = f"view “{facts['name']}”" if kind == "views" else f"note “{facts['text']}”"
    return f"The {thing} was {'deleted' if facts.get('gone') else 'saved'}"


def _sentence(entry: Entry, shown: Dataset) -> str:
    """Return a change in words: "New data was imported at 10:02 by Asha."."""
    at = entry.at.astimezone(ZoneInfo(shown.settings.timezone))
    by = f" by {entry.by}" if entry.by and entry.did != "source" else ""
    return f"{_DID[entry.did]} at {at:%H:%M}{by}."
