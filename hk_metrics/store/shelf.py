"""Reading a store: which version counts, which are whole, and what to say where one is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from hk_metrics.dataset import Dataset
from hk_metrics.errors import StoreError
from hk_metrics.quality import QualityReport, finding
from hk_metrics.settings import Settings, default_settings
from hk_metrics.store import journal, pointer
from hk_metrics.store.book import TeamBook
from hk_metrics.store.version import Version, check, read_dataset, read_version, seal_of
from hk_metrics.wording import counted

CURRENT, JOURNAL = "current", "journal"
DAMAGED = "damaged_store"  # code of the finding that tells it


class Shelf:
    """A folder of dataset versions, as those see it who only read.

    Parameters
    ----------
    folder
        Where; the settings' `store` if absent.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = Path(folder or default_settings().store).expanduser().resolve()

    @cached_property
    def team(self) -> TeamBook:
        """What a team says beside the data: saved views, notes on days, tags of influencers."""
        return TeamBook(self.folder)

    def current(self, settings: Settings | None = None) -> Dataset | None:
        """Open the current dataset, or None where nothing was ever committed.

        Notes
        -----
        Where that is damaged the last whole version opens; a warning in its quality report names
        the files.

        Raises
        ------
        StoreError
            If no version is whole.
        """
        marker = None
        problems: list[str] = []
        while marker != self.marker():  # another process may move on and prune what we look at
            marker = self.marker()
            number, problems = self._present()
            for one in [] if number is None else self._lineage(number):
                try:
                    return self._with_damages(self.open(one, settings), one, problems)
                except StoreError as error:
                    problems.append(str(error))
        if problems:
            raise StoreError(f"{'; '.join(problems)}. Import the files again")
        return None

    def current_version(self) -> Version | None:
        """Describe the current version without opening it; None where nothing was committed."""
        return next(iter(self.history()), None)

    def marker(self) -> str:
        """Return what changes with the current version, at the price of reading one line."""
        try:
            return (self.folder / CURRENT).read_bytes().decode(errors="replace")
        except OSError:
            return ""

    def journal(self) -> list[journal.Entry]:
        """Return what became current, the oldest first."""
        return journal.read(self.folder / JOURNAL)[0]

    def open(self, number: int, settings: Settings | None = None) -> Dataset:
        """Open one version.

        Raises
        ------
        StoreError
            If there is no such version, or its files are damaged.
        """
        opened = read_dataset(self._version_folder(number), settings or default_settings())
        return replace(opened, team=self.team.now)

    def versions(self) -> list[Version]:
        """List the versions on disk that can be described, oldest first."""
        found = []
        for number in self._numbers():
            # One that another process prunes meanwhile is no version any more.
            with suppress(StoreError):
                found.append(self.version(number))
        return found

    def history(self) -> list[Version]:
        """List the versions that led to the current one, newest first."""
        number = self._present()[0]
        chain = [] if number is None else list(self._lineage(number))
        known = {v.number: v for v in self.versions()}
        return [known[n] for n in chain if n in known]

    def version(self, number: int) -> Version:
        """Describe one version without opening it."""
        return read_version(self._version_folder(number))

    # -- what is whole ----------------------------------------------------------------------

    def _present(self) -> tuple[int | None, list[str]]:
        """Which version counts, and what is damaged of what says so."""
        path = self.folder / CURRENT
        try:
            found = pointer.read(path)
            if found is None and self._numbers():
                raise StoreError(f"{path} is missing")
            if found is None or self._is_named(found.number, found.seal):
                return (found.number if found else None), []
            raise StoreError(f"{path} is damaged: it does not name what was written")
        except StoreError as error:
            known = [e for e in self.journal() if self._is_named(e.number, e.seal)][-1:]
            last = known[0].number if known else max(self._numbers(), default=None)
            return last, [str(error)]

    def _is_named(self, number: int, seal: str) -> bool:
        """Whether a seal is that of a version, or the version is too damaged to tell."""
        folder = self._version_folder(number)
        if not folder.is_dir():
            return False
        try:
            return seal_of(folder) == seal
        except StoreError:
            return bool(seal)

    def _lineage(self, number: int) -> Iterator[int]:
        """A version and those that led to it; where one cannot say, the journal does."""
        led = journal.lineage(self.journal())
        below = dict(pairwise(led))
        at: int | None = number
        while at is not None:
            yield at
            at = self._led_to(at, below)

    def _led_to(self, number: int, below: Mapping[int, int]) -> int | None:
        try:
            return self.version(number).parent
        except StoreError:
            return below.get(number, self._next_lower(number))

    def _next_lower(self, number: int) -> int | None:
        return max((n for n in self._numbers() if n < number), default=None)

    def _is_whole(self, number: int) -> bool:
        try:
            check(self._version_folder(number))
        except StoreError:
            return False
        return True

    def _whole_present(self) -> Version | None:
        number = self._present()[0]
        return self.version(number) if number is not None and self._is_whole(number) else None

    def _last_whole(self) -> int | None:
        number = self._present()[0]
        led = () if number is None else self._lineage(number)
        return next(filter(self._is_whole, led), None)

    def _with_damages(self, dataset: Dataset, number: int, problems: list[str]) -> Dataset:
        """The dataset, with a warning where something of the store is damaged."""
        lost = journal.read(self.folder / JOURNAL)[1]
        damages = [*problems]
        if lost:
            damages.append(
                f"{self.folder / JOURNAL} is damaged: who did {counted(lost, 'step')} is lost"
            )
        if not damages:
            return dataset
        when = f"{self.version(number).committed:%d %b %Y, %H:%M} UTC"
        damaged = finding("damaged_store", damages="; ".join(damages), version=number, when=when)
        quality = QualityReport((damaged,)) + dataset.quality
        return replace(dataset, quality=quality)

    def _numbers(self) -> list[int]:
        folders = (self.folder / "versions").glob("[0-9]*")
        return sorted(int(p.name) for p in folders if p.name.isdigit() and p.is_dir())

    def _version_folder(self, number: int) -> Path:
        return self.folder / "versions" / f"{number:06d}"
