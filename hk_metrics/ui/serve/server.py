"""The dashboard's server: Voilà for one notebook, with our template, limits and manners."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hk_metrics.access import SHORTEST, TokenFile
from hk_metrics.errors import ParameterError
from hk_metrics.places import NOTEBOOKS, data_folder, tokens_file
from hk_metrics.settings import default_settings
from hk_metrics.startup import notebook_format
from hk_metrics.ui.serve.proxy import Proxy

if TYPE_CHECKING:
    from traitlets.config import Config

HERE = Path(__file__).resolve().parent.parent
TEMPLATE = HERE / "voila"
NOTEBOOK = NOTEBOOKS / "dashboard.ipynb"
MEGABYTE = 1024 * 1024
# Of JupyterLab's front end, which shows what ours does not know (static/client.js).
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
)


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


def serve(data: str | None = None, **options: Any) -> None:
    """Serve the dashboard until interrupted; print its address.

    Parameters
    ----------
    data
        What every session opens; see `Service`.
    options
        The other fields of `Service`.

    Raises
    ------
    ParameterError
        For an address that others can reach without a token, or a port in use.
    """
    service = Service(data, **options)
    refuse_open_door(service)
    _claim_port(service)
    # What the server knows, nothing that it starts has to.
    os.environ.pop("HK_METRICS_TOKEN", None)
    notebook_format()
    from hk_metrics.ui.serve.application import DashboardServer

    server = DashboardServer(config=configuration(service), service=service)
    server.initialize([])
    server.start()


def address(service: Service) -> str:
    """Return the URL to open; a token stands in none.

    >>> address(Service(port=8866))
    'http://127.0.0.1:8866/'
    """
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"http://{host}:{service.port}{service.base_url}"


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_open_door(service: Service) -> None:
    """Refuse to serve what anybody could reach, or guess the way into.

    Raises
    ------
    ParameterError
        With the ways to mend it.
    """
    if service.token is not None and len(service.token) < SHORTEST:
        raise ParameterError(
            f"the token has {len(service.token)} characters and could be guessed: it needs "
            f"{SHORTEST} at least, e.g. of: openssl rand -hex 24"
        )
    file = TokenFile(service.tokens)
    file.tokens()
    if is_loopback(service.host) or service.token or file.exists:
        return
    if service.proxy.user and service.proxy.trusted:
        return
    raise ParameterError(
        f"refusing to serve on {service.host} without authentication: anyone who reaches this "
        "address could read and replace the data. Either give tokens (hk-metrics token add NAME, "
        "or one for all: --token, or HK_METRICS_TOKEN in the environment), or stay on 127.0.0.1 "
        "and put a reverse proxy that signs people in (or JupyterHub) in front."
    )


def _claim_port(service: Service) -> None:
    """Refuse a port in use now: Voilà would take another, which warm kernels do not know."""
    family = socket.AF_INET6 if ":" in service.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((service.host, service.port))
        except OSError as error:
            raise ParameterError(
                f"cannot listen on {service.host}:{service.port}: {error.strerror}. "
                "Is a dashboard running there? Choose another with --port."
            ) from error


def own_environment(service: Service) -> dict[str, str]:
    """Return what sessions know besides what they inherit: where the data is."""
    if not service.data or Path(service.data).resolve() == data_folder() / "sample":
        return {}
    from hk_metrics.ui.sources import served

    return {"HK_METRICS_STORE": str(served(service.data))}


def configuration(service: Service) -> Config:
    """Return Voilà's configuration for a service."""
    from traitlets.config import Config

    from hk_metrics.ui.assets.files import page_assets

    config = Config()
    config.Voila.update(
        notebook_path=str(NOTEBOOK),
        port=service.port,
        port_retries=0,
        ip=service.host,
        base_url=service.base_url,
        open_browser=False,
        log_level="WARN",
        tornado_settings=_tornado_settings(),
    )
    config.Voila.identity_provider_class = "hk_metrics.ui.serve.identity.Doorkeeper"
    config.VoilaConfiguration.update(
        preheat_kernel=False,
        multi_kernel_manager_class="hk_metrics.ui.serve.pool.SessionKernels",
        extension_allowlist=list(EXTENSIONS),
        allow_template_override="NO",
        allow_theme_override="NO",
        file_allowlist=[r"(?!)"],
        resources={"hk": page_assets()},
        show_tracebacks=False,
        strip_sources=True,
    )
    config.MappingKernelManager.update(
        cull_idle_timeout=int(service.idle_minutes * 60),
        cull_interval=max(1, min(30, int(service.idle_minutes * 6))),
        cull_connected=True,
    )
    # Others on the machine cannot read what sessions say, where Jupyter knows how.
    config.KernelManager.transport_encryption = "auto"
    # A restarted kernel has lost the visitor's page: better to say that the session has ended.
    config.KernelManager.autorestart = False
    config.ZMQChannelsWebsocketConnection.limit_rate = False
    return config


def _tornado_settings() -> dict[str, Any]:
    upload = default_settings().max_upload_mb * MEGABYTE
    return {
        "websocket_max_message_size": int(upload * 1.05) + 10 * MEGABYTE,
        "ws_ping_timeout": 30_000,
        "headers": {"Content-Security-Policy": CONTENT_SECURITY},
    }


# Widgets are modules made of text (blob:), and Jupyter's front end, where it comes, compiles its
# validators (eval);
# what matters here is that nothing is fetched from, or sent to, another host.
CONTENT_SECURITY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
