"""What a team says beside a store's data: views by name, notes on days, tags of influencers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from hk_metrics.errors import ParameterError
from hk_metrics.store.records import Record, Records, standing
from hk_metrics.team import KINDS, DayNote, SavedView, Team
from hk_metrics.team.notes import written
from hk_metrics.team.tags import folded, tag_named
from hk_metrics.team.views import named

_MOST_VIEWS = 200
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # a copy does not say when its words were written


class TeamBook:
    """What a team says, in a store's folder; any number of processes may write to it.

    Parameters
    ----------
    folder
        Of the store.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     book = TeamBook(Path(folder))
    ...     _ = book.pin("2025-06-03", "price rise", brand="Gritzo", by="Asha")
    ...     [note.words for note in book.now().notes]
    ['price rise (Gritzo)']
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: tuple[str, Team] = ("", Team())

    def now(self) -> Team:
        """Return the notes and tags that hold now; they are read when their files have changed."""
        marker = self.marker()
        if marker != self._seen[0]:
            self._seen = (marker, Team(tuple(self.notes()), self.tags()))
        return self._seen[1]

    def marker(self, kinds: Iterable[str] = KINDS) -> str:
        """Return what changes whenever anybody says anything of some kinds, without reading it."""
        return " ".join(filter(None, (_stamp(self.folder / f"{kind}.jsonl") for kind in kinds)))

    def latest(self) -> tuple[str, Record] | None:
        """Return the last change and its kind; None where nothing was ever said."""
        last = ((k, r) for k in KINDS if (r := Records(self.folder, k).last()) is not None)
        return max(last, key=lambda found: found[1].at, default=None)

    # -- notes on days ----------------------------------------------------------------------

    def notes(self) -> list[DayNote]:
        """Return the notes, the earliest day first; of a day as they were written."""
        there = standing(Records(self.folder, "notes").all())
        return sorted(map(_note, there.values()), key=lambda n: n.day)

    def pin(
        self, day: date | str, text: str, brand: str = "", by: str = "", *, key: str = ""
    ) -> DayNote:
        """Pin a note to a day, or write one anew.

        Parameters
        ----------
        day
            A day, or text like ``2025-06-03``.
        text
            What happened, in a few words.
        brand
            The brand that it is about; empty for all.
        by
            Who writes it, where that is known.
        key
            Of the note that it takes the place of; empty for a new one.

        Raises
        ------
        ParameterError
            For what is no day, no text, or a note that is gone.
        StoreError
            If the store cannot be written to.
        """
        note = written(day, text, brand)

        def facts(known: list[Record]) -> Mapping[str, Any]:
            author = _standing(known, key, "note")["author"] if key else by
            return _note_facts(replace(note, key=key or uuid4().hex[:8], by=author))

        return _note(Records(self.folder, "notes").change(facts, by))

    def unpin(self, key: str, by: str = "") -> None:
        """Take a note away.

        Raises
        ------
        ParameterError
            If it is gone already.
        """
        Records(self.folder, "notes").change(lambda k: _gone(k, key, "note"), by)

    # -- tags of influencers ----------------------------------------------------------------

    def tags(self) -> dict[str, tuple[str, ...]]:
        """Return tag → ids of the influencers that have it."""
        return folded(r.facts for r in Records(self.folder, "tags").all())

    def tag(self, name: str, influencers: Iterable[str], by: str = "") -> str:
        """Give influencers a tag, and return how it is spelled.

        Raises
        ------
        ParameterError
            For a tag without a name, or for nobody.
        StoreError
            If the store cannot be written to.
        """
        return self._tagged(name, "add", influencers, by)

    def untag(self, name: str, influencers: Iterable[str], by: str = "") -> str:
        """Take a tag from influencers; one that nobody has is gone."""
        return self._tagged(name, "drop", influencers, by)

    def _tagged(self, name: str, how: str, influencers: Iterable[str], by: str) -> str:
        ids = list(dict.fromkeys(map(str, influencers)))
        if not ids:
            raise ParameterError("nobody is chosen: tick influencers in the table first")

        def facts(known: list[Record]) -> Mapping[str, Any]:
            return {"tag": tag_named(name, folded(r.facts for r in known)), how: ids}

        return str(Records(self.folder, "tags").change(facts, by).facts["tag"])

    # -- views by name ----------------------------------------------------------------------

    def views(self) -> list[SavedView]:
        """Return the saved views, by name."""
        there = standing(Records(self.folder, "views").all())
        return sorted(map(_view, there.values()), key=lambda v: v.name.casefold())

    def save_view(self, name: str, query: str, by: str = "") -> SavedView:
        """Save a view by name for the team; one's own of that name is replaced.

        Raises
        ------
        ParameterError
            For a name that is empty, too long, or of another's view.
        StoreError
            If the store cannot be written to.
        """
        view = named(name, query)

        def facts(known: list[Record]) -> Mapping[str, Any]:
            there = standing(known)
            same = _of_name(there, view.name)
            if same and same.by != by:
                raise ParameterError(_taken(same))
            if not same and len(there) >= _MOST_VIEWS:
                raise ParameterError(f"{_MOST_VIEWS} views are saved: delete one first")
            return _view_facts(replace(view, by=by, key=same.key if same else uuid4().hex[:8]))

        return _view(Records(self.folder, "views").change(facts, by))

    def rename_view(self, key: str, name: str, by: str = "") -> SavedView:
        """Give a saved view another name.

        Raises
        ------
        ParameterError
            For a name that is empty, too long or taken, or a view that is gone.
        """

        def facts(known: list[Record]) -> Mapping[str, Any]:
            before = _standing(known, key, "view")
            view = named(name, before["query"])
            same = _of_name(standing(known), view.name)
            if same and same.key != key:
                raise ParameterError(_taken(same))
            return {**before, "name": view.name}

        return _view(Records(self.folder, "views").change(facts, by))

    def forget_view(self, key: str, by: str = "") -> None:
        """Delete a saved view.

        Raises
        ------
        ParameterError
            If it is gone already.
        """
        Records(self.folder, "views").change(lambda k: _gone(k, key, "view"), by)

    # -- copies -----------------------------------------------------------------------------

    def put(self, views: Iterable[SavedView], team: Team) -> None:
        """Say this in the place of everything; of a store that is a part of another one."""
        tags = [{"tag": tag, "add": list(ids)} for tag, ids in team.tags.items()]
        Records(self.folder, "views").rewrite([(_view_facts(v), v.at or _LONG_AGO) for v in views])
        Records(self.folder, "notes").rewrite([(_note_facts(n), _LONG_AGO) for n in team.notes])
        Records(self.folder, "tags").rewrite([(facts, _LONG_AGO) for facts in tags])


