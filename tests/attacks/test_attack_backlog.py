"""More than a session can do, and less read than it says: the sender waits, and memory does not."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from benchmarks.serving import Server, serving
from hk_metrics.places import PACKAGE
from hk_metrics.ui.serve.backlog import BYTES, MESSAGES, Backlog
from hk_metrics.ui.serve.handlers import ChannelHandler
from tests.attacks.conftest import SECONDS, answering, channel, opened
from tests.attacks.session import Session

MEGABYTE = 1_000_000
SAID = serialize_msg_to_ws_v1([b"{}"] * 4 + [b"x" * MEGABYTE], "iopub")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard whose sessions start when somebody comes."""
    with serving(tmp_path_factory.mktemp("busy"), "--pool", "0") as started:
        yield started


def resident(server: Server) -> int:
    """Return the bytes that the server holds in memory."""
    return int(psutil.Process(server.process.pid).memory_info().rss)


def test_busy_session_lets_its_page_wait(busy: Server) -> None:
    page = opened(busy.url)
    kernel = busy.session(page.kernel)
    sent = 60
    with channel(busy, page) as socket:
        session = Session(socket, SECONDS)
        session.widgets()
        before = resident(busy)

        def flood() -> None:
            for number in range(sent):
                content = {"comm_id": f"none-{number}", "data": {"x": "x" * MEGABYTE}}
                session.send("comm_msg", content)

        sending = threading.Thread(target=flood)
        kernel.suspend()
        try:
            sending.start()
            with answering(busy):
                sending.join(timeout=10)
            assert sending.is_alive()
            assert resident(busy) - before < 2 * BYTES + 32 * MEGABYTE
        finally:
            kernel.resume()
        heard = session.heard()
        done = 0
        while done < sent:
            kind, content = next(heard)
            done += kind == "status" and content["execution_state"] == "idle"
        sending.join()
        assert "overview" in str(session.widgets())


def test_room_comes_with_what_is_done() -> None:
    backlog = Backlog()
    for number in range(MESSAGES):
        assert not backlog.full
        backlog.add(b"shell", str(number), 1)
    assert backlog.full
    assert backlog.confuses(b"control", "7")
    assert not backlog.confuses(b"shell", "7")
    backlog.done("unknown")
    assert backlog.full
    # Word of the first eight was lost.
    backlog.done("8")
    assert not backlog.full
    assert not backlog.confuses(b"control", "7")
    assert backlog.confuses(b"control", "9")


def test_page_that_leaves_no_longer_waits() -> None:
    async def scene() -> None:
        backlog = Backlog()
        waiting = [asyncio.ensure_future(backlog.change()) for _ in range(3)]
        await asyncio.sleep(0)
        backlog.wake()
        await asyncio.gather(*waiting)

    asyncio.run(scene())


def test_page_that_reads_nothing_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bytes] = []
    futures: list[asyncio.Future[None]] = []

    def write(_: Any, message: bytes, __: bool = False) -> asyncio.Future[None]:
        kept.append(message)
        futures.append(asyncio.Future())
        return futures[-1]

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "write_message", write)
    shut: list[int] = []

    async def scene() -> None:
        handler: Any = ChannelHandler.__new__(ChannelHandler)
        handler.ws_connection = object()
        monkeypatch.setattr(ChannelHandler, "log", logging.getLogger("test"))
        monkeypatch.setattr(ChannelHandler, "close", lambda _, code, __: shut.append(code))
        for _ in range(40):
            handler.write_message(SAID, binary=True)
        for future in futures:
            future.set_result(None)
        await asyncio.sleep(0)
        assert handler.unread == 0
        for _ in range(80):
            if not shut:
                handler.write_message(SAID, binary=True)

    asyncio.run(scene())
    assert shut == [1008]
    assert 40 + 64 <= len(kept) <= 40 + 68


def test_page_is_not_told_of_the_sessions_code(busy: Server) -> None:
    page = opened(busy.url)
    with channel(busy, page) as socket:
        session = Session(socket, SECONDS)
        states = session.widgets()
        wrong = {"method": "update", "state": {"shown": 7, "wish": "x"}, "buffer_paths": []}
        custom = {"method": "custom", "content": {"event": "export"}}
        for place in states:
            for data in (wrong, custom):
                session.send("comm_msg", {"comm_id": place, "data": data})
        kinds, told, done = set(), "", 0
        heard = session.heard()
        while done < 2 * len(states):
            kind, content = next(heard)
            kinds.add(kind)
            told += str(content)
            done += kind == "status" and content["execution_state"] == "idle"
    assert "comm_msg" in kinds
    assert kinds.isdisjoint({"error", "stream"})
    assert [word for word in ("Traceback", "site-packages", str(PACKAGE)) if word in told] == []
    log = (busy.store.parent / "server.log").read_text()
    assert "Traceback" in log and "TraitError" in log  # whoever runs it is told
