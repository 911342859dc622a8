"""A conversation ends in time, however slowly the other side drips its words."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Deadline:
    """Shuts the sockets that it watches when their time is over.

    A socket's own timeout is for each word; a server that sends one byte a minute never meets it.

    Parameters
    ----------
    seconds
        From entering the block to its end.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for copy in self._watched:
                copy.close()
            self._watched.clear()

    def connect(
        self,
        address: tuple[str, int],
        timeout: float | None = None,
        source: tuple[str, int] | None = None,
    ) -> socket.socket:
        """Open a connection that ends with the deadline, whatever is wrapped around it later."""
        made = socket.create_connection(address, timeout, source)
        with self._lock:
            self._watched.append(made.dup())
        if self.passed:
            self._shut()
        return made

    def _shut(self) -> None:
        self.passed = True
        with self._lock:
            for copy in self._watched:
                with suppress(OSError):
                    copy.shutdown(socket.SHUT_RDWR)
