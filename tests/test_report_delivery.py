"""Deliveries to real servers: mail, webhook, folder, object store; refusals, retries, secrets."""

from __future__ import annotations

import email
import email.policy
import itertools
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import fsspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from benchmarks.serving import free_port
from hk_metrics.errors import ParameterError
from hk_metrics.report import config, message
from hk_metrics.report.delivery import Parcel, Patience, hand_over, smtp
from hk_metrics.report.delivery.folder import Folder
from hk_metrics.report.delivery.remote import Remote
from hk_metrics.report.delivery.smtp import Smtp
from hk_metrics.report.delivery.webhook import Webhook
from hk_metrics.report.records import Run
from tests.report_toy import part_files, write_config

QUICK = Patience(attempts=3, first_pause_seconds=0.01, longest_pause_seconds=0.02)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PASSWORD = "correct-horse-battery"


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    """A finished run with a page, a workbook, a table and a picture."""
    folder = tmp_path / "runs" / "toy" / "all-ab12"
    (folder / "tables").mkdir(parents=True)
    (folder / "toy.html").write_text("<h1>Letter</h1>")
    (folder / "toy.xlsx").write_bytes(b"PK workbook")
    (folder / "tables" / "01-a.csv").write_text("a\n1\n")
    (folder / "chart.png").write_bytes(PNG)
    facts = {
        "subject": "Revenue up 2.6 %",
        "headline": "Revenue up 2.6% to ₹9.94 L",
        "sentences": ["Bo earned <little>."],
        "compared": True,
        "kpis": [{"label": "Revenue", "value": "₹9.94 L", "previous": "₹9.69 L",
                  "change": "+2.6%", "tone": "good"}],
    }  # fmt: skip
    (folder / "letter.json").write_text(json.dumps(facts))
    run = Run.model_validate(
        {
            "report": "toy", "key": "ab12", "status": "delivering",
            "started": "2025-03-01T00:00:00Z", "folder": str(folder),
            "files": ["toy.html", "toy.xlsx", "tables/01-a.csv"],
        }
    )  # fmt: skip
    return message.of_run(run)


class Mailbox:
    """Keeps what arrives; answers with ``answers`` first, and of a receiver as told."""

    def __init__(self) -> None:
        self.receivers: dict[str, list[str]] = {}
        self.got: list[list[str]] = []
        self.mails: list[email.message.EmailMessage] = []
        self.users: list[str] = []
        self.answers: list[str] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
        answers = self.receivers.get(address, [])
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.got.append(list(envelope.rcpt_tos))
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(
            email.message_from_bytes(envelope.content, policy=email.policy.default)  # type: ignore[arg-type]
        )
        return "250 taken"

    def authenticate(self, _server, _session, _envelope, _mechanism, data) -> AuthResult:
        self.users.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@pytest.fixture
def mailbox():
    box = Mailbox()
    box.port = free_port()  # type: ignore[attr-defined]
    server = Controller(box, hostname="127.0.0.1", port=box.port)  # type: ignore[attr-defined]
    server.start()
    yield box
    server.stop()


def _smtp(port: int, **more: object) -> Smtp:
    plain = {"host": "127.0.0.1", "port": port, "security": "none", "from": "hk@x.example"}
    return Smtp.model_validate({**plain, "to": ["lead@x.example", "cmo@x.example"], **more})


