"""Sessions kept warm, and the queue of those who wait for one."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from nbclient.exceptions import CellExecutionError
from voila.execute import VoilaExecutor

_logger = logging.getLogger("hk_metrics.serve")
# The cell before which a session stops until it has a visitor, by what it has read until then.
_TAGS = {"open": "visitor", "blank": "data"}
# Sessions that start at a time: each takes a core while it starts.
_STARTS = 2
# Seconds for a session to become warm, for a visitor's cells, and after a failed start.
_WARM_SECONDS, CELL_SECONDS, _REST_SECONDS = 180.0, 120.0, 15.0


class SessionKernels(AsyncMappingKernelManager):
    """Kernels of sessions, of which those that wait for a visitor are not idle."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self.waiting: set[str] = set()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a session that has not been used for long, unless it waits for its visitor."""
        if kernel_id not in self.waiting:
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]


class Warm:
    """A session: its kernel, the notebook, and how far that has run."""

    def __init__(self, kernels: Any, kernel_id: str, notebook: Any) -> None:
        self.kernels = kernels
        self.kernel_id = kernel_id
        self.notebook = notebook
        self.done = 0
        self.failed = False
        kernel = kernels.get_kernel(kernel_id)
        self.executor = VoilaExecutor(notebook, km=kernel, show_tracebacks=False)

    async def connect(self) -> None:
        """Open the way on which cells are run."""
        self.executor.kc = await self.executor.async_start_new_kernel_client()

    async def alive(self) -> bool:
        """Return whether the kernel runs."""
        here = self.kernel_id in self.kernels
        return here and bool(await ensure_async(self.kernels.is_alive(self.kernel_id)))

    def stop(self, tag: str) -> int:
        """Return the place of the cell of a tag."""
        tags = [cell.metadata.get("tags", ()) for cell in self.notebook.cells]
        return next((n for n, names in enumerate(tags) if tag in names), len(tags))

    async def run(self, end: int) -> None:
        """Run the cells before a place; after one that failed no other runs."""
        while self.done < end and not self.failed:
            cell = self.notebook.cells[self.done]
            try:
                await self.executor.execute_cell(cell, None, self.done, store_history=False)
            except CellExecutionError:
                _logger.exception("a cell of the dashboard failed")
                self.executor.strip_code_cell_errors(cell)
                self.failed = True
            self.done += 1

    async def tell(self, code: str) -> None:
        """Run a line that no page shows.

        Raises
        ------
        RuntimeError
            If it failed.
        """
        reply = await self.executor.kc._async_execute_interactive(
            code, store_history=False, output_hook=lambda _: None, timeout=CELL_SECONDS
        )
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"a session could not be told who came: {reply['content']}")

    def hang_up(self) -> None:
        """Close the way on which cells are run."""
        if self.executor.kc is not None:
            self.executor.kc.stop_channels()

    async def end(self) -> None:
        """End the session."""
        self.hang_up()
        if self.kernel_id in self.kernels:
            await ensure_async(self.kernels.shutdown_kernel(self.kernel_id, now=True))


@dataclass(eq=False)
class Turn:
    """One who waits for a session, and the session once there is one."""

    kind: str
    session: asyncio.Future[Warm] = field(default_factory=asyncio.Future)


class Pool:
    """Warm sessions of two kinds: ``open`` has read the data, ``blank`` has not.

    Whoever may see a part only gets a blank one, so that it never holds more than that part.

    Parameters
    ----------
    kernels
        Starts and ends kernels.
    notebook
        What each session runs.
    folder
        Where the notebook lies.
    size
        Kind → sessions to keep warm.
    environment
        Makes the environment of a session.
    """

    def __init__(
        self,
        kernels: SessionKernels,
        notebook: Any,
        folder: str,
        size: Callable[[str], int],
        environment: Callable[[], dict[str, str]],
    ) -> None:
        self.kernels = kernels
        self.notebook = notebook
        self.folder = folder
        self.size = size
        self.environment = environment
        self.shelf: dict[str, list[Warm]] = {kind: [] for kind in _TAGS}
        self.queue: dict[str, deque[Turn]] = {kind: deque() for kind in _TAGS}
        self.starting: dict[str, int] = dict.fromkeys(_TAGS, 0)
        self._core = asyncio.Semaphore(_STARTS)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many wait for a session."""
        return sum(len(turns) for turns in self.queue.values())

    def place(self, turn: Turn) -> int:
        """Return how many stand in the queue up to a turn; 0 where it has its session."""
        turns = self.queue[turn.kind]
        return turns.index(turn) + 1 if turn in turns else 0

    async def turn(self, kind: str) -> Turn:
        """Stand in the queue; where a session is ready and nobody waits, one gets it at once."""
        turn = Turn(kind)
        self.queue[kind].append(turn)
        await self._serve(kind)
        return turn

    def leave(self, turn: Turn) -> None:
        """Leave the queue, e.g. because the page was closed; a session that came too late ends."""
        if turn in self.queue[turn.kind]:
            self.queue[turn.kind].remove(turn)
        if turn.session.done() and not turn.session.cancelled() and not turn.session.exception():
            self._start(turn.session.result().end())
        turn.session.cancel()

    def fill(self) -> None:
        """Start what is missing: the sessions to keep warm, and one for each who waits."""
        for kind in _TAGS:
            wanted = self.size(kind) + len(self.queue[kind])
            for _ in range(wanted - len(self.shelf[kind]) - self.starting[kind]):
                self.starting[kind] += 1
                self._start(self._add(kind))

    async def close(self) -> None:
        """Stop starting sessions."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, kind: str) -> None:
        """Give sessions to those who wait, first come, first served."""
        shelf, queue = self.shelf[kind], self.queue[kind]
        while shelf and queue:
            warm = shelf.pop(0)
            self.kernels.waiting.discard(warm.kernel_id)
            if not await warm.alive():
                await warm.end()
            elif queue:
                queue.popleft().session.set_result(warm)
            else:
                self._keep(warm, kind)
        while len(shelf) > self.size(kind):
            warm = shelf.pop()
            self.kernels.waiting.discard(warm.kernel_id)
            await warm.end()
        self.fill()

    def _keep(self, warm: Warm, kind: str) -> None:
        self.kernels.waiting.add(warm.kernel_id)
        self.shelf[kind].append(warm)

    async def _add(self, kind: str) -> None:
        """Start a session and put it on the shelf."""
        try:
            async with self._core:
                async with asyncio.timeout(_WARM_SECONDS):
                    warm = await self._warmed(kind)
        except Exception as error:
            if self._closed:
                return
            _logger.exception("a session could not be started")
            self._disappoint(kind, error)
            await asyncio.sleep(_REST_SECONDS)
            self.starting[kind] -= 1
            self.fill()
            return
        self.starting[kind] -= 1
        self._keep(warm, kind)
        await self._serve(kind)

    def _disappoint(self, kind: str, error: Exception) -> None:
        if self.queue[kind]:
            self.queue[kind].popleft().session.set_exception(error)

    async def _warmed(self, kind: str) -> Warm:
        name = self.notebook.metadata.kernelspec.name
        options: dict[str, Any] = {"path": self.folder, "env": self.environment()}
        kernel_id = await self.kernels.start_kernel(kernel_name=name, **options)
        self.kernels.waiting.add(kernel_id)
        warm = Warm(self.kernels, kernel_id, deepcopy(self.notebook))
        try:
            await warm.connect()
            await warm.run(warm.stop(_TAGS[kind]))
        except (Exception, asyncio.CancelledError):
            self.kernels.waiting.discard(kernel_id)
            await warm.end()
            raise
        return warm
