"""The sessions that have a visitor: whose each is, and when it ends without being asked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any

import psutil
from jupyter_core.utils import ensure_async

from hk_metrics.access import Visitor
from hk_metrics.ui.serve.backlog import Backlog

_logger = logging.getLogger("hk_metrics.serve")
# Seconds between looks, and those in which a page that was sent must come to its session.
_LOOK, ARRIVE = 5.0, 60.0


@dataclass
class Visit:
    """A session and its visitor.

    Parameters
    ----------
    owner
        Key of the sign-in that it belongs to; nobody else reaches it.
    visitor
        Who that is.
    sent
        When the page was sent whole (seconds of the monotonic clock); None before.
    arrived
        Whether the page has come to the session.
    backlog
        What it was sent and has not done yet.
    channels
        The ways that lead to it now.
    """

    owner: str
    visitor: Visitor
    begun: float = field(default_factory=time.time)
    sent: float | None = None
    arrived: bool = False
    backlog: Backlog = field(default_factory=Backlog)
    channels: set[Any] = field(default_factory=set)


class Visits:
    """The sessions that have a visitor.

    Parameters
    ----------
    kernels
        Ends them.
    holds
        Whether the sign-in of a key still holds, and is still this visitor's: same role, same part.
    most_memory
        Bytes that a session may hold.
    """

    def __init__(
        self, kernels: Any, holds: Callable[[str, Visitor], bool], most_memory: float = inf
    ) -> None:
        self.kernels = kernels
        self.holds = holds
        self.most_memory = most_memory
        self.of: dict[str, Visit] = {}
        # The owners of pages that wait for a session.
        self.coming: dict[int, str] = {}

    def count(self, owner: str | None = None) -> int:
        """Return how many sessions are taken or waited for, of one owner or of all."""
        owners = [*(visit.owner for visit in self.of.values()), *self.coming.values()]
        return len(owners) if owner is None else owners.count(owner)

    def begin(self, kernel_id: str, owner: str, visitor: Visitor) -> Visit:
        """Give a session to a visitor."""
        self.of[kernel_id] = Visit(owner, visitor)
        return self.of[kernel_id]

    def belongs(self, kernel_id: str, owner: str, visitor: Visitor) -> bool:
        """Return whether a session is this owner's, with the rights that they have now."""
        visit = self.of.get(kernel_id)
        return visit is not None and (visit.owner, visit.visitor) == (owner, visitor)

    async def end(self, kernel_id: str) -> None:
        """End a session, and shut the ways to it."""
        visit = self.of.pop(kernel_id, None)
        for channel in list(visit.channels) if visit else ():
            channel.close()
        if kernel_id in self.kernels:
            await ensure_async(self.kernels.shutdown_kernel(kernel_id, now=True))

    async def end_of(self, owner: str) -> None:
        """End every session of an owner."""
        for kernel_id in [k for k, visit in self.of.items() if visit.owner == owner]:
            await self.end(kernel_id)

    async def look(self) -> None:
        """End sessions that never became usable or hold too much, or whose sign-in changed."""
        for kernel_id, visit in list(self.of.items()):
            gone = kernel_id not in self.kernels or self._never_arrived(visit)
            if gone or self._outgrown(kernel_id) or not self.holds(visit.owner, visit.visitor):
                await self.end(kernel_id)

    async def watch(self) -> None:
        """Look for as long as the server runs."""
        while True:
            await asyncio.sleep(_LOOK)
            try:
                await self.look()
            except Exception:
                _logger.exception("sessions could not be looked after")

    def _never_arrived(self, visit: Visit) -> bool:
        return (
            not visit.arrived and visit.sent is not None and time.monotonic() - visit.sent > ARRIVE
        )

    def _outgrown(self, kernel_id: str) -> bool:
        if self.most_memory == inf:
            return False
        try:
            process = psutil.Process(self.kernels.get_kernel(kernel_id).provisioner.pid)
            held: int = process.memory_info().rss
        except psutil.Error:
            return False  # it has just ended
        if held > self.most_memory:
            _logger.warning("a session held %.1f GB and was ended (session_memory)", held / 1e9)
        return held > self.most_memory
