"""Voilà with our template found first, our handlers, our sessions, and our notebook only."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from hk_metrics.access import SIGN_OUT, VARIABLE, TokenFile
from hk_metrics.settings import default_settings
from hk_metrics.ui.assets.files import version
from hk_metrics.ui.serve.connections import BoundedServer, allow_many_descriptors
from hk_metrics.ui.serve.environment import session_environment
from hk_metrics.ui.serve.handlers import (
    AssetHandler,
    ChannelHandler,
    HealthHandler,
    LeaveHandler,
    PulseHandler,
    SessionHandler,
    SessionsHandler,
    TemplateFileHandler,
    warm_asset,
)
from hk_metrics.ui.serve.hosts import Door, Hosts
from hk_metrics.ui.serve.identity import Doorkeeper, SignedIn
from hk_metrics.ui.serve.pages import PageHandler
from hk_metrics.ui.serve.parts import Parts
from hk_metrics.ui.serve.pool import Pool
from hk_metrics.ui.serve.service import TEMPLATE, Service, address, own_environment
from hk_metrics.ui.serve.sign_ins import SignIns
from hk_metrics.ui.serve.signing import SignInHandler, SignOutHandler
from hk_metrics.ui.serve.visits import Visits

_logger = logging.getLogger("hk_metrics.serve")
# Bytes of a request that is no websocket's, and seconds that a silent connection is kept.
_LARGEST_BODY, _SILENT_SECONDS = 1024 * 1024, 120.0
_OURS = {
    KernelHandler: SessionHandler,
    VoilaKernelWebsocketHandler: ChannelHandler,
    VoilaShutdownKernelHandler: LeaveHandler,
    TemplateStaticFileHandler: TemplateFileHandler,
}


class DashboardServer(Voila):  # type: ignore[misc]
    """The dashboard's server."""

    def __init__(self, service: Service, **options: Any) -> None:
        self.service = service
        super().__init__(**options)

    def load_config_file(self, *args: Any, **options: Any) -> None:
        """Read no Voilà settings of the machine: they could reopen what is shut here."""

    def initialize(self, *args: Any, **options: Any) -> None:
        """Get ready to serve; that our notebook is unsigned is nothing to warn of."""
        self.log.addFilter(lambda record: "is not trusted" not in record.getMessage())
        # Nor that a page left while it was spoken to.
        asyncio_log = logging.getLogger("asyncio")
        asyncio_log.addFilter(lambda record: "WebSocketClosedError" not in record.getMessage())
        # Nor that Tornado takes Jupyter's milliseconds between signs of life for seconds.
        tornado_log = logging.getLogger("tornado.general")
        tornado_log.addFilter(lambda record: "websocket_ping_" not in record.getMessage())
        super().initialize(*args, **options)

    def setup_template_dirs(self) -> None:
        """Find our template before Voilà's."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))

    def start(self) -> None:
        """Serve until interrupted."""
        self.connection_dir = tempfile.mkdtemp(prefix="voila_", dir=self.connection_dir_root)
        settings = self.init_settings()
        most = float(default_settings().session_memory)
        self.visits = Visits(self.kernel_manager, self.identity_provider.holds, most)
        settings["hk_visits"] = self.visits
        hosts = Hosts((*self.service.allow_hosts, self.service.host))
        self.app = Door(hosts, self._signing(), **{**settings, **self.tornado_settings})
        self.app.add_handlers(".*$", self.init_handlers())
        self.listen()

    def init_settings(self) -> dict[str, Any]:
        """Give templates the address of the assets, and the doorkeeper what it decides by."""
        settings: dict[str, Any] = super().init_settings()
        assets = url_path_join(self.base_url, "hk", version())
        settings["voila_jinja2_env"].globals["assets"] = assets
        # What goes wrong looks the same wherever it does; Jupyter's own page of it needs files of
        # Jupyter's front end, and fails.
        settings["jinja2_env"] = settings["voila_jinja2_env"]
        service = self.service
        doorkeeper = self.identity_provider
        assert isinstance(doorkeeper, Doorkeeper)
        self.sign_ins = SignIns(service.token, TokenFile(service.tokens))
        doorkeeper.settle(
            self.sign_ins, service.proxy, read_only=service.read_only,
            cookie=f"hk_session_{service.port}",
        )  # fmt: skip
        return {**settings, "log_function": _note, "xsrf_cookie_kwargs": {"samesite": "Lax"}}

    def init_handlers(self) -> list[Any]:
        """Put our handlers before Voilà's; the page's own comes last."""
        *theirs, (page, _, options) = super().init_handlers()
        self.pool = self._pool(options)
        signing = self._signing()
        return [
            (self._url(rf"/hk/{version()}/(.*)"), AssetHandler),
            (self._url("/hk/health"), HealthHandler),
            (self._url(r"/hk/pulse/([\w-]+)"), PulseHandler),
            (self._url(r"/hk/sessions/?([\w-]*)"), SessionsHandler),
            (self._url("/login"), SignInHandler, signing),
            (self._url("/logout"), SignOutHandler, signing),
            *[_ours(handler) for handler in theirs if "/voila/files/" not in handler[0]],
            (page, PageHandler, {**options, **self._page_options()}),
        ]

    def listen(self) -> None:
        """Answer, say where, and keep sessions warm until interrupted."""
        most = self.tornado_settings["websocket_max_message_size"]
        allow_many_descriptors()
        server = BoundedServer(
            self.app, max_body_size=_LARGEST_BODY, max_buffer_size=2 * most,
            idle_connection_timeout=_SILENT_SECONDS, body_timeout=_SILENT_SECONDS,
            unbounded=self.service.proxy.trusts,
        )  # fmt: skip
        server.listen(self.service.port, self.service.host)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self._begin)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info("Stopping...")
        finally:
            self.ioloop.run_sync(self.pool.close)
            self.stop()

    def _begin(self) -> None:
        print(f"Dashboard: {address(self.service)}", flush=True)
        self.pool.fill()
        self.watching = asyncio.gather(self.visits.watch(), self.parts.follow())
        # Packing takes longer than a visitor should wait, and less than one takes to come.
        self.ioloop.run_in_executor(None, warm_asset, "plotly.js")

    def _pool(self, options: dict[str, Any]) -> Pool:
        from hk_metrics.ui.serve.notebook import clean_notebook

        notebook = clean_notebook(Path(self.notebook_path))
        folder = str(Path(options["notebook_path"]).parent)
        own = own_environment(self.service)
        store = Path(own.get("HK_METRICS_STORE", default_settings().store)).expanduser().resolve()
        self.parts = Parts(store, session_environment(own, str(self.base_url)))
        return Pool(
            self.kernel_manager, notebook, folder, self._warm,
            lambda: session_environment(own, str(self.base_url)),
        )  # fmt: skip

    def _warm(self, kind: str) -> int:
        """Return the sessions to keep warm: those without data only where some see a part."""
        if kind == "open":
            return self.service.pool
        scoped = bool(self.service.proxy.scope) or self.sign_ins.scoped
        return min(self.service.pool, 1 + self.service.pool // 2) if scoped else 0

    def _page_options(self) -> dict[str, Any]:
        return {
            "pool": self.pool, "visits": self.visits, "sessions": self.service.sessions,
            "each": min(self.service.each, self.service.sessions), "arrival": self._arrival,
        }  # fmt: skip

    async def _arrival(self, user: SignedIn, query: str) -> str:
        """Return the line that tells a session who has come, and what they asked for."""
        visitor, out = user.visitor, self.identity_provider.leads_out(user)
        variables = {VARIABLE: visitor.as_text(), SIGN_OUT: out, "QUERY_STRING": query}
        if visitor.scope:
            variables["HK_METRICS_STORE"] = str(await self.parts.ready(visitor.scope))
        return f"from hk_metrics.ui.arrival import arrive; arrive({json.dumps(variables)!r})"

    def _signing(self) -> dict[str, Any]:
        return {"visits": self.visits, "voila_configuration": self.voila_configuration}

    def _url(self, path: str) -> str:
        return str(url_path_join(self.server_url, path))


def _ours(handler: Any) -> Any:
    place, kind, *options = handler
    return (place, _OURS.get(kind, kind), *options)


def _note(handler: Any) -> None:
    """Log what failed, by its path: a query may hold what is nobody's business."""
    if handler.get_status() >= 500 and handler.get_status() != 503:
        _logger.warning(
            "%s %s: %s", handler.request.method, handler.request.path, handler.get_status()
        )