def test_mail_has_the_numbers_and_the_chart_inside_and_files_that_open(parcel, mailbox) -> None:
    assert hand_over(_smtp(mailbox.port), parcel, QUICK).status == "delivered"
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Revenue up 2.6 %"
    assert mail["To"] == "lead@x.example, cmo@x.example"
    html = mail.get_body(("html",)).get_content()
    assert "₹9.94 L" in html and "+2.6%" in html and "cid:chart" in html
    assert "Bo earned &lt;little&gt;." in html
    plain = mail.get_body(("plain",)).get_content()
    assert "Revenue: ₹9.94 L (+2.6%, before ₹9.69 L)" in plain
    parts = {p.get_filename(): p for p in mail.walk() if p.get_filename()}
    assert set(parts) == {"chart.png", "toy.html", "toy.xlsx"}
    assert parts["chart.png"]["Content-ID"] == "<chart>"
    assert parts["chart.png"].get_content_disposition() == "inline"
    assert "toy" in mail["List-Id"]
    assert mail["List-Unsubscribe"].startswith("<mailto:hk@x.example?subject=")
    why = "You get this because the report 'toy' names your address; reply to be taken off it."
    assert why in plain and why.replace("'", "&#39;") in html
    assert parts["chart.png"].get_content() == PNG
    assert parts["toy.xlsx"].get_content() == b"PK workbook"


@pytest.mark.parametrize("words", range(1, 30))
def test_long_subject_arrives_to_the_letter(parcel, words) -> None:
    """Folded at any place, with signs beyond ASCII before and after it."""
    subject = "reference, 1 – 31 May: " + " ".join(f"₹{n} up 6.4% to {n}×" for n in range(words))
    sent = smtp.message(_smtp(1), replace(parcel, subject=subject)).as_bytes()
    assert max(map(len, sent.split(b"\n\n")[0].splitlines())) <= 78
    back = email.message_from_bytes(sent, policy=email.policy.default)
    assert back["Subject"] == subject


def test_mail_of_the_same_run_has_the_same_id(parcel, mailbox) -> None:
    for _ in range(2):
        hand_over(_smtp(mailbox.port), parcel, QUICK)
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"] == "<toy.ab12@x.example>"


def test_files_too_large_for_a_mail_are_left_out_and_named(parcel, mailbox) -> None:
    parcel.files[1].write_bytes(bytes(200_000))
    hand_over(_smtp(mailbox.port, max_mb=0.1), parcel, QUICK)
    (mail,) = mailbox.mails
    assert "toy.xlsx" not in {p.get_filename() for p in mail.walk()}
    assert "left out: toy.xlsx" in mail.get_body(("plain",)).get_content()


def test_server_that_says_later_is_asked_again(parcel, mailbox) -> None:
    mailbox.answers = ["451 try later", "451 try later"]
    done = hand_over(_smtp(mailbox.port), parcel, QUICK)
    assert (done.status, done.attempts) == ("delivered", 3)
    assert len(mailbox.mails) == 1


def test_server_that_refuses_is_not_asked_again(parcel, mailbox) -> None:
    mailbox.answers = ["554 no"]
    done = hand_over(_smtp(mailbox.port), parcel, QUICK)
    assert (done.status, done.attempts) == ("failed", 1) and "554 no" in done.error


def test_receiver_that_is_refused_is_told_and_the_other_has_it_once(parcel, mailbox) -> None:
    mailbox.receivers = {"cmo@x.example": ["550 no such person"] * 9}
    done = hand_over(_smtp(mailbox.port), parcel, QUICK)
    assert (done.status, done.attempts) == ("failed", 1)
    assert done.receipts == {"lead@x.example": "", "cmo@x.example": "550 no such person"}
    assert "cmo@x.example: 550 no such person (taken for lead@x.example)" in done.error
    mailbox.receivers = {}
    again = hand_over(_smtp(mailbox.port), parcel, QUICK, done)
    assert again.status == "delivered"
    assert mailbox.got == [["lead@x.example"], ["cmo@x.example"]]


def test_receiver_that_shall_wait_is_tried_again_alone(parcel, mailbox) -> None:
    mailbox.receivers = {"cmo@x.example": ["451 greylisted"]}
    done = hand_over(_smtp(mailbox.port), parcel, QUICK)
    assert (done.status, done.attempts, set(done.receipts.values())) == ("delivered", 2, {""})
    assert mailbox.got == [["lead@x.example"], ["cmo@x.example"]]


