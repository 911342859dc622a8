"""How the dashboard is served, and where it is found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TEMPLATE = HERE / "voila"


@dataclass(frozen=True)
class Service:
    """How the dashboard is served.

    Parameters
    ----------
    data
        Folder, file or dataset that every session opens; None for the store, else the sample.
    port, host, base_url
        Where it listens, and the path a reverse proxy puts it under.
    token
        What a visitor must present; needed for any address but loopback.
    pool
        Sessions kept warm, so that a page opens at once; 0 for none.
    sessions
        Open sessions above which a visitor gets a polite "busy" page.
    idle_minutes
        Minutes without use after which a session ends; a warning comes before.
    """

    data: str | None = None
    port: int = 8866
    host: str = "127.0.0.1"
    base_url: str = "/"
    token: str | None = None
    pool: int = 2
    sessions: int = 40
    idle_minutes: float = 60.0


def address(service: Service) -> str:
    """Return the URL to open.

    >>> address(Service(port=8866, token="s3"))
    'http://127.0.0.1:8866/?token=s3'
    """
    host = f"[{service.host}]" if ":" in service.host else service.host
    query = f"?token={service.token}" if service.token else ""
    return f"http://{host}:{service.port}{service.base_url}{query}"
