"""Frames that are no messages: the channel is shut, the server answers everybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from benchmarks.serving import Server
from hk_metrics.ui.serve.frames import CHANNELS, FEWEST, FrameError, check, outgoing
from tests.attacks.conftest import Opened, answering, channel, healthy, opened

KINDS = ["comm_msg", "comm_open", "kernel_info_request"]


def words(*numbers: int) -> bytes:
    return b"".join(n.to_bytes(8, "little") for n in numbers)


def frame(
    channel_name: bytes = b"shell", kind: object = "comm_msg", header: bytes | None = None,
    buffers: tuple[bytes, ...] = (), content: bytes = b"{}",
) -> bytes:  # fmt: skip
    """Return a whole message."""
    told = json.dumps({"msg_id": "m", "msg_type": kind}).encode() if header is None else header
    parts = [channel_name, told, b"{}", b"{}", content, *buffers]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return words(len(offsets), *offsets) + b"".join(parts)


HOSTILE: dict[str, bytes | str] = {
    "counts to 2^64": b"\xff" * 8,
    "counts to 2^64 with a tail": b"\xff" * 64,
    "empty": b"",
    "one byte": b"\x01",
    "no offsets": words(0),
    "offsets beyond the end": words(6, *[2**63] * 6),
    "offsets backwards": words(6, 56, 50, 40, 30, 20, 10),
    "offsets of nothing": words(500),
    "all at one place": words(6, *[56] * 6),
    "no such channel": frame(b"iopub"),
    "a channel that is not text": frame(b"\xff\xfe"),
    "a kind that runs code": frame(kind="execute_request"),
    "a kind that is a list": frame(kind=["comm_msg"]),
    "a header that is not JSON": frame(header=b"{"),
    "a header that is a list": frame(header=b"[]"),
    "a header of many brackets": frame(header=b"[" * 16_000),
    "a thousand buffers": frame(buffers=(b"",) * 1000),
    "a widget of its own": frame(
        kind="comm_open", content=b'{"target_name": "jupyter.widget", "comm_id": "w", "data": {}}'
    ),
    "an opening of nothing": frame(kind="comm_open"),
    "an opening that is long": frame(
        kind="comm_open",
        content=json.dumps({"target_name": "jupyter.widget.control", "x": "x" * 20_000}).encode(),
    ),
    "text": "hello",
    "text that is JSON": json.dumps({"channel": "shell", "header": {"msg_type": "comm_msg"}}),
    "text of many brackets": "[" * 100_000,
}


@pytest.fixture(autouse=True)
def watched(target: Server) -> Iterator[None]:
    """The server answers throughout."""
    with answering(target):
        yield


@pytest.fixture(scope="module")
def page(target: Server) -> Opened:
    return opened(target.url)


@pytest.mark.parametrize("name", HOSTILE)
def test_frame_that_is_no_message_shuts_the_channel_alone(
    target: Server, page: Opened, name: str
) -> None:
    with channel(target, page) as socket, suppress(ConnectionClosed):
        socket.send(HOSTILE[name])
        while True:
            socket.recv(timeout=20)
    assert socket.close_code == 1007
    assert healthy(target)


def test_huge_frame_does_not_keep_the_others_waiting(target: Server, page: Opened) -> None:
    with channel(target, page) as socket, suppress(ConnectionClosed):
        socket.send(b"\xff" * (64 * 1024 * 1024))
        assert healthy(target)
        while True:
            socket.recv(timeout=20)
    assert healthy(target)


def test_message_larger_than_any_piece_of_a_file_shuts_the_channel(
    target: Server, page: Opened
) -> None:
    with channel(target, page) as socket, suppress(ConnectionClosed):
        socket.send(frame(buffers=(b"x" * (17 * 1024 * 1024),)))
        while True:
            socket.recv(timeout=20)
    assert socket.close_code != 1000


def test_other_form_of_messages_is_not_spoken(target: Server, page: Opened) -> None:
    with channel(target, page, subprotocols=None) as socket, suppress(ConnectionClosed):
        socket.send(b"\x7f\xff\xff\xff" * 4)
        while True:
            socket.recv(timeout=20)
    assert socket.close_code == 1007
    assert healthy(target)


def test_message_of_a_page_passes() -> None:
    for name in CHANNELS:
        assert check(frame(name, buffers=(b"x" * 1000, b"")), KINDS) == (name, "m")
    asked = b'{"target_name": "jupyter.widget.control", "comm_id": "c", "data": {}}'
    assert check(frame(kind="comm_open", content=asked), KINDS) == (b"shell", "m")


def test_what_a_session_says_may_have_any_number_of_buffers() -> None:
    """The states of all widgets come in one message, each column of a figure in a buffer."""
    told = frame(b"iopub", header=b'{"msg_type": "comm_msg"}', buffers=(b"x",) * 1000)
    assert outgoing(told) == ("comm_msg", "")
    with pytest.raises(FrameError):
        check(frame(buffers=(b"x",) * 1000), KINDS)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_whole(data: bytes) -> None:
    with suppress(FrameError):
        check(data, KINDS)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=FEWEST, max_size=FEWEST + 3), st.binary())
def test_any_offsets_are_refused_or_whole(offsets: list[int], rest: bytes) -> None:
    with suppress(FrameError):
        check(words(len(offsets), *offsets) + rest, KINDS)
