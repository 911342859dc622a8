"""What a page says to its session, without a browser: so that a test may say anything else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from websockets.sync.client import ClientConnection

PIECE = 4_000_000


class Session:
    """A page's session, over the channel that the page would use."""

    def __init__(self, socket: ClientConnection, seconds: float) -> None:
        self.socket, self.seconds = socket, seconds

    def send(self, kind: str, content: Mapping[str, Any], *buffers: bytes, **metadata: Any) -> None:
        """Send a message."""
        header = {"msg_id": uuid4().hex, "msg_type": kind, "session": "0123456789abcdef",
                  "username": "", "date": "2025-03-01T00:00:00Z", "version": "5.4"}  # fmt: skip
        parts = [json.dumps(part).encode() for part in (header, {}, metadata, content)]
        self.socket.send(serialize_msg_to_ws_v1([*parts, *buffers], "shell"))

    def heard(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield kind and content of what comes, until nothing has for long."""
        end = time.monotonic() + self.seconds
        while True:
            received = self.socket.recv(timeout=max(0.1, end - time.monotonic()))
            assert isinstance(received, bytes)
            _, (header, _, _, content, *_) = deserialize_msg_from_ws_v1(received)
            yield json.loads(header)["msg_type"], json.loads(content)

    def widgets(self) -> dict[str, dict[str, Any]]:
        """Return the state of every widget of the page, by its id."""
        control = f"control-{uuid4().hex}"
        self.send("comm_open", {"comm_id": control, "target_name": "jupyter.widget.control",
                                "data": {}}, version="1.0.0")  # fmt: skip
        self.send("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
        for _, content in self.heard():
            if content.get("comm_id") == control:
                return {key: w["state"] for key, w in content["data"]["states"].items()}
        raise AssertionError("the session told nothing of its widgets")

    def upload(self, files: Mapping[str, bytes]) -> str:
        """Send files as the page does; everything that the page was told about them."""
        (place,) = (key for key, state in self.widgets().items() if "limit_mb" in state)
        pieces = [({"event": "piece", "name": name}, content[at : at + PIECE])
                  for name, content in files.items()
                  for at in range(0, max(len(content), 1), PIECE)]  # fmt: skip
        messages = [({"event": "begin"}, b""), *pieces, ({"event": "end"}, b"")]
        for message, buffer in messages:
            self.send("comm_msg", {"comm_id": place, "data": {"method": "custom",
                                   "content": message}}, *([buffer] if buffer else []))  # fmt: skip
        told, left = "", len(messages)
        for kind, content in self.heard():
            if kind != "comm_msg":
                continue
            data = content["data"]
            told += json.dumps(data)
            left -= data.get("content", {}).get("event") == "got"
            if not left:
                return told
        raise AssertionError("the session did not answer")
