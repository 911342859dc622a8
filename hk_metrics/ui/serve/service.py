"""How the dashboard is served, and where it is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hk_metrics.places import data_folder, tokens_file
from hk_metrics.ui.serve.proxy import Proxy

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
        One token for everybody who may do everything; at least 16 characters.
    tokens
        File of the tokens that people have of their own (`hk-metrics token add`).
    read_only
        Whether everybody only looks, whatever their token or the proxy says.
    allow_hosts
        Names by which the server answers, besides addresses in figures and ``localhost``.
    proxy
        Of a reverse proxy that signs people in, what is believed.
    pool
        Sessions kept warm, so that a page opens at once; 0 for none.
    sessions
        Open sessions above which a visitor gets a polite "busy" page.
    each
        Open sessions of one visitor, above which they are asked to close some.
    idle_minutes
        Minutes without use after which a session ends; a warning comes before.
    """

    data: str | None = None
    port: int = 8866
    host: str = "127.0.0.1"
    base_url: str = "/"
    token: str | None = None
    tokens: Path = field(default_factory=tokens_file)
    read_only: bool = False
    allow_hosts: tuple[str, ...] = ()
    proxy: Proxy = field(default_factory=Proxy)
    pool: int = 2
    sessions: int = 40
    each: int = 24
    idle_minutes: float = 60.0


def address(service: Service) -> str:
    """Return the URL to open; a token stands in none.

    >>> address(Service(port=8866))
    'http://127.0.0.1:8866/'
    """
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"http://{host}:{service.port}{service.base_url}"


def own_environment(service: Service) -> dict[str, str]:
    """Return what sessions know besides what they inherit: where the data is."""
    if not service.data or Path(service.data).resolve() == data_folder() / "sample":
        return {}
    from hk_metrics.ui.sources import served

    return {"HK_METRICS_STORE": str(served(service.data))}
