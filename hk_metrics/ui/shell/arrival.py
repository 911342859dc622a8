"""The visitor's arrival at a warm session: Voilà then tells it what was asked for."""

from __future__ import annotations

import json
import os

PATIENCE = 5.0


def wait_for_visitor() -> str:
    """Return the query of the visitor's link; in a warm session, once there is a visitor.

    Notes
    -----
    Does what `voila.utils.wait_for_request` does, which would load the whole server into every
    session (3.6 s and 53 MB).
    """
    if os.environ.get("VOILA_PREHEAT") == "True":
        from websockets.sync.client import connect

        with connect(_question(), open_timeout=PATIENCE, max_size=None) as socket:
            os.environ.update(json.loads(socket.recv()))
    return os.environ.get("QUERY_STRING", "")


def _question() -> str:
    """Return where Voilà answers for this session."""
    told = os.environ
    host = f"{told.get('VOILA_APP_IP', '127.0.0.1')}:{told.get('VOILA_APP_PORT', '8866')}"
    path = told.get("VOILA_WS_BASE_URL", told.get("VOILA_SERVER_URL", "/"))
    scheme = told.get("VOILA_WS_PROTOCOL", "ws")
    return f"{scheme}://{host}{path}voila/query/{told['VOILA_KERNEL_ID']}"
