"""What our server answers besides Voilà's page: assets, life signs, health, and "busy"."""

from __future__ import annotations

import gzip
import logging
import mimetypes
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from hk_metrics.ui.assets.files import content, version
from hk_metrics.ui.serve.server import TEMPLATE, Service, address

YEAR = 365 * 24 * 3600


class AssetHandler(tornado.web.RequestHandler):
    """Serve scripts and styles, compressed once and cached by the browser for good."""

    def get(self, name: str) -> None:
        """Send one asset; its address changes with its content."""
        try:
            body, packed = _asset(name)
        except KeyError as error:
            raise tornado.web.HTTPError(404) from error
        self.set_header("Content-Type", mimetypes.guess_type(name)[0] or "text/plain")
        self.set_header("Cache-Control", f"public, max-age={YEAR}, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            body = packed
        self.finish(body)


@cache
def _asset(name: str) -> tuple[bytes, bytes]:
    body = content(name)
    return body, gzip.compress(body, 6)


class HealthHandler(tornado.web.RequestHandler):
    """Say that the server is up; starts no kernel."""

    def get(self) -> None:
        """Send the number of open sessions."""
        manager = self.settings["kernel_manager"]
        self.finish({"status": "ok", "sessions": len(manager.list_kernel_ids())})


class PulseHandler(JupyterHandler):
    """Tell a page whether its session lives, and how long it will without use."""

    @tornado.web.authenticated
    async def get(self, kernel_id: str) -> None:
        """Send ``alive`` and the seconds left before the session is closed for being idle."""
        manager = self.kernel_manager
        alive = kernel_id in manager and await ensure_async(manager.is_alive(kernel_id))
        self.finish({"alive": bool(alive), "seconds_left": _left(manager, kernel_id, alive)})


def _left(manager: Any, kernel_id: str, alive: bool) -> float | None:
    if not alive or manager.cull_idle_timeout <= 0:
        return None
    idle: timedelta = datetime.now(UTC) - manager.get_kernel(kernel_id).last_activity
    return max(0.0, float(manager.cull_idle_timeout) - idle.total_seconds())


class PageHandler(TornadoVoilaHandler):  # type: ignore[misc]
    """The dashboard's page, or a polite one when all sessions are taken."""

    def initialize(self, sessions: int, **options: Any) -> None:
        """Take Voilà's options, and the number of sessions that the machine carries."""
        self.sessions = sessions
        super().initialize(**options)

    @tornado.web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Send the page; 404 for any other path, as one notebook is served and no files."""
        if path:
            raise tornado.web.HTTPError(404)
        warm = self.kernel_manager.get_pool_size(self.notebook_path)
        if len(self.kernel_manager.list_kernel_ids()) - warm >= self.sessions:
            self.set_status(503)
            self.set_header("Retry-After", "30")
            self.finish(self.render_template("busy.html"))
            return
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        # Asking for the token sets its cookie, without which a closing page cannot end its session.
        _ = self.xsrf_token
        await super().get(path)


class ChannelHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The way between a page and its kernel; that a page left before it was open is no error."""

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Return the form of messages that both sides know."""
        return super().select_subprotocol(subprotocols) if self.connection else None

    async def open(self, kernel_id: str) -> None:
        """Join the page to its kernel."""
        if self.connection:
            await super().open(kernel_id)


def _mannered(handler: Any) -> Any:
    address, kind, *options = handler
    return (address, ChannelHandler if kind is VoilaKernelWebsocketHandler else kind, *options)


class DashboardServer(Voila):  # type: ignore[misc]
    """Voilà with our template found first, our handlers, and our notebook only."""

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
        super().initialize(*args, **options)

    def setup_template_dirs(self) -> None:
        """Find our template before Voilà's."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))

    def init_handlers(self) -> list[Any]:
        """Put our handlers before Voilà's; the page's own comes last."""
        *theirs, (page, _, options) = super().init_handlers()
        return [
            (self._url(rf"/hk/{version()}/(.*)"), AssetHandler),
            (self._url("/hk/health"), HealthHandler),
            (self._url(r"/hk/pulse/([\w-]+)"), PulseHandler),
            *[_mannered(handler) for handler in theirs if "/voila/files/" not in handler[0]],
            (page, PageHandler, {**options, "sessions": self.service.sessions}),
        ]

    def init_settings(self) -> dict[str, Any]:
        """Give templates the address of the assets."""
        settings: dict[str, Any] = super().init_settings()
        assets = url_path_join(self.base_url, "hk", version())
        settings["voila_jinja2_env"].globals["assets"] = assets
        return settings

    def listen(self) -> None:
        """Say where the dashboard is, once it answers."""
        where = address(self.service)
        IOLoop.current().add_callback(print, f"Dashboard: {where}", flush=True)
        # Packing takes longer than a visitor should wait, and less than one takes to come.
        IOLoop.current().run_in_executor(None, _asset, "plotly.js")
        super().listen()

    def _url(self, path: str) -> str:
        return str(url_path_join(self.server_url, path))
