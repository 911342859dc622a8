"""Strangers at the place where sessions learn of their visitors, and pages that nobody comes to."""

from __future__ import annotations

import asyncio
import http.client
import socket
import sys
import time
from contextlib import suppress
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import uuid4

import psutil
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from benchmarks.serving import Server
from hk_metrics.access import Visitor
from hk_metrics.ui.arrival import wait_for_visitor
from hk_metrics.ui.serve.connections import MOST
from hk_metrics.ui.serve.handlers import ChannelHandler
from hk_metrics.ui.serve.pool import SessionKernels
from hk_metrics.ui.serve.server import configuration
from hk_metrics.ui.serve.service import Service
from hk_metrics.ui.serve.visits import Visits
from tests.attacks.conftest import SECONDS, healthy, opened

OUTPUT = "voila.cell-output+json"


def until_warm(server: Server) -> None:
    """Wait until the sessions have done what they do before a visitor comes."""
    end, before = time.monotonic() + SECONDS, -1.0
    while time.monotonic() < end:
        sessions = psutil.Process(server.process.pid).children(recursive=True)
        spent = sum(sum(session.cpu_times()[:2]) for session in sessions)
        if spent > 1.0 and spent - before < 0.1:
            return
        before = spent
        time.sleep(4)


def test_sockets_of_strangers_leave_the_next_visitor_alone(target: Server) -> None:
    until_warm(target)
    asked = target.url.replace("http", "ws", 1) + f"voila/query/{uuid4()}"
    with suppress(WebSocketException, OSError), connect(asked) as first, connect(asked):
        first.close()
    assert healthy(target)
    assert OUTPUT in opened(target.url).text
    assert healthy(target)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8")
def test_many_silent_connections_keep_nobody_waiting(target: Server) -> None:
    address = urlsplit(target.url)
    # From an address of its own, as only that one is to meet the bound.
    stranger = ("127.0.0.2", 0)
    place = (str(address.hostname), int(address.port or 0))
    silent = [socket.create_connection(place, source_address=stranger) for _ in range(2 * MOST)]
    try:
        for connection in silent:
            with suppress(OSError):
                connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        assert healthy(target)
        theirs = [
            c
            for c in psutil.Process(target.process.pid).net_connections("tcp")
            if c.raddr and c.raddr.ip == stranger[0] and c.status != psutil.CONN_CLOSE_WAIT
        ]
        assert len(theirs) <= MOST
    finally:
        for connection in silent:
            connection.close()


def test_large_request_is_refused(target: Server) -> None:
    address = urlsplit(target.url)
    way = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    way.putrequest("POST", "/login")
    way.putheader("Content-Length", str(10**10))
    way.endheaders()
    with suppress(OSError, http.client.HTTPException):
        assert way.getresponse().status >= 400
    way.close()
    assert healthy(target)


class Kernels(set[str]):
    """Kernels that end when told to."""

    async def shutdown_kernel(self, kernel_id: str, **_: object) -> None:
        self.remove(kernel_id)


def test_sessions_that_nobody_came_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hk_metrics.ui.serve.visits.ARRIVE", 10.0)
    kernels = Kernels({"used", "never", "fresh", "warm"})
    visits = Visits(kernels, lambda owner, _: owner == "somebody")
    now = time.monotonic()
    for name, sent in (("used", now - 60), ("never", now - 60), ("fresh", now - 1)):
        visits.begin(name, "somebody", Visitor()).sent = sent
    visits.of["used"].arrived = True
    asyncio.run(visits.look())
    assert kernels == {"used", "fresh", "warm"}
    assert visits.count("somebody") == 2


def test_sessions_of_a_sign_in_that_ended_end() -> None:
    kernels = Kernels({"his", "hers"})
    visits = Visits(kernels, lambda owner, _: owner == "hers")
    for name in ("his", "hers"):
        visits.begin(name, name, Visitor())
    asyncio.run(visits.look())
    assert kernels == {"hers"}


def test_session_that_holds_too_much_ends() -> None:
    async def left(most: float) -> bool:
        kernels = SessionKernels()
        kernel_id = await kernels.start_kernel(kernel_name="python3")
        visits = Visits(kernels, lambda *_: True, most)
        visits.begin(kernel_id, "his", Visitor())
        await visits.look()
        there = kernel_id in kernels
        await visits.end(kernel_id)
        return there

    assert asyncio.run(left(10e9))
    assert not asyncio.run(left(1e6))


def test_session_waits_no_longer_than_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("VOILA_PREHEAT", "True")
        monkeypatch.setenv("VOILA_APP_PORT", str(silent.getsockname()[1]))
        monkeypatch.setenv("VOILA_KERNEL_ID", str(uuid4()))
        monkeypatch.delenv("QUERY_STRING", raising=False)
        assert wait_for_visitor(deadline=0.5) == ""


def test_channel_is_given_three_signs_of_life() -> None:
    settings = configuration(Service()).Voila.tornado_settings
    interval = ChannelHandler.ping_interval.fget(SimpleNamespace(settings=settings))
    known = SimpleNamespace(settings=settings, ping_interval=interval)
    timeout = ChannelHandler.ping_timeout.fget(known)
    # Milliseconds: a timeout that is no longer than the interval shuts each channel at a ping.
    assert (interval, timeout) == (20_000, 60_000)
