"""The doors to the notebook that are not ours: JupyterLab, Notebook, Voilà as it comes."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.reader import NotJSONError
from playwright.sync_api import Browser, Frame, Page
from playwright.sync_api import TimeoutError as Late

from benchmarks.serving import free_port
from hk_metrics.places import NOTEBOOKS, PACKAGE

SECONDS = 180
NOTEBOOK = NOTEBOOKS / "dashboard.ipynb"
OPEN = ["--IdentityProvider.token=", "--ServerApp.allow_root=True"]
APPS = {"lab": "jupyterlab", "notebook": "notebook", "voila": "voila"}
ATTEMPTS = 5
# Every cell in sight has run: what was asked of a kernel that JupyterLab then left waits for ever.
DONE = """(() => {
    const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
    const seen = prompts.map((prompt) => prompt.innerText).filter(Boolean);
    return seen.length > 0 && seen.every((text) => /^\\[\\d+\\]/.test(text));
})()"""
DRAWN = "document.querySelectorAll('.hk-stage[data-drawn] .main-svg:first-child').length >= {}"
# Pixels of a picture that are not of the colour of its corner.
INK = """async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const { width, height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const brush = canvas.getContext("2d");
  brush.drawImage(image, 0, 0);
  const { data } = brush.getImageData(0, 0, width, height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) {
    const apart = [0, 1, 2].some((c) => Math.abs(data[at + c] - data[8 * 4 * width + 8 * 4 + c]) > 24);
    if (apart) ink += 1;
  }
  return ink;
}"""


@dataclass(frozen=True)
class Door:
    """A server that opens the notebook: its address, and the folder of its store."""

    url: str
    folder: Path


@contextmanager
def opened(app: str, folder: Path) -> Iterator[Door]:
    """Run one of Jupyter's own servers over copies of the notebooks, with no settings of its own."""
    port, place = free_port(), folder / "notebooks"
    place.mkdir(parents=True)
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(notebook, place)
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")
    own = {f"JUPYTER{'' if n.startswith('LAB') else '_'}{n}": str(folder / n) for n in names}
    environment = {
        **os.environ, **own,
        "HK_METRICS_STORE": str(folder / "store"), "PYTHONPATH": str(PACKAGE.parent),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", APPS[app], "--no-browser", f"--port={port}"]
    command += [NOTEBOOK.name] if app == "voila" else OPEN
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=place, env=environment, stdout=log, stderr=log)
    try:
        _wait(port, process, folder / "server.log")
        yield Door(f"http://127.0.0.1:{port}", folder)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/static/none", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def run_all(page: Page) -> None:
    """Run every cell of the notebook that is open, as somebody does by the menu.

    JupyterLab may take another kernel while it opens a notebook; what was asked of the first one
    is then lost, and is asked again.
    """
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=SECONDS * 1000)
    for _ in range(ATTEMPTS):
        _choose_kernel(page)
        idle = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
        page.wait_for_selector(idle, state="attached", timeout=SECONDS * 1000)
        with suppress(Late):  # its question may come late, and lie over the menu
            page.get_by_role("menuitem", name="Run", exact=True).click(timeout=5_000)
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click(timeout=5_000)
            page.wait_for_function(DONE, timeout=SECONDS * 1000 // ATTEMPTS)
            return
    raise AssertionError("JupyterLab ran no cell")


def saved(page: Page, path: Path) -> list[NotebookNode]:
    """Save the notebook that is open, and return its cells of code once all have run."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(500)
        with suppress(NotJSONError):  # it is just being written
            cells = [c for c in nbformat.read(path, 4).cells if c.cell_type == "code" and c.source]
            if all(cell.execution_count for cell in cells):
                return cells
    raise AssertionError(f"{path.name}: not every cell has run")


def _choose_kernel(page: Page) -> None:
    """Take the kernel that JupyterLab offers where it asks, as it does of who runs cells early."""
    with suppress(Late):
        page.get_by_role("button", name="Select", exact=True).click(timeout=2_000)


def preview(page: Page) -> Frame:
    """Open Voilà's preview of the notebook that is open, beside it; its author is trusted."""
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=SECONDS * 1000)
    page.locator("jp-button.voilaRender").click()
    page.get_by_role("button", name="Render anyway").click(timeout=SECONDS * 1000)
    frame = page.wait_for_selector("iframe[src*='voila']", timeout=SECONDS * 1000)
    inner = frame.content_frame()
    assert inner is not None
    return inner


def ink(browser: Browser, picture: bytes) -> int:
    """Return how many pixels of a picture are drawn on."""
    sheet = browser.new_page()
    count = sheet.evaluate(INK, base64.b64encode(picture).decode())
    sheet.close()
    return int(count)
