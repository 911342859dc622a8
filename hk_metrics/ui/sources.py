"""Where a session's dataset comes from: what was asked for, the last import, else the sample."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hk_metrics.settings import default_settings

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset

SAMPLE = "Generated sample"
SEED = 7


def opened(data: str = "") -> Dataset:
    """Return the dataset at a path; the last import, else the sample, where none is named."""
    if data:
        import hk_metrics as hk

        return hk.load(data)
    from hk_metrics.store import Store

    return Store().current() or sample()


@cache
def sample() -> Dataset:
    """Return the generated sample; made once on a machine, then read from disk."""
    from dataclasses import replace

    from hk_metrics.store import Store

    store = Store(default_settings().store.parent / "sample")
    stored = store.current()
    if stored is None:
        from hk_metrics.simulate import simulate

        data, _ = simulate(seed=SEED)
        store.commit(replace(data, name=SAMPLE))
        stored = store.current()
    assert stored is not None
    return stored


def is_sample(dataset: Dataset) -> bool:
    """Return whether a dataset is the generated one."""
    return dataset.name == SAMPLE
