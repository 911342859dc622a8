"""Strangers at the door: tokens, cookies, headers and names that are not what they say."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from benchmarks.serving import Server, serving
from hk_metrics.access import TokenFile, Visitor, current_visitor
from hk_metrics.errors import NotAllowedError, ParameterError
from hk_metrics.ui.pages.incoming import Incoming
from hk_metrics.ui.serve.environment import inherited
from hk_metrics.ui.serve.identity import Doorkeeper
from hk_metrics.ui.serve.proxy import Proxy
from hk_metrics.ui.serve.server import refuse_open_door
from hk_metrics.ui.serve.service import Service
from hk_metrics.ui.serve.sign_ins import SignIns
from tests.attacks.conftest import channel, opened

ADMIN = "an-admin-token-of-the-tests"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> TokenFile:
    return TokenFile(tmp_path_factory.mktemp("door") / "tokens.json")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, tokens: TokenFile) -> Iterator[Server]:
    """A dashboard behind tokens, without a session until somebody is let in."""
    folder = tmp_path_factory.mktemp("served")
    options = ("--pool", "0", "--token", ADMIN, "--tokens", str(tokens.path))
    with serving(folder, *options) as started:
        yield started


class Answer:
    """What the server said: status, headers, cookies, text."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.text = answer.read().decode()
        self.cookies = SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(line)

    @property
    def jar(self) -> str:
        return "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())


