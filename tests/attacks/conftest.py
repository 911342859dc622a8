"""A dashboard to attack, and the page of a visitor without a browser."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from websockets.sync.client import ClientConnection, connect

from benchmarks.serving import Server, serving

PROTOCOL = "v1.kernel.websocket.jupyter.org"
SECONDS = 90


@dataclass(frozen=True)
class Opened:
    """A page that was sent: its text, its session, and the cookies that came with it."""

    text: str
    kernel: str
    cookies: str


def opened(url: str, **headers: str) -> Opened:
    """Ask for the page as a browser does, whole."""
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        text = answer.read().decode()
        jar = SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie", []):
            jar.load(line)
    found = re.search(r'"kernelId": ?"([\w-]+)"', text)
    assert found, text[-2000:]
    given = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
    both = "; ".join(part for part in (headers.get("Cookie", ""), given) if part)
    return Opened(text, found[1], both)


def channel(server: Server, page: Opened, **options: object) -> ClientConnection:
    """Open the way to a page's session."""
    address = server.url.replace("http", "ws", 1)
    url = f"{address}api/kernels/{page.kernel}/channels?session_id=0123456789abcdef"
    headers = {"Cookie": page.cookies} if page.cookies else {}
    chosen: dict[str, object] = {"subprotocols": [PROTOCOL], "max_size": None, **options}
    return connect(url, additional_headers=headers, open_timeout=SECONDS, **chosen)  # type: ignore[arg-type]


def healthy(server: Server) -> bool:
    """Return whether the server answers within a second, in one of three tries."""
    for _ in range(3):
        try:
            with urllib.request.urlopen(f"{server.url}hk/health", timeout=1) as answer:
                return bool(json.load(answer)["status"] == "ok")
        except OSError:
            continue
    return False


@contextmanager
def answering(server: Server) -> Iterator[None]:
    """See that the server answers for as long as the block runs, and right after it."""
    answers: list[bool] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            answers.append(healthy(server))
            over.wait(0.1)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
    assert healthy(server)
    assert answers
    assert all(answers), f"{answers.count(False)} of {len(answers)} looks had no answer"


@pytest.fixture(scope="package")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard over the generated sample, with one warm session."""
    with serving(tmp_path_factory.mktemp("target"), "--pool", "1") as started:
        yield started
