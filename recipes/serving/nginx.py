"""The documents' nginx in front of the dashboard, with a sign-in service, tried in Chromium.

python -m recipes.serving.nginx, from the project, with its environment and Debian's nginx. As
anyone; it listens on free ports of this machine and ends what it started.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from benchmarks.serving import free_port, serving
from hk_metrics.browser import chromium
from recipes.serving.drawn import look
from recipes.serving.signin import SignIn

PROJECT = Path(__file__).resolve().parents[2]

CLOSED = ("/", "/hk/health", "/api/kernels", "/voila/query/00000000-0000-0000-0000-000000000000")


def configuration(listen: int, signin: int, dashboard: int) -> str:
    """Return the documents' configuration for these ports, without TLS and names."""
    (block,) = re.findall(
        r"```nginx\n(.*?)```", (PROJECT / "docs/howto/serve.md").read_text(), re.DOTALL
    )
    for before, after in {
        "listen 443 ssl;": f"listen 127.0.0.1:{listen};",
        "127.0.0.1:4180": f"127.0.0.1:{signin}",
        "127.0.0.1:8866": f"127.0.0.1:{dashboard}",
    }.items():
        assert before in block, f"the documents' configuration has no {before}"
        block = block.replace(before, after)
    return (
        "daemon off; pid nginx.pid; error_log error.log; events {} http { access_log off; "
        "client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; "
        f"uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n{block}\n}}\n"
    )


@contextmanager
def nginx(folder: Path, text: str, port: int) -> Iterator[str]:
    """Run nginx in a folder of its own until the block ends; its address."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    (folder / "nginx.conf").write_text(text)
    process = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf"])
    try:
        url, end = f"http://127.0.0.1:{port}", time.monotonic() + 30
        while _status(url, "/") is None and process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _status(url: str, path: str) -> tuple[int, bytes] | None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "c2l4dGVlbiBieXRlcyEhIQ=="}  # fmt: skip
    try:
        with urlopen(Request(url + path, headers=upgrade), timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as refused:
        return refused.code, refused.read()
    except OSError:
        return None


def main() -> None:
    """Nothing is reached without signing in, the page draws after it, and nothing after leaving."""
    service = SignIn()
    threading.Thread(target=service.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name, serving(Path(name), "--pool", "1") as server:
        port = free_port()
        dashboard = int(server.url.rsplit(":", 1)[1].strip("/"))
        text = configuration(port, service.server_address[1], dashboard)
        with nginx(Path(name), text, port) as url, chromium() as browser:
            for path in CLOSED:
                answer = _status(url, path)
                assert answer is not None, f"nginx does not answer {path}"
                assert b"Sign in" in answer[1], f"{path} is open: {answer}"
            page = browser.new_page()
            page.goto(url)
            page.get_by_label("Password").fill(service.password)
            page.get_by_role("button").click()
            look(page)
            page.goto(f"{url}/oauth2/sign_out")
            assert page.title() == "Sign in"
    print("nginx: closed without signing in, drawn and changed behind it, closed after leaving")


if __name__ == "__main__":
    sys.exit(main())
