"""Where a session's dataset comes from: what was asked for, the last import, else the sample."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.access import current_visitor
from hk_metrics.settings import default_settings

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.store import Store

SAMPLE = "Generated sample"
_SEED = 7


def opened(store: Store) -> Dataset:
    """Return the last import of a store, else the sample; that, too, where no version is whole."""
    from dataclasses import replace

    from hk_metrics.errors import StoreError
    from hk_metrics.quality import QualityReport, finding

    if current_visitor().scope:
        # Never the sample, nor anything else than the part that this session may see.
        part = store.current()
        if part is None:
            raise StoreError("the part of the data that you may see is not there; reload the page")
        return part
    try:
        return store.current() or sample()
    except StoreError as error:
        generated = sample()
        damaged = finding("damaged_store.sample", damages=error)
        return replace(generated, quality=QualityReport((damaged,)) + generated.quality)


def newer(dataset: Dataset) -> Dataset | None:
    """Return what was imported since a dataset was opened; None if it is still the latest."""
    from hk_metrics.store import Store

    version = Store().current_version()
    shown = None if is_sample(dataset) else dataset.id
    return None if shown == (version.id if version else None) else opened(Store())


def store_of(data: str = "") -> Store:
    """Return the store that a session's dataset comes from, and its imports go to."""
    from hk_metrics.store import Store

    return Store(served(data)) if data else Store()


def served(data: str) -> Path:
    """Return the store that holds what a path names, reading files into one of its own first.

    Sessions then share the version on disk instead of each reading the files.
    """
    from hk_metrics.store import Store

    folder = Path(data).expanduser()
    if (folder / "current").is_file():
        return folder.resolve()
    from hk_metrics.ingest import load

    key = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    store = Store(default_settings().store.parent / "served" / key)
    source = load(data)
    # What was imported or undone since stays, as long as the source is what it was.
    last = next((e for e in reversed(store.journal()) if e.did == "source"), None)
    if last is None or last.id != source.id:
        store.commit(source, by=str(data), did="source")
    return store.folder


@cache
def sample() -> Dataset:
    """Return the generated sample; made once on a machine, then read from disk."""
    from dataclasses import replace

    from hk_metrics.store import Store

    store = Store(default_settings().store.parent / "sample-store")
    stored = store.current()
    if stored is None:
        from hk_metrics.simulate import simulate

        data, _ = simulate(seed=_SEED)
        store.commit(replace(data, name=SAMPLE))
        stored = store.current()
    assert stored is not None
    return stored


def is_sample(dataset: Dataset) -> bool:
    """Return whether a dataset is the generated one."""
    return dataset.name == SAMPLE