def test_all_receivers_refused_for_good_are_not_tried_again(parcel, mailbox) -> None:
    no = ["550 closed"] * 9
    mailbox.receivers = {"lead@x.example": no, "cmo@x.example": [*no]}
    done = hand_over(_smtp(mailbox.port), parcel, QUICK)
    assert (done.status, done.attempts, done.taken) == ("failed", 1, [])
    assert "lead@x.example: 550 closed; cmo@x.example: 550 closed" in done.error


@pytest.fixture
def drip():
    """A server that says one byte at a time and never comes to the end of a line."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        while not stop.is_set():
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                for byte in itertools.cycle(b"2"):
                    if stop.wait(0.05):
                        return
                    try:
                        client.sendall(bytes([byte]))
                    except OSError:
                        break

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    stop.set()
    server.close()


@pytest.mark.parametrize("security", ["none", "tls"])
def test_server_that_drips_does_not_hold_a_run(parcel, drip, security) -> None:
    slow = _smtp(drip, security=security, timeout_seconds=5, deadline_seconds=0.3)
    done = hand_over(slow, parcel, QUICK.model_copy(update={"attempts": 1}))
    assert done.status == "failed"
    # TLS takes the drip for no TLS at once; either way the run goes on.
    assert "took longer than 0.3 s" in done.error or security == "tls"


def test_webhook_that_drips_does_not_hold_a_run(parcel, drip) -> None:
    slow = Webhook(url=f"http://127.0.0.1:{drip}/hook", timeout_seconds=5, deadline_seconds=0.3)
    done = hand_over(slow, parcel, QUICK.model_copy(update={"attempts": 1}))
    assert done.status == "failed" and "took longer than 0.3 s" in done.error


def test_server_that_is_down_is_tried_as_often_as_wanted(parcel, mailbox) -> None:
    config_ = _smtp(1)  # nothing listens there
    done = hand_over(config_, parcel, QUICK)
    assert (done.status, done.attempts) == ("failed", 3) and "127.0.0.1:1" in done.error


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> SimpleNamespace:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    paths = SimpleNamespace(cert=folder / "cert.pem", key=folder / "key.pem")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        f"-addext subjectAltName=DNS:localhost -keyout {paths.key} -out {paths.cert}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return paths


@pytest.fixture
def locked_mailbox(certificate):
    """A server that wants TLS and a login, as they are out there."""
    box = Mailbox()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    box.port = free_port()  # type: ignore[attr-defined]
    server = Controller(
        box,
        hostname="localhost",
        port=box.port,  # type: ignore[attr-defined]
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=box.authenticate,
    )
    server.start()
    yield box
    server.stop()


def _login(port: int, certificate, **more: object) -> Smtp:
    return _smtp(
        port,
        host="localhost",
        security="starttls",
        certificates=str(certificate.cert),
        username="env:TOY_USER",
        password="env:TOY_PASSWORD",
        **more,
    )


def test_mail_goes_over_tls_with_a_login_by_reference(
    parcel, locked_mailbox, certificate, monkeypatch
) -> None:
    monkeypatch.setenv("TOY_USER", "hk")
    monkeypatch.setenv("TOY_PASSWORD", PASSWORD)
    done = hand_over(_login(locked_mailbox.port, certificate), parcel, QUICK)
    assert done.status == "delivered" and locked_mailbox.users == ["hk"]


def test_wrong_password_is_refused_and_not_repeated_in_the_error(
    parcel, locked_mailbox, certificate, monkeypatch
) -> None:
    monkeypatch.setenv("TOY_USER", "hk")
    monkeypatch.setenv("TOY_PASSWORD", "wrong-password-123")
    done = hand_over(_login(locked_mailbox.port, certificate), parcel, QUICK)
    assert (done.status, done.attempts) == ("failed", 1)
    assert "535" in done.error and "wrong-password-123" not in done.error


def test_server_with_an_unknown_certificate_gets_nothing(
    parcel, locked_mailbox, certificate, monkeypatch
) -> None:
    monkeypatch.setenv("TOY_USER", "hk")
    monkeypatch.setenv("TOY_PASSWORD", PASSWORD)
    plain = _login(locked_mailbox.port, certificate).model_copy(update={"certificates": None})
    assert hand_over(plain, parcel, QUICK).status == "failed"
    assert not locked_mailbox.mails and not locked_mailbox.users


def test_reference_that_is_not_set_says_which(parcel, locked_mailbox, certificate, monkeypatch):
    monkeypatch.delenv("TOY_USER", raising=False)
    monkeypatch.setenv("TOY_PASSWORD", PASSWORD)
    done = hand_over(_login(locked_mailbox.port, certificate), parcel, QUICK)
    assert done.status == "failed" and "TOY_USER" in done.error


@pytest.fixture
def endpoint():
    """A web server that keeps what is posted; answers with ``answers`` first."""
    seen = SimpleNamespace(posts=[], headers=[], answers=[], url="", after="", times=[])

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code = seen.answers.pop(0) if seen.answers else 200
            if code == 200:
                seen.posts.append(json.loads(body))
                seen.headers.append(dict(self.headers))
            seen.times.append(time.monotonic())
            self.send_response(code)
            if seen.after and code == 429:
                self.send_header("Retry-After", seen.after)
            if code == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield seen
    server.shutdown()
    server.server_close()


def test_webhook_receives_the_facts(parcel, endpoint) -> None:
    assert hand_over(Webhook(url=endpoint.url), parcel, QUICK).status == "delivered"
    (post,) = endpoint.posts
    assert post["subject"] == "Revenue up 2.6 %" and post["kpis"][0]["value"] == "₹9.94 L"
    assert endpoint.headers[0]["Idempotency-Key"] == "toy.ab12"


def test_webhook_speaks_slack_and_teams(parcel, endpoint) -> None:
    for style in ("slack", "teams"):
        hand_over(Webhook(url=endpoint.url, style=style), parcel, QUICK)
    slack, teams = endpoint.posts
    assert slack["blocks"][0]["text"]["text"] == "Revenue up 2.6 %"
    assert "Bo earned &lt;little&gt;." in slack["blocks"][1]["text"]["text"]
    card = teams["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard" and card["body"][0]["text"] == "Revenue up 2.6 %"


@pytest.mark.parametrize("answer, attempts, status", [
    (503, 2, "delivered"), (429, 2, "delivered"), (404, 1, "failed"), (302, 1, "failed"),
])  # fmt: skip
def test_webhook_tries_again_where_there_is_hope(parcel, endpoint, answer, attempts, status):
    endpoint.answers = [answer]
    done = hand_over(Webhook(url=endpoint.url), parcel, QUICK)
    assert (done.status, done.attempts) == (status, attempts)


def test_webhook_that_asks_for_a_pause_gets_it(parcel, endpoint) -> None:
    endpoint.answers, endpoint.after = [429], "1"
    done = hand_over(Webhook(url=endpoint.url), parcel, QUICK)
    assert (done.status, done.attempts) == ("delivered", 2)
    first, second = endpoint.times
    assert second - first >= 1


def test_webhook_that_asks_for_an_hour_is_left_alone_for_it(parcel, endpoint) -> None:
    endpoint.answers, endpoint.after = [429], "3600"
    done = hand_over(Webhook(url=endpoint.url), parcel, QUICK)
    assert (done.status, done.attempts) == ("failed", 1)
    assert done.not_before and 3500 < (done.not_before - done.at).total_seconds() <= 3600
    assert hand_over(Webhook(url=endpoint.url), parcel, QUICK, done) == done
    assert len(endpoint.times) == 1  # it was not asked a second time


def test_webhook_address_in_the_environment_is_not_in_the_error(parcel, monkeypatch) -> None:
    monkeypatch.setenv("TOY_HOOK", "http://127.0.0.1:1/secret-path-123")
    done = hand_over(Webhook(url="env:TOY_HOOK"), parcel, QUICK)
    assert done.status == "failed" and "secret-path-123" not in done.error


def test_folder_receives_everything_or_nothing(parcel, tmp_path) -> None:
    share = Folder(path=tmp_path / "share")
    half = tmp_path / "share" / "toy" / ".part-all-ab12-dead"
    half.mkdir(parents=True)
    for _ in range(2):
        assert hand_over(share, parcel, QUICK).status == "delivered"
    names = {p.name for p in (tmp_path / "share" / "toy" / "all-ab12").rglob("*") if p.is_file()}
    assert names == {"toy.html", "toy.xlsx", "01-a.csv", "chart.png", "letter.json"}
    assert not part_files(tmp_path / "share")


def test_folder_that_cannot_be_written_fails_with_its_name(parcel, tmp_path) -> None:
    (tmp_path / "share").write_text("a file")
    done = hand_over(Folder(path=tmp_path / "share"), parcel, QUICK)
    assert (done.status, done.attempts) == ("failed", 3) and "share" in done.error


@pytest.mark.parametrize("url", ["memory://bucket/reports", "file"])
def test_object_store_receives_every_file_and_the_mark_last(parcel, tmp_path, url) -> None:
    address = url if "://" in url else f"file://{tmp_path}/lake"
    assert hand_over(Remote(url=address), parcel, QUICK).status == "delivered"
    place, root = fsspec.core.url_to_fs(address)
    names = {p.removeprefix(f"{root}/toy/all-ab12/") for p in place.find(root)}
    assert names == {
        "toy.html", "toy.xlsx", "tables/01-a.csv", "chart.png", "letter.json", "_SUCCESS",
    }  # fmt: skip
    assert place.cat(f"{root}/toy/all-ab12/toy.xlsx") == b"PK workbook"


def test_alert_reaches_every_channel(tmp_path, mailbox, endpoint) -> None:
    alert = message.of_alert("toy", "key1", "Alert: toy", ["ROAS is 1.20× (rule: < 2.00×)"])
    channels = [
        _smtp(mailbox.port), Webhook(url=endpoint.url), Folder(path=tmp_path / "s"),
        Remote(url=f"file://{tmp_path}/lake"),
    ]  # fmt: skip
    assert all(hand_over(c, alert, QUICK).status == "delivered" for c in channels)
    assert "1.20×" in mailbox.mails[0].get_body(("html",)).get_content()
    assert endpoint.posts[0]["alert"] is True
    assert "1.20×" in (tmp_path / "s/alerts/toy-key1.txt").read_text()
    assert "1.20×" in (tmp_path / "lake/alerts/toy-key1.txt").read_text()


@pytest.mark.parametrize(
    "deliveries, says",
    [
        ('kind = "smtp"\nhost = "h"\nfrom = "a@x.example"\nto = ["b@x.example"]\npassword = "pw"',
         "do not write it here"),
        ('kind = "webhook"\nurl = "https://hooks.slack.com/services/T/B/x"', "is a secret"),
        ('kind = "webhook"\nurl = "ftp://x"', "no web address"),
        ('kind = "fsspec"\nurl = "s3://b"\noptions = { secret = "abc" }', "option 'secret'"),
        ('kind = "smtp"\nhots = "h"\nfrom = "a@x.example"\nto = ["b@x.example"]',
         "did you mean 'host'"),
        ('kind = "smtp"\nhost = "h"\nfrom = "nobody"\nto = ["b@x.example"]', "not an e-mail"),
        ('kind = "pigeon"', "pigeon"),
    ],
)  # fmt: skip
def test_delivery_written_wrong_is_refused_with_its_place(tmp_path, deliveries, says) -> None:
    path = write_config(tmp_path, f"[deliveries.one]\n{deliveries}\n")
    with pytest.raises(ParameterError, match=says) as caught:
        config.load(path)
    assert "deliveries.one" in str(caught.value)


def test_subject_from_data_cannot_add_headers(parcel, mailbox) -> None:
    from dataclasses import replace

    evil = replace(parcel, subject="x\r\nBcc: all@x.example")
    hand_over(_smtp(mailbox.port), evil, QUICK)
    assert mailbox.mails[0]["Bcc"] is None
