"""What a page has sent that its session has not done yet: there may be only so much of it."""

from __future__ import annotations

import asyncio
from collections import deque

# Bytes and messages after which a page must wait for its session. One that computes reads nothing,
# and all that is sent to it meanwhile would lie in its memory and the server's.
BYTES, MESSAGES = 16 * 1024 * 1024, 256


class Backlog:
    """The messages of a session's pages that it has not done yet, by channel, oldest first."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, deque[tuple[str, int]]] = {}
        self._change = asyncio.Event()

    @property
    def full(self) -> bool:
        """Whether the session has enough to do.

        >>> backlog = Backlog()
        >>> backlog.add(b"shell", "first", BYTES)
        >>> before = backlog.full
        >>> backlog.done("first")
        >>> before, backlog.full
        (True, False)
        """
        sizes = [size for queue in self._waiting.values() for _, size in queue]
        return sum(sizes) >= BYTES or len(sizes) >= MESSAGES

    def confuses(self, channel: bytes, message: str) -> bool:
        """Return whether a message of this name is under way on another channel."""
        others = [queue for name, queue in self._waiting.items() if name != channel]
        return any(message == known for queue in others for known, _ in queue)

    def add(self, channel: bytes, message: str, size: int) -> None:
        """Note a message that is passed on."""
        self._waiting.setdefault(channel, deque()).append((message, size))

    def done(self, message: str) -> None:
        """Note that a message is done, and with it those before it on its channel.

        That a session does them in order makes up for word of one that was lost on the way.
        """
        for queue in self._waiting.values():
            if any(message == known for known, _ in queue):
                while queue.popleft()[0] != message:
                    pass
        self.wake()

    def wake(self) -> None:
        """Let those who wait look again."""
        self._change.set()
        self._change = asyncio.Event()

    async def change(self) -> None:
        """Wait until something is done, or somebody left."""
        await self._change.wait()
