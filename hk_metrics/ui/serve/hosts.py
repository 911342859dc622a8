"""By which names the server answers: others lead here only by a stranger's name service."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import tornado.web

from hk_metrics.ui.serve.signing import TokenHandler, without_token

_ANY = "*"


class Hosts:
    """The names by which a server may be called.

    Addresses in figures and ``localhost`` always lead to where they say; any other name must be
    on the list, or a page elsewhere could have its own name lead here and read what it gets.

    Parameters
    ----------
    names
        Allowed besides; ``*`` for all, ``*.example.com`` for all below one.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        own = (socket.gethostname(), "localhost")
        self.names = frozenset(name.strip().lower().rstrip(".") for name in (*names, *own))

    def allowed(self, host: str) -> bool:
        """Return whether the server answers to a name, given without a port.

        >>> hosts = Hosts(("*.example.com",))
        >>> hosts.allowed("127.0.0.1"), hosts.allowed("a.example.com"), hosts.allowed("evil.test")
        (True, True, False)
        """
        name = host.strip().lower().rstrip(".").strip("[]")
        if _ANY in self.names or name in self.names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            parents = name.split(".")[1:]
            return any("*." + ".".join(parents[n:]) in self.names for n in range(len(parents)))
        return True


class _RefusedHandler(tornado.web.RequestHandler):
    """What a request gets that came under a name which is not the server's."""

    def prepare(self) -> None:
        """Say so, and how to allow it."""
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(
            "The dashboard does not answer to this name. If it should, whoever runs it adds the "
            "name: hk-metrics serve --allow-host NAME\n"
        )


class Door(tornado.web.Application):
    """Looks at each request before any handler does."""

    def __init__(self, hosts: Hosts, signing: dict[str, Any], **settings: Any) -> None:
        super().__init__(**settings)
        self.hosts = hosts
        self.signing = signing

    def find_handler(self, request: Any, **options: Any) -> Any:
        """Refuse foreign names; take a token out of the address before anything can note it."""
        if not self.hosts.allowed(request.host_name):
            return self.get_handler_delegate(request, _RefusedHandler)
        clean, token = without_token(request.query)
        if not token:
            return super().find_handler(request, **options)
        request.query, request.uri = clean, f"{request.path}?{clean}" if clean else request.path
        request.arguments.pop("token", None)
        request.query_arguments.pop("token", None)
        if request.method != "GET" or "Upgrade" in request.headers:
            return super().find_handler(request, **options)
        return self.get_handler_delegate(request, TokenHandler, {**self.signing, "token": token})