def _stamp(file: Path) -> str:
    with suppress(OSError):
        fact = file.stat()
        return f"{file.name}:{fact.st_mtime_ns}:{fact.st_size}"
    return ""


def _standing(known: Iterable[Record], key: str, what: str) -> Mapping[str, Any]:
    """Return what holds of a thing, or say that somebody has removed it meanwhile."""
    there = standing(known)
    if key not in there:
        raise ParameterError(f"this {what} is gone: somebody has deleted it meanwhile")
    return there[key].facts


def _gone(known: Iterable[Record], key: str, what: str) -> Mapping[str, Any]:
    return {**_standing(known, key, what), "gone": True}


def _of_name(there: Mapping[str, Record], name: str) -> SavedView | None:
    views = map(_view, there.values())
    return next((v for v in views if v.name.casefold() == name.casefold()), None)


def _taken(view: SavedView) -> str:
    by = f" by {view.by}" if view.by else ""
    return f"there is a view “{view.name}”{by} already: choose another name, or delete that one"


def _view(record: Record) -> SavedView:
    facts = record.facts
    return SavedView(facts["name"], facts["query"], facts["author"], facts["key"], record.at)


def _view_facts(view: SavedView) -> dict[str, Any]:
    return {"key": view.key, "name": view.name, "query": view.query, "author": view.by}


def _note(record: Record) -> DayNote:
    facts = record.facts
    day = date.fromisoformat(facts["day"])
    return DayNote(day, facts["text"], facts["brand"], facts["key"], facts["author"])


def _note_facts(note: DayNote) -> dict[str, Any]:
    return {"key": note.key, "day": note.day.isoformat(), "text": note.text, "brand": note.brand,
            "author": note.by}  # fmt: skip
