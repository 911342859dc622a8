"""Where a report's data come from, and how to tell whether they are the same as last time."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.errors import ParameterError
from hk_metrics.report import keys, secrets

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.settings import Settings

SAMPLE = "sample"
_SEED = 7


def located(source: str) -> str:
    """Return a source so that a kernel started elsewhere finds it: local paths in full.

    Raises
    ------
    ParameterError
        A local path that does not exist.
    """
    if source == SAMPLE or secrets.is_reference(source) or "://" in source:
        return source
    path = Path(source).expanduser().resolve()
    if not path.exists():
        raise ParameterError(
            f"parameter 'data': there is no file or folder {path}. Give one, a web address, "
            f"env:NAME for an address with a password, or '{SAMPLE}'"
        )
    return str(path)


def version(source: str) -> str:
    """Return what changes when the data change: a hash of local files, else of the loaded data."""
    if source == SAMPLE:
        from hk_metrics import __version__

        return f"{SAMPLE}-{_SEED}-{__version__}"
    place = secrets.resolve(source)
    held = "://" in place or _is_store(place)
    return _held_version(open_data(source)) if held else keys.data_version(place)


def _held_version(data: Dataset) -> str:
    """Return a dataset's id, with what the team says beside it where it says anything."""
    team = data.team()
    if not team.notes and not team.tags:
        return data.id
    words = repr((team.notes, sorted(team.tags.items())))
    return f"{data.id}-{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def seen_from(source: str, today: datetime) -> datetime:
    """Return the time that "last week" is seen from: of the sample, the morning after its end.

    Parameters
    ----------
    source
        As for `open_data`.
    today
        The real time.
    """
    if source != SAMPLE:
        return today
    from hk_metrics.simulate.simulation import AFTER_SAMPLE

    return datetime.combine(AFTER_SAMPLE, today.timetz())


def _is_store(place: str) -> bool:
    return (Path(place) / "current").is_file()


def open_data(source: str, settings: Settings | None = None) -> Dataset:
    """Return the dataset that a report's ``data`` parameter names.

    Parameters
    ----------
    source
        A store, or a folder, file, archive or web address that `hk_metrics.load` takes;
        ``env:NAME`` for one of these, or ``sample`` for generated data.
    settings
        Currency, grouping …; the process's own without.
    """
    import hk_metrics as hk

    if source == SAMPLE:
        data, _ = hk.simulate(seed=_SEED)
        return data if settings is None else replace(data, settings=settings)
    place = secrets.resolve(source)
    stored = hk.Store(place).current(settings) if _is_store(place) else None
    return stored or hk.load(place, settings=settings)
