"""Failed tries to sign in, by address."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict

# Failed tries of an address that are answered at once, and the seconds in which they count.
_TRIES, _TRIES_SECONDS = 5, 60.0
_REMEMBERED = 10_000


class Throttle:
    """Failed tries by address: after a few, an address must wait."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, list[float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Return the seconds that an address must wait; 0 if it may try."""
        now = time.monotonic()
        recent = [t for t in self._failed.get(network(address), []) if now - t < _TRIES_SECONDS]
        return 0.0 if len(recent) < _TRIES else _TRIES_SECONDS - (now - recent[-_TRIES])

    def failed(self, address: str) -> None:
        """Note a failed try."""
        tries = self._failed.setdefault(network(address), [])
        tries[:] = [*tries[-_TRIES:], time.monotonic()]
        self._failed.move_to_end(network(address))
        while len(self._failed) > _REMEMBERED:
            self._failed.popitem(last=False)


def network(address: str) -> str:
    """Return an address without what one person may change at will: of IPv6 the last 64 bits.

    >>> network("2001:db8::1"), network("203.0.113.9")
    ('2001:db8::/64', '203.0.113.9')
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)