def ask(
    server: Server, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> Answer:
    """Ask once, and follow nothing."""
    address = urlsplit(server.url)
    way = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        named["Content-Type"] = "application/x-www-form-urlencoded"
    way.request(method, path, body=body, headers=named)
    found = Answer(way.getresponse())
    way.close()
    return found


def sign_in(server: Server, token: str, query: str = "") -> Answer:
    return ask(server, f"/?{query}&token={token}" if query else f"/?token={token}")


def test_token_leaves_the_address_and_becomes_a_cookie(door: Server) -> None:
    answer = sign_in(door, ADMIN, "brand=Gritzo")
    assert answer.status == 303
    assert answer.headers["Location"] == "/?brand=Gritzo"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    (cookie,) = (m for name, m in answer.cookies.items() if name.startswith("hk_session"))
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == str(12 * 3600)
    assert ADMIN not in answer.headers.as_string()


def test_cookie_is_secure_behind_tls(door: Server) -> None:
    answer = ask(door, f"/?token={ADMIN}", X_Forwarded_Proto="https")
    (cookie,) = (m for name, m in answer.cookies.items() if name.startswith("hk_session"))
    assert cookie["secure"]


def test_stranger_meets_the_page_that_signs_in(door: Server) -> None:
    answer = ask(door, "/?page=roas")
    assert answer.status == 302
    page = ask(door, answer.headers["Location"])
    assert page.status == 200
    assert "Sign in to Influencer return" in page.text
    assert 'value="?page=roas"' in page.text


@pytest.mark.parametrize("wanted", ["//evil.test/?x=1", "https://evil.test/?x=1", "\\\\evil.test"])
def test_signing_in_leads_to_our_page_only(door: Server, wanted: str) -> None:
    page = ask(door, "/login")
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
    assert xsrf
    body = urlencode({"token": ADMIN, "next": wanted, "_xsrf": xsrf[1]})
    answer = ask(door, "/login", "POST", body, Cookie=page.jar)
    assert answer.status == 303
    assert answer.headers["Location"] in ("/", "/?x=1")


def test_form_of_another_page_signs_nobody_in(door: Server) -> None:
    answer = ask(door, "/login", "POST", urlencode({"token": ADMIN}))
    assert answer.status == 403


def test_signing_out_ends_a_copied_cookie(door: Server) -> None:
    jar = sign_in(door, ADMIN).jar
    assert ask(door, "/hk/sessions", Cookie=jar).status == 200
    page = ask(door, "/logout", Cookie=jar)
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
    assert xsrf
    both = f"{jar}; {page.jar}"
    done = ask(door, "/logout", "POST", urlencode({"_xsrf": xsrf[1]}), Cookie=both)
    assert "You are signed out" in done.text
    assert ask(door, "/hk/sessions", Cookie=jar).status == 403


def test_revoked_token_opens_nothing(door: Server, tokens: TokenFile) -> None:
    token = tokens.add("Leaver", "admin", {})
    jar = sign_in(door, token).jar
    assert ask(door, "/hk/sessions", Cookie=jar).status == 200
    tokens.revoke("Leaver")
    assert ask(door, "/hk/sessions", Cookie=jar).status == 403
    assert sign_in(door, token).status == 401


def test_session_ends_when_its_rights_change(door: Server, tokens: TokenFile) -> None:
    jar = sign_in(door, tokens.add("Moved", "viewer", {})).jar
    page = opened(door.url, Cookie=jar)
    with channel(door, page) as socket:
        facts = json.loads(tokens.path.read_text())
        for entry in facts["tokens"]:
            if entry["name"] == "Moved":
                entry["scope"] = {"brand": ["Gritzo"]}
        tokens.path.write_text(json.dumps(facts))
        assert ask(door, f"/api/kernels/{page.kernel}", Cookie=jar).status == 404
        with suppress(ConnectionClosed):
            while True:
                socket.recv(timeout=60)
    with pytest.raises(InvalidStatus):
        channel(door, page)


def test_session_is_closed_to_other_visitors(door: Server, tokens: TokenFile) -> None:
    viewer = sign_in(door, tokens.add("Viewer", "viewer", {})).jar
    theirs = opened(door.url, Cookie=sign_in(door, ADMIN).jar)
    with pytest.raises(InvalidStatus):
        channel(door, type(theirs)(theirs.text, theirs.kernel, viewer))
    with pytest.raises(InvalidStatus):
        channel(door, type(theirs)(theirs.text, theirs.kernel, ""))
    assert '"alive": false' in ask(door, f"/hk/pulse/{theirs.kernel}", Cookie=viewer).text
    assert ask(door, f"/api/kernels/{theirs.kernel}", Cookie=viewer).status == 404
    assert ask(door, "/hk/sessions", Cookie=viewer).status == 403
    with channel(door, theirs):
        pass


def test_websocket_of_another_site_is_refused(door: Server) -> None:
    page = opened(door.url, Cookie=sign_in(door, ADMIN).jar)
    with pytest.raises(InvalidStatus):
        channel(door, page, origin="https://evil.test")


@pytest.mark.parametrize("path", ["/", "/hk/health", "/login", "/voila/static/x"])
def test_foreign_name_gets_nothing(door: Server, path: str) -> None:
    answer = ask(door, path, Host="rebound.evil.test")
    assert answer.status == 403
    assert "--allow-host" in answer.text


NOWHERE = [
    "/hk/../hk/sessions", "/hk/..%2f..%2fcli.py", "/voila/templates/hk/static/../conf.json",
    "/voila/templates/lab/static/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "/voila/templates/",
    "/voila/templates/lab", "/voila/static/../../app.py", "/voila/labextensions/../x",
    "/voila/api/themes/../x", "/voila/files/dashboard.ipynb", "/api/contents", "/api/kernels",
    "/api/sessions", "/api/terminals", "/api/kernelspecs", "/terminals/1", "/metrics", "//etc/passwd",
    "/hk/pulse/0c5a1b9e-0000-4000-8000-000000000000", "/voila/api/shutdown/x", "/login/x",
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_no_way_of_asking_is_an_error_of_the_server(
    door: Server, tokens: TokenFile, method: str
) -> None:
    log = door.store.parent / "server.log"
    before = log.read_text().count("Traceback")
    jar = sign_in(door, tokens.add(f"Asks by {method}", "viewer", {})).jar
    for headers in ({}, {"Cookie": jar}):
        answers = {path: ask(door, path, method, **headers) for path in NOWHERE}
        assert {p: a.status for p, a in answers.items() if a.status >= 500} == {}
        assert not [p for p, a in answers.items() if "root:" in a.text or "Traceback" in a.text]
    assert log.read_text().count("Traceback") == before


def test_query_of_sessions_is_gone(door: Server) -> None:
    asked = door.url.replace("http", "ws", 1) + "voila/query/0c5a1b9e-0000-4000-8000-000000000000"
    with pytest.raises(InvalidStatus):
        connect(asked)


def test_guessing_is_slowed_down(door: Server) -> None:
    tried = [sign_in(door, f"a-wrong-token-number-{n}").status for n in range(12)]
    assert tried[0] == 401
    assert tried[-1] == 429
    log = Path(door.store.parent / "server.log").read_text()
    assert "a-wrong-token" not in log
    assert ADMIN not in log


@pytest.mark.parametrize("token", ["", "short", "fifteen-letters"])
def test_short_token_is_refused(token: str, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="16 at least"):
        refuse_open_door(Service(token=token, tokens=tmp_path / "none.json"))


def test_file_holds_hashes_only(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "tokens.json")
    token = file.add("Agency", "viewer", {"brand": ("Gritzo",)})
    assert token not in file.path.read_text()
    assert file.path.stat().st_mode & 0o077 == 0
    entry = file.find(token)
    assert entry is not None
    assert entry.visitor == Visitor("Agency", "viewer", {"brand": ("Gritzo",)})
    assert file.find(token + "x") is None


def test_headers_are_believed_from_the_proxy_only() -> None:
    headers = {"X-User": "root", "X-Role": "admin", "X-Part": "brand=Gritzo"}
    request = SimpleNamespace(remote_ip="203.0.113.9", protocol="http", headers=headers)
    handler = SimpleNamespace(request=request, get_cookie=lambda name: name and None)
    keeper = Doorkeeper()
    proxy = Proxy(("10.0.0.1",), user="X-User", role="X-Role", scope="X-Part")
    begun = Visitor("root", "admin", {"brand": ("Gritzo",)})
    keeper.settle(SignIns(None, TokenFile(Path("none"))), proxy, read_only=False, cookie="c")
    assert keeper.get_user(handler) is None
    request.remote_ip = "10.0.0.1"
    user = keeper.get_user(handler)
    assert user is not None
    assert user.visitor == begun
    assert keeper.holds(user.owner, begun)
    request.headers = {**headers, "X-Role": "editor"}
    keeper.get_user(handler)
    assert not keeper.holds(user.owner, begun)
    request.headers = headers
    keeper.get_user(handler)
    assert keeper.holds(user.owner, begun)
    keeper.settle(keeper.sign_ins, proxy, read_only=True, cookie="c")
    limited = keeper.get_user(handler)
    assert limited is not None
    assert limited.visitor.role == "viewer"
    request.headers = {"X-User": "root", "X-Role": "owner"}
    assert keeper.get_user(handler) is None


def test_viewer_brings_nothing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HK_METRICS_VISITOR", Visitor("Asha", "viewer").as_text())
    assert current_visitor().name == "Asha"
    incoming = Incoming()
    with suppress(NotAllowedError):
        incoming.read({"payouts.csv": b"influencer_id,basis\n1,post\n"})
    assert incoming.plan is None
    assert "only an editor or an admin may bring data in" in incoming.refused


def test_sessions_inherit_no_secret() -> None:
    secrets = {"HK_METRICS_TOKEN": "x", "SMTP_PASSWORD": "x", "DATABASE_URL": "x", "AWS_KEY": "x"}
    assert inherited({**secrets, "PATH": "/bin", "HK_METRICS_STORE": "/s"}) == {
        "PATH": "/bin",
        "HK_METRICS_STORE": "/s",
    }
