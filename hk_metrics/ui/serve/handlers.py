"""What our server answers besides its page: assets, life signs, health, a session's channel."""

from __future__ import annotations

import gzip
import mimetypes
import os
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from hk_metrics.ui.assets.files import content
from hk_metrics.ui.serve.frames import PROTOCOL, UNTOLD, FrameError, check, outgoing, untold
from hk_metrics.ui.serve.identity import SignedIn
from hk_metrics.ui.serve.visits import Visit, Visits

_YEAR = 365 * 24 * 3600
NAME = re.compile(r"[\w-]{8,64}")
# Bytes of a message of those who bring no files.
_SMALL_MESSAGE = 1024 * 1024
# Bytes that a page has not taken, above which nothing more is kept for it.
_UNREAD = 64 * 1024 * 1024
# Characters that one page's session may put into the log.
_LOGGED = 1_000_000
# Of a websocket that is closed for what was sent on it, and for what was not read.
_UNACCEPTABLE, _TOO_SLOW = 1007, 1008


class AssetHandler(tornado.web.RequestHandler):
    """Serve scripts and styles, compressed once and cached by the browser for good."""

    def get(self, name: str) -> None:
        """Send one asset; its address changes with its content."""
        try:
            body, packed = _asset(name)
        except KeyError as error:
            raise tornado.web.HTTPError(404) from error
        self.set_header("Content-Type", mimetypes.guess_type(name)[0] or "text/plain")
        self.set_header("Cache-Control", f"public, max-age={_YEAR}, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            body = packed
        self.finish(body)


def warm_asset(name: str) -> None:
    """Pack an asset before anybody asks for it."""
    _asset(name)


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


def _owned(handler: Any, kernel_id: str) -> None:
    """Refuse a session that is not the visitor's own.

    Raises
    ------
    tornado.web.HTTPError
        404, as if there were none: nobody learns whether there is.
    """
    visits, user = handler.settings["hk_visits"], handler.current_user
    assert isinstance(visits, Visits)
    if not isinstance(user, SignedIn) or not visits.belongs(kernel_id, user.owner, user.visitor):
        raise tornado.web.HTTPError(404)


class PulseHandler(APIHandler):
    """Tell a page whether its session lives, and how long it will without use."""

    @tornado.web.authenticated
    async def get(self, kernel_id: str) -> None:
        """Send ``alive`` and the seconds left before the session is closed for being idle."""
        manager, user = self.kernel_manager, self.current_user
        own = self.settings["hk_visits"].belongs(kernel_id, user.owner, user.visitor)
        alive = own and kernel_id in manager and await ensure_async(manager.is_alive(kernel_id))
        self.finish({"alive": bool(alive), "seconds_left": _left(manager, kernel_id, alive)})


def _left(manager: Any, kernel_id: str, alive: bool) -> float | None:
    if not alive or manager.cull_idle_timeout <= 0:
        return None
    idle: timedelta = datetime.now(UTC) - manager.get_kernel(kernel_id).last_activity
    return max(0.0, float(manager.cull_idle_timeout) - idle.total_seconds())


class SessionHandler(KernelHandler):
    """What Jupyter's front end asks of a session, of the visitor's own only."""

    async def prepare(self, **options: Any) -> None:
        """Refuse the sessions of others."""
        await super().prepare(**options)
        _owned(self, self.path_kwargs["kernel_id"])


class LeaveHandler(APIHandler):
    """End the session of a page that is closed."""

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End it; one that has ended already is no error."""
        visits, user = self.settings["hk_visits"], self.current_user
        if visits.belongs(kernel_id, user.owner, user.visitor):
            await visits.end(kernel_id)
        self.set_status(204)
        self.finish()


class SessionsHandler(APIHandler):
    """The open sessions, for an admin: whose, since when; and their end."""

    async def prepare(self, **options: Any) -> None:
        """Refuse all but admins."""
        await super().prepare(**options)
        user = self.current_user
        if not isinstance(user, SignedIn) or user.visitor.role != "admin" or user.visitor.scope:
            raise tornado.web.HTTPError(403, "only an admin may see the sessions of others")

    @tornado.web.authenticated
    def get(self, kernel_id: str = "") -> None:
        """List them."""
        if kernel_id:
            raise tornado.web.HTTPError(404)
        visits = self.settings["hk_visits"]
        listed = [
            {"session": key, "name": v.visitor.name, "role": v.visitor.role, "begun": v.begun}
            for key, v in visits.of.items()
        ]
        self.finish({"sessions": listed})

    @tornado.web.authenticated
    async def delete(self, kernel_id: str = "") -> None:
        """End one."""
        visits = self.settings["hk_visits"]
        if kernel_id not in visits.of:
            raise tornado.web.HTTPError(404)
        await visits.end(kernel_id)
        self.set_status(204)
        self.finish()


class TemplateFileHandler(TemplateStaticFileHandler):  # type: ignore[misc]
    """Voilà's files of templates; what is no path of one is not there, instead of an error."""

    @classmethod
    def get_absolute_path(cls, root: str, path: str) -> str:
        """Return where a file lies."""
        if not re.fullmatch(r"[\w-]+/static/.+", os.path.normpath(path).replace(os.path.sep, "/")):
            raise tornado.web.HTTPError(404)
        return str(super().get_absolute_path(root, path))

    def parse_url_path(self, path: str) -> str:
        """Return a path as this system writes it."""
        if not re.match(r"[\w-]+/static/", path):
            raise tornado.web.HTTPError(404)
        return str(super().parse_url_path(path))


class ChannelHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The way between a page and its session; a frame that is no message of a page shuts it.

    A page waits where its session has enough to do, and one that does not read is hung up on: what
    it sends, or does not take, is kept nowhere.
    """

    visit: Visit | None = None
    left = False
    unread = logged = 0

    @property
    def max_message_size(self) -> int:
        """The bytes of a message: many for those who may bring files."""
        user = self.current_user
        if isinstance(user, SignedIn) and user.visitor.may("import"):
            return int(self.settings["websocket_max_message_size"])
        return _SMALL_MESSAGE

    async def pre_get(self) -> None:
        """Refuse the sessions of others, and names that are none."""
        _owned(self, self.kernel_id)
        if not NAME.fullmatch(self.get_query_argument("session_id", "")):
            raise tornado.web.HTTPError(400, "a channel needs a session_id of 8 to 64 letters")
        await super().pre_get()

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Return the form of messages that both sides know; that a page left is no error."""
        return super().select_subprotocol(subprotocols) if self.connection else None

    async def open(self, kernel_id: str) -> None:
        """Join the page to its session."""
        if self.selected_subprotocol != PROTOCOL:
            self.close(_UNACCEPTABLE, f"speak {PROTOCOL}")
        elif self.connection:
            self.visit = self.settings["hk_visits"].of[kernel_id]
            self.visit.arrived = True
            self.visit.channels.add(self)
            await super().open(kernel_id)

    async def on_message(self, message: bytes | str) -> None:
        """Pass on what is a message of a page, once its session has room for it."""
        try:
            channel, name = check(message, self.kernel_manager.allowed_message_types)
            if self.visit and self.visit.backlog.confuses(channel, name):
                raise FrameError("the id of one that is under way elsewhere")
        except FrameError as error:
            self.log.warning("a channel was shut for a frame with %s", error)
            self.close(_UNACCEPTABLE, "not a message")
            return
        if not self.connection or self.visit is None:
            return
        backlog = self.visit.backlog
        while backlog.full and not self.left:
            await backlog.change()
        if not self.left:
            backlog.add(channel, name, len(message))
            super().on_message(message)

    def write_message(self, message: bytes | dict[str, Any], binary: bool = False) -> Any:
        """Send the page what its session says, unless it leaves too much of it unread."""
        kind, name = outgoing(message) if isinstance(message, bytes) else ("", "")
        if self.visit and name:
            self.visit.backlog.done(name)
        if isinstance(message, bytes) and kind in UNTOLD:
            self._note(untold(message))
            return None
        if self.ws_connection is None:
            return None
        if self.unread > _UNREAD:
            self.log.warning("a channel was shut for what its page did not read")
            self.close(_TOO_SLOW, "read what is sent")
            return None
        sent = super().write_message(message, binary)
        if sent is not None and isinstance(message, bytes):
            self._count(sent, len(message))
        return sent

    def _note(self, words: str) -> None:
        """Say in the server's log what the session says to whoever runs it; not without end."""
        room = _LOGGED - self.logged
        self.logged += len(words)
        if words and room > 0:
            self.log.error("session %s:\n%s", self.kernel_id, words[:room])

    def _count(self, sent: Any, size: int) -> None:
        def taken(_: object) -> None:
            self.unread -= size

        self.unread += size
        sent.add_done_callback(taken)

    def on_close(self) -> None:
        """Let go of the session; a channel that was never joined has nothing to let go of."""
        self.left = True
        if self.visit:
            self.visit.channels.discard(self)
            self.visit.backlog.wake()
        if self.connection:
            super().on_close()
