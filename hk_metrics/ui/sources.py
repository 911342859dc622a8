"""Where a session's dataset comes from: what was asked for, the last import, else the sample."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset

SAMPLE = "Generated sample"
SEED = 7


def opened(data: str = "") -> Dataset:
    """Return the dataset at a path; the server's, else the sample, where none is named."""
    wanted = data or os.environ.get("HK_METRICS_DATA", "")
    if not wanted:
        return sample()
    import hk_metrics as hk

    return hk.load(wanted)


@cache
def sample() -> Dataset:
    """Return the generated sample."""
    from dataclasses import replace

    from hk_metrics.simulate import simulate

    data, _ = simulate(seed=SEED)
    return replace(data, name=SAMPLE)


def is_sample(dataset: Dataset) -> bool:
    """Return whether a dataset is the generated one."""
    return dataset.name == SAMPLE
