"""The dashboard's server: Voilà for one notebook, with our template, limits and manners."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import TYPE_CHECKING, Any

from hk_metrics.access import SHORTEST, TokenFile
from hk_metrics.errors import ParameterError
from hk_metrics.places import NOTEBOOKS
from hk_metrics.startup import notebook_format
from hk_metrics.ui.serve.service import Service

if TYPE_CHECKING:
    from traitlets.config import Config

_NOTEBOOK = NOTEBOOKS / "dashboard.ipynb"
# Bytes of a message. Files come in pieces of two megabytes; one of hundreds would keep everybody
# waiting for seconds while it is taken in.
_LARGEST_MESSAGE = 16 * 1024 * 1024
_PING = 20_000  # milliseconds between signs of life of a page
# Of JupyterLab's front end, which shows what ours does not know (static/client.js).
_EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
)


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


def configuration(service: Service) -> Config:
    """Return Voilà's configuration for a service."""
    from traitlets.config import Config

    from hk_metrics.ui.assets.files import page_assets

    config = Config()
    config.Voila.update(
        notebook_path=str(_NOTEBOOK),
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
        extension_allowlist=list(_EXTENSIONS),
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
    return {
        "websocket_max_message_size": _LARGEST_MESSAGE,
        "ws_ping_interval": _PING,
        # A timeout as long as the interval would shut every channel at its first ping.
        "ws_ping_timeout": 3 * _PING,
        "headers": {"Content-Security-Policy": _CONTENT_SECURITY},
    }


# Widgets are modules made of text (blob:), and Jupyter's front end, where it comes, compiles its
# validators (eval);
# what matters here is that nothing is fetched from, or sent to, another host.
_CONTENT_SECURITY = "; ".join(
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
