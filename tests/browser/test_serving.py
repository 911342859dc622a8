"""The server: what it answers, refuses, and says when a session or the machine is at its end."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks.serving import READY, Server, serving
from hk_metrics.errors import ParameterError
from hk_metrics.ui.serve.server import configuration, serve
from hk_metrics.ui.serve.service import Service
from tests.browser.conftest import Opener


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a single seat, whose sessions end soon when idle."""
    folder = tmp_path_factory.mktemp("small")
    options = (
        "--pool",
        "0",
        "--sessions",
        "1",
        "--idle-minutes",
        "1.9",
        "--token",
        "s3cret-of-sixteen",
    )
    with serving(folder, *options) as started:
        yield started


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def health(server: Server) -> int:
    with urllib.request.urlopen(f"{server.url}hk/health", timeout=30) as answer:
        return int(json.load(answer)["sessions"])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_open_address_without_token_is_refused(host: str) -> None:
    with pytest.raises(ParameterError, match=r"(?s)--token.*reverse proxy"):
        serve(host=host)


def test_health_starts_no_session(server: Server) -> None:
    before = health(server)
    assert health(server) == before


@pytest.mark.parametrize(
    "path",
    ["voila/files/dashboard.ipynb", "voila/tree", "notebooks/dashboard.ipynb", "hk/x/../server.py"],
)
def test_no_files_are_served(server: Server, path: str) -> None:
    assert status(server.url + path) in (403, 404)


def test_nothing_of_ours_is_open_in_the_configuration() -> None:
    config = configuration(Service())
    assert config.VoilaConfiguration.file_allowlist == [r"(?!)"]
    assert not config.VoilaConfiguration.show_tracebacks
    assert config.VoilaConfiguration.allow_template_override == "NO"


def test_skeleton_is_painted_before_the_session(visit: Opener) -> None:
    opened = visit()
    opened.page.goto(opened.url, wait_until="commit")
    expect(opened.page.locator("#hk-skeleton .hk-name")).to_be_visible()
    opened.page.wait_for_function(READY, timeout=120_000)
    paint = opened.page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )
    ready = opened.page.evaluate("performance.getEntriesByName('hk-ready')[0].startTime")
    assert paint < ready


def test_dead_session_says_so_and_keeps_the_view(visit: Opener, server: Server) -> None:
    opened = visit(strict=False)
    page = opened.open("brand=Gritzo")
    kernel = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    )
    server.session(kernel).kill()
    expect(page.get_by_text("This session has ended. Reload: your view is kept.")).to_be_visible(
        timeout=15_000
    )
    page.get_by_role("button", name="Reload").click()
    page.wait_for_function(READY, timeout=120_000)
    expect(page.locator(".hk-chip")).to_have_text("Brand: Gritzo×")


def test_closing_the_page_ends_its_session(visit: Opener, server: Server) -> None:
    opened = visit(strict=False)
    page = opened.open()
    kernel = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    )
    page.close(run_before_unload=True)
    other = visit(strict=False).open()
    other.wait_for_function(
        "(id) => fetch(`hk/pulse/${id}`).then((a) => a.json()).then((p) => !p.alive)",
        arg=kernel,
        timeout=30_000,
    )


def test_full_server_is_polite_and_idle_sessions_are_warned(visit: Opener, small: Server) -> None:
    with urllib.request.urlopen(small.url, timeout=30) as answer:
        assert b"hk-skeleton" not in answer.read()  # without the token: a page to sign in
    opened = visit(f"{small.url}?token=s3cret-of-sixteen&", strict=False)
    page = opened.page
    page.goto(f"{small.url}?token=s3cret-of-sixteen", wait_until="commit")
    page.wait_for_function(READY, timeout=120_000)
    expect(page.get_by_text("Without use, this session ends in")).to_be_visible(timeout=30_000)
    second = page.context.new_page()
    turned_away = second.goto(small.url)
    assert turned_away is not None
    assert turned_away.status == 503
    expect(second.get_by_text("All seats are taken just now")).to_be_visible()
    page.bring_to_front()  # a page behind another draws no frames, and nothing there holds still
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#hk-banner")).to_be_hidden()


def test_server_log_has_no_traceback(server: Server) -> None:
    log = Path(server.store.parent / "server.log").read_text()
    assert "Traceback" not in log
