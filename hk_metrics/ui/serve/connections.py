"""Connections by address: one that opens many leaves room for the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tornado.httpserver import HTTPServer

from hk_metrics.ui.serve.throttle import network

# Open connections of one address, and the descriptors that a server wants for all and its sessions.
MOST, _DESCRIPTORS = 256, 16_384
_REMEMBERED = 4_096


class BoundedServer(HTTPServer):
    """Tornado's server, which hangs up on an address that has very many connections open.

    ``unbounded`` says of which addresses that is no wonder: those of a proxy, which everybody
    comes through.
    """

    def initialize(
        self, *args: Any, unbounded: Callable[[str], bool] = lambda _: False, **options: Any
    ) -> None:
        """Take who is not counted."""
        super().initialize(*args, **options)
        self.unbounded = unbounded
        self.streams: dict[str, list[Any]] = {}

    def handle_stream(self, stream: Any, address: Any) -> None:
        """Begin a connection, or end it at once."""
        peer = str(address[0]) if isinstance(address, tuple) else ""
        if peer and not self.unbounded(peer):
            own = self._living(network(peer))
            if len(own) >= MOST:
                stream.close()
                return
            own.append(stream)
        super().handle_stream(stream, address)

    def _living(self, source: str) -> list[Any]:
        """Return the open connections of an address."""
        if len(self.streams) > _REMEMBERED:
            self.streams = {s: own for s, own in self.streams.items() if not _all_closed(own)}
        own = self.streams.setdefault(source, [])
        own[:] = [stream for stream in own if not stream.closed()]
        return own


def _all_closed(streams: list[Any]) -> bool:
    return all(stream.closed() for stream in streams)


def allow_many_descriptors() -> None:
    """Raise the number of open files to what the system lets this process have, within reason."""
    try:
        import resource
    except ModuleNotFoundError:
        return  # Windows counts otherwise
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
