"""A small sign-in service, as oauth2-proxy answers nginx: who has its cookie is let in."""

from __future__ import annotations

import secrets
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

COOKIE = "signed_in"
FORM = (
    b"<!doctype html><title>Sign in</title><form method='post' action='/oauth2/sign_in'>"
    b"<label>Password <input name='password' type='password'></label>"
    b"<button>Sign in</button></form>"
)


class SignIn(ThreadingHTTPServer):
    """The service, on a port of its own; ``password`` is what visitors have to know."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.password = secrets.token_urlsafe(16)
        self.sessions: set[str] = set()


class _Handler(BaseHTTPRequestHandler):
    server: SignIn

    def do_GET(self) -> None:
        if self.path.startswith("/oauth2/auth"):
            self._answer(202 if self._session() in self.server.sessions else 401)
        elif self.path.startswith("/oauth2/sign_out"):
            self.server.sessions.discard(self._session())
            self._answer(302, ("Location", "/"))
        else:
            self._answer(200, ("Content-Type", "text/html"), body=FORM)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if parse_qs(sent).get("password") != [self.server.password]:
            self._answer(403)
            return
        session = secrets.token_urlsafe(16)
        self.server.sessions.add(session)
        cookie = f"{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"
        self._answer(302, ("Set-Cookie", cookie), ("Location", "/"))

    def _session(self) -> str:
        morsel = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return morsel.value if morsel else ""

    def _answer(self, status: int, *headers: tuple[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: nginx keeps the log."""
