"""The visitor's arrival at a session: who it is and what was asked for."""

from __future__ import annotations

import json
import logging
import os
import time

from hk_metrics.settings import default_settings

# Seconds to wait for an answer before asking again, between two tries, and in all.
_PATIENCE, _PAUSE, _DEADLINE = 60.0, 2.0, 12 * 3600.0


def arrive(variables: str) -> None:
    """Take what our server says of the visitor, before anything is made for them.

    Parameters
    ----------
    variables
        Names and values of the environment, as JSON.

    Notes
    -----
    A page sends its first question right behind the opening of the way for it. ipykernel (7) looks
    up where an answer goes before it has opened that way, and warns; it answers all the same.
    """
    logging.getLogger("Comm").setLevel(logging.ERROR)
    os.environ.update(json.loads(variables))
    default_settings.cache_clear()


def wait_for_visitor(deadline: float = _DEADLINE) -> str:
    """Return the query of the visitor's link; in a session that another Voilà warmed, wait for it.

    Parameters
    ----------
    deadline
        Seconds after which the page is made without a query.

    Notes
    -----
    Our own server runs what needs the visitor when there is one. Others are asked as
    `voila.utils.wait_for_request` does, which would load the whole server into every session
    (3.6 s and 53 MB), and again where they hang up or stay silent: what they know they answer at
    once.
    """
    end = time.monotonic() + deadline
    while os.environ.get("VOILA_PREHEAT") == "True" and time.monotonic() < end:
        if _is_answered(min(_PATIENCE, end - time.monotonic())):
            break
        time.sleep(min(_PAUSE, max(0.0, end - time.monotonic())))
    return os.environ.get("QUERY_STRING", "")


def _is_answered(seconds: float) -> bool:
    """Ask the server once; return whether it has told who came."""
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect

    try:
        with connect(_question(), open_timeout=seconds, max_size=2**20) as socket:
            os.environ.update(json.loads(socket.recv(timeout=seconds)))
    except (OSError, TimeoutError, WebSocketException):
        return False
    return True


def _question() -> str:
    """Return where Voilà answers for this session."""
    variables = os.environ
    host = f"{variables.get('VOILA_APP_IP', '127.0.0.1')}:{variables.get('VOILA_APP_PORT', '8866')}"
    path = variables.get("VOILA_WS_BASE_URL", variables.get("VOILA_SERVER_URL", "/"))
    scheme = variables.get("VOILA_WS_PROTOCOL", "ws")
    return f"{scheme}://{host}{path}voila/query/{variables['VOILA_KERNEL_ID']}"
