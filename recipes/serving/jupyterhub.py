"""JupyterHub, as the documents set it up, starts the dashboard for somebody who has signed in.

python -m recipes.serving.jupyterhub, from the project and with its environment; it needs node and
npm, makes an environment of its own (JupyterHub, its proxy from npm, the project's wheel) in the
folder named by ROOTS, and ends what it started.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.serving import SECONDS, free_port
from hk_metrics.browser import chromium
from recipes.serving.drawn import look

PROJECT = Path(__file__).resolve().parents[2]
KEPT = Path(os.environ.get("ROOTS", "/var/tmp/hk-metrics-roots")) / "jupyterhub"
PERSON = "asha"


def environment() -> Path:
    """Make or reuse the environment; the folder of its programs."""
    programs = KEPT / "venv" / "bin"
    uv = Path(sys.executable).with_name("uv")
    if not (programs / "python").exists():
        subprocess.run(
            [uv, "venv", "--quiet", "--python", sys.executable, KEPT / "venv"], check=True
        )
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", programs / "python", "--constraint",
         PROJECT / "constraints.txt", "jupyterhub", "jupyter-server-proxy", "jupyterlab",
         "--reinstall-package", "hk-metrics", f"{PROJECT}[dashboard]"],
        check=True,
    )  # fmt: skip
    subprocess.run(
        ["npm", "install", "--silent", "--prefix", KEPT, "configurable-http-proxy"], check=True
    )
    return programs


def settings(folder: Path, hub: int, password: str) -> Path:
    """Write the hub's settings, and the documents' for each person's server; the hub's file."""
    readme = (PROJECT / "docs/howto/serve.md").read_text()
    (block,) = re.findall(r"```python\n(c\.ServerProxy.*?)```", readme, re.DOTALL)
    (folder / "jupyter").mkdir()
    (folder / "jupyter" / "jupyter_server_config.py").write_text(block)
    proxy = KEPT / "node_modules" / ".bin" / "configurable-http-proxy"
    lines = {
        "JupyterHub.bind_url": f"http://127.0.0.1:{hub}",
        "JupyterHub.hub_port": free_port(),
        "ConfigurableHTTPProxy.api_url": f"http://127.0.0.1:{free_port()}",
        "ConfigurableHTTPProxy.command": [str(proxy)],
        "ConfigurableHTTPProxy.pid_file": str(folder / "proxy.pid"),
        "JupyterHub.authenticator_class": "dummy",
        "JupyterHub.spawner_class": "simple",
        "DummyAuthenticator.password": password,
        "Authenticator.allow_all": True,
        "SimpleLocalProcessSpawner.home_dir_template": str(folder / "{username}"),
        "Spawner.args": ["--allow-root"],
        "Spawner.start_timeout": SECONDS,
        "Spawner.http_timeout": SECONDS,
        "Spawner.environment": {
            "JUPYTER_CONFIG_PATH": str(folder / "jupyter"),
            "HK_METRICS_STORE": str(folder / "data" / "store"),
            "PATH": f"{KEPT / 'venv' / 'bin'}:{os.environ['PATH']}",
        },
    }
    file = folder / "jupyterhub_config.py"
    file.write_text("".join(f"c.{name} = {value!r}\n" for name, value in lines.items()))
    return file


@contextmanager
def running(programs: Path, file: Path, url: str) -> Iterator[None]:
    """Run the hub until the block ends; what it started ends with it."""
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    clean["PATH"] = f"{programs}:{clean['PATH']}"
    with (file.parent / "hub.log").open("wb") as log:
        hub = subprocess.Popen(
            [programs / "jupyterhub", "-f", file], cwd=file.parent, env=clean, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        end = time.monotonic() + SECONDS
        while not _answers(url):
            assert hub.poll() is None and time.monotonic() < end, (
                file.parent / "hub.log"
            ).read_text()
            time.sleep(0.3)
        yield
    except BaseException:
        print((file.parent / "hub.log").read_text()[-4000:], file=sys.stderr)
        raise
    finally:
        hub.send_signal(signal.SIGTERM)
        hub.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        return urlopen(url, timeout=5).status == 200
    except OSError:
        return False


def main() -> None:
    """Nobody is let in without a password; who has one gets the page from a server of their own."""
    programs, password = environment(), secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        url = f"http://127.0.0.1:{port}"
        file = settings(folder, port, password)
        with running(programs, file, f"{url}/hub/login"), chromium() as browser:
            page = browser.new_page()
            page.set_default_timeout(1000 * SECONDS)
            page.goto(f"{url}/hub/login?next=/hub/spawn/{PERSON}")
            page.get_by_label("Username").fill(PERSON)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"**/user/{PERSON}/**")
            page.goto(f"{url}/user/{PERSON}/influencers/")
            look(page)
            stranger = browser.new_context().new_page()
            stranger.goto(f"{url}/user/{PERSON}/influencers/")
            assert "/hub/login" in stranger.url, stranger.url
    print("JupyterHub: started for one person and drawn; a stranger is sent to the sign-in")


if __name__ == "__main__":
    sys.exit(main())
