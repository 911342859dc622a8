"""What a page sends to its session, checked before anything of it is parsed or passed on.

A frame is: the number of offsets, the offsets (8 bytes each, little-endian), the channel's name,
four parts as JSON, buffers. The parser behind believes each number; a stranger's frame of eight
bytes ``ff`` would have it count to 2⁶⁴.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection
from itertools import pairwise

PROTOCOL = "v1.kernel.websocket.jupyter.org"
CHANNELS = frozenset({b"shell", b"control"})
_WORD = 8
JSON_PARTS = 4
# Offsets of a message without buffers: the channel, the parts, and the end of the last one.
FEWEST = 1 + JSON_PARTS + 1
_MOST = FEWEST + 512
# Bytes of the header, the parent's header, the metadata, and the content.
_LARGEST = (16_384, 16_384, 262_144, 16_777_216)
# What a session says to whoever runs it, with its code and the paths of its machine.
UNTOLD = frozenset({"error", "stream"})
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
# What a page may open: the way on which it asks for the state of all widgets. Widgets are made by
# the session alone; those that a page could have made would fill its memory.
_OPENED, _LARGEST_OPENING = "jupyter.widget.control", 16_384


class FrameError(ValueError):
    """A frame that is no message of a page."""


def check(frame: bytes | str, allowed: Collection[str]) -> tuple[bytes, str]:
    """Refuse a frame that is no message which a page may send; return its channel and id.

    Parameters
    ----------
    frame
        As it came.
    allowed
        Kinds of messages that a page may send.

    Raises
    ------
    FrameError
        With what is wrong about it.

    Examples
    --------
    >>> check(bytes([255]) * 8, ["comm_msg"])
    Traceback (most recent call last):
    hk_metrics.ui.serve.frames.FrameError: 18446744073709551615 offsets
    """
    if isinstance(frame, str):
        raise FrameError("text")
    channel, *parts = _parts(frame, _MOST)
    if channel not in CHANNELS:
        raise FrameError("no such channel")
    if any(len(part) > most for part, most in zip(parts, _LARGEST, strict=False)):
        raise FrameError("a part is too long")
    header = _json(parts[0])
    kind = header.get("msg_type")
    if kind not in allowed:
        raise FrameError("a kind of message that pages do not send")
    if kind == "comm_open":
        _check_opening(parts[3])
    message = header.get("msg_id")
    if not isinstance(message, str):
        raise FrameError("no id")
    return channel, message


def outgoing(frame: bytes) -> tuple[str, str]:
    """Return the kind of what a session says, and the id of the message that is done by it if any.

    Examples
    --------
    >>> words = [b"iopub", b'{"msg_type": "status"}', b'{"msg_id": "7"}', b"{}",
    ...          b'{"execution_state": "idle"}']
    >>> ends = [56 + sum(map(len, words[:n])) for n in range(6)]
    >>> outgoing(b"".join(n.to_bytes(8, "little") for n in (6, *ends)) + b"".join(words))
    ('status', '7')
    """
    _, header, parent, _, content = _parts(frame)
    kind = str(_json(header).get("msg_type", ""))
    if kind != "status" or _json(content).get("execution_state") != "idle":
        return kind, ""
    return kind, str(_json(parent).get("msg_id", ""))


def untold(frame: bytes) -> str:
    """Return the words of a message of kind `UNTOLD`, for the log of whoever runs the session."""
    content = _json(_parts(frame)[4])
    traceback = content.get("traceback")
    lines = traceback if isinstance(traceback, list) else [content.get("text", "")]
    return _COLOUR.sub("", "\n".join(map(str, lines))).strip()


def _check_opening(content: bytes) -> None:
    if len(content) > _LARGEST_OPENING:
        raise FrameError("a part is too long")
    if _json(content).get("target_name") != _OPENED:
        raise FrameError("a widget that a page would make")


def _parts(frame: bytes, most: int = sys.maxsize) -> list[bytes]:
    """Return the channel's name and the parts, without buffers; of at most so many offsets."""
    count = int.from_bytes(frame[:_WORD], "little")
    if len(frame) < _WORD or not FEWEST <= count <= most:
        raise FrameError(f"{count} offsets")
    start = _WORD * (count + 1)
    words = frame[_WORD:start]
    offsets = [int.from_bytes(words[i : i + _WORD], "little") for i in range(0, len(words), _WORD)]
    ascending = all(low <= high for low, high in pairwise(offsets))
    if len(words) != _WORD * count or offsets[0] != start or offsets[-1] != len(frame):
        raise FrameError("offsets that do not fit the frame")
    if not ascending:
        raise FrameError("offsets that are not in order")
    return [frame[low:high] for low, high in pairwise(offsets[:FEWEST])]


def _json(part: bytes) -> dict[str, object]:
    try:
        found = json.loads(part)
    except (ValueError, RecursionError) as error:
        raise FrameError("a header that is not JSON") from error
    if not isinstance(found, dict):
        raise FrameError("a header that is no object")
    return found
