"""Rows of the benchmark table, and how they are timed and printed."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure.

    ``ours`` in ``unit``; ``peer`` is what else does the same job, in the same run; ``bound`` the
    most that ``ratio`` (ours ÷ peer), or ``ours`` where there is no peer, may be.
    """

    what: str
    size: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    bound: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.peer is None else self.ours / self.peer

    @property
    def holds(self) -> str:
        if self.bound is None:
            return ""
        measured = self.ours if self.ratio is None else self.ratio
        return "yes" if measured <= self.bound else "NO"


def medians(*functions: Callable[[], object], runs: int = 7, warm: int = 2) -> tuple[float, ...]:
    """Median milliseconds of several functions, run in turn so that drift meets all alike."""
    times: list[list[float]] = [[] for _ in functions]
    for turn in range(warm + runs):
        for function, taken in zip(functions, times, strict=True):
            gc.collect()
            begin = time.perf_counter()
            function()
            if turn >= warm:
                taken.append(1000 * (time.perf_counter() - begin))
    return tuple(statistics.median(t) for t in times)


def show(rows: Iterable[Row]) -> None:
    """Print rows as one aligned table as they come."""
    head = ("what", "size", "ours", "", "peer", "", "ratio", "bound", "holds")
    line = "{:<44} {:>9} {:>10} {:<4} {:>10} {:<26} {:>6} {:>7} {:>5}"
    print(line.format(*head), flush=True)
    for r in rows:
        peer = "" if r.peer is None else f"{r.peer:,.1f}"
        ratio = "" if r.ratio is None else f"{r.ratio:.2f}"
        bound = "" if r.bound is None else f"{r.bound:g}"
        cells = (r.what, r.size, f"{r.ours:,.1f}", r.unit, peer, r.peer_name, ratio, bound, r.holds)
        print(line.format(*cells), flush=True)
