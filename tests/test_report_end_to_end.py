"""The weekly letter, whole: real data, a real mail server, a real endpoint, a real browser."""

from __future__ import annotations

import email
import email.policy
import io
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from aiosmtpd.controller import Controller

from hk_metrics import browser, report
from tests.machine import needs_browser
from tests.paper import faults
from tests.report_toy import part_files

CONFIG = """
root = "runs"
timezone = "Asia/Kolkata"
[patience]
attempts = 2
first_pause_seconds = 0.01
[deliveries.mail]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
from = "hk_metrics <hk@x.example>"
to = ["lead@x.example"]
attach = ["pdf", "xlsx", "html"]
[deliveries.hook]
kind = "webhook"
url = "env:TOY_HOOK"
[deliveries.share]
kind = "folder"
path = "share"
[reports.weekly]
schedule = "0 8 * * 1"
formats = ["html", "pdf", "xlsx", "csv", "ipynb"]
deliver = ["mail", "hook", "share"]
alerts = ["roas < 3 for each campaign over 2025-05-01..2025-05-31", "quality errors"]
parameters = {{ data = "{data}", period = "2025-05-01..2025-05-31" }}
"""


@pytest.fixture(scope="module")
def received():
    """A mail server and a web server that keep what they get."""
    seen = SimpleNamespace(mails=[], posts=[], port=0, url="")

    class Box:
        async def handle_DATA(self, _server, _session, envelope) -> str:
            policy = email.policy.default
            seen.mails.append(email.message_from_bytes(envelope.content, policy=policy))
            return "250 taken"

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    with socket.create_server(("127.0.0.1", 0)) as free:
        seen.port = free.getsockname()[1]
    mail = Controller(Box(), hostname="127.0.0.1", port=seen.port)
    mail.start()
    web = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    seen.url = f"http://127.0.0.1:{web.server_port}/hook-secret-12345"
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield seen
    mail.stop()
    web.shutdown()
    web.server_close()


@pytest.fixture(scope="module")
def weekly(reference, received, tmp_path_factory):
    """The weekly letter about May, made and delivered twice."""
    needs_browser()
    folder = tmp_path_factory.mktemp("weekly")
    path = folder / "reports.toml"
    path.write_text(CONFIG.format(port=received.port, data=reference), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOY_HOOK", received.url)
        patch.setenv("TOY_SMTP_PASSWORD", "never-shown-anywhere")
        results = [report.run("weekly", config=path) for _ in range(2)]
    assert all(r.ok for r in results), results[0].run.message
    return SimpleNamespace(folder=folder, first=results[0], second=results[1])


pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _letters(received) -> list:
    """The mails with files; an alert has none."""
    return [m for m in received.mails if any(m.iter_attachments())]


def test_letter_reaches_everyone_once(weekly, received) -> None:
    assert not weekly.first.repeated and weekly.second.repeated
    assert len(_letters(received)) == 1
    assert len([p for p in received.posts if not p.get("alert")]) == 1
    assert len(list((weekly.folder / "share" / "weekly").iterdir())) == 1
    assert not part_files(weekly.folder)


def test_mail_shows_the_numbers_and_the_chart_and_its_files_open(weekly, received) -> None:
    import pypdfium2 as pdfium

    (mail,) = _letters(received)
    assert mail["Subject"] == "reference, 1 – 31 May 2025: " + received.posts[0]["headline"]
    html = mail.get_body(("html",)).get_content()
    assert "₹9.94 L" in html and "cid:chart" in html and "244 posts became 280" in html
    parts = {p.get_filename(): p.get_content() for p in mail.walk() if p.get_filename()}
    assert set(parts) == {"chart.png", "weekly.pdf", "weekly.xlsx", "weekly.html"}
    assert parts["chart.png"].startswith(b"\x89PNG")
    assert len(pdfium.PdfDocument(parts["weekly.pdf"])) >= 3
    book = openpyxl.load_workbook(io.BytesIO(parts["weekly.xlsx"]))
    assert "Key figures" in book.sheetnames
    page = parts["weekly.html"]
    assert "<h1>" in (page if isinstance(page, str) else page.decode())


def test_rules_alert_once_and_stand_in_the_letter(weekly, received) -> None:
    """In May all three campaigns are below 3: 2.67, 2.48 and 2.41."""
    alerts = [m for m in received.mails if m not in _letters(received)]
    assert alerts[0]["Subject"].startswith("ROAS of campaign ")
    assert alerts[0]["Subject"].endswith("over 2025-05-01..2025-05-31 and 2 more")
    assert len(alerts) == 1 and len(weekly.first.run.alerts) == 3
    said = "ROAS of campaign HKFitBlast is 2.67×"
    assert said in alerts[0].get_body(("plain",)).get_content()
    assert said in weekly.first.path.read_text(encoding="utf-8")
    assert len([p for p in received.posts if p.get("alert")]) == 1


def test_no_secret_is_anywhere(weekly, received) -> None:
    files = [p for p in weekly.folder.rglob("*") if p.is_file()]
    for secret in (b"never-shown-anywhere", b"hook-secret-12345"):
        assert not any(secret in path.read_bytes() for path in files)
        assert not any(secret in mail.as_bytes() for mail in received.mails)
        assert secret.decode() not in json.dumps(received.posts) + str(weekly.first)


def test_every_page_of_the_pdf_has_ink_and_the_figures_are_there(weekly) -> None:
    """Teal (11, 107, 112) is revenue, in two figures; orange (230, 159, 0) is spend."""
    import pypdfium2 as pdfium

    path = next(p for p in weekly.first.paths if p.suffix == ".pdf")
    assert faults(path.read_bytes(), said="data version") == []
    ink = {"teal": 0, "orange": 0}
    for page in pdfium.PdfDocument(path):
        pixels = page.render(scale=1).to_numpy().astype(int)[:, :, :3]
        assert (pixels.sum(axis=2) < 700).mean() > 0.005
        for name, colour in (("teal", [112, 107, 11]), ("orange", [0, 159, 230])):
            ink[name] += int((abs(pixels - colour).sum(axis=2) < 60).sum())
    assert ink["teal"] > 5_000 and ink["orange"] > 2_000


def test_dashboard_and_notebook_see_the_run_in_the_history(weekly) -> None:
    shown = report.history("weekly", weekly.folder / "reports.toml")
    assert shown.iloc[0]["status"] == "delivered"
    assert Path(shown.iloc[0]["folder"]).is_dir()


def test_letter_can_be_read_by_everyone(weekly) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with browser.chromium() as chromium:
        for width in (1440, 390):
            page = chromium.new_page(viewport={"width": width, "height": 900})
            page.goto(weekly.first.path.as_uri())
            page.evaluate("() => window.figuresDrawn")
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") == width
