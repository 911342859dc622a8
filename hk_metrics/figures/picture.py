"""Figures as pictures beside their data, where a notebook is executed and nobody looks at it.

What opens an executed notebook elsewhere (a page of nbconvert, a mail, a code host) draws no
plotly; a picture it shows. In a live session, whose page draws, none is made.
"""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from hk_metrics import browser
from hk_metrics.errors import MissingToolError
from hk_metrics.figures import plotly_script
from hk_metrics.startup import notebook_format

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PNG = "image/png"
_NAME = "hk_metrics_picture"  # of plotly's renderer
# Set by whoever looks at what a kernel shows while it shows it, or wants figures in one form.
_LIVE = ("JPY_SESSION_NAME", "VSCODE_PID", "COLAB_NOTEBOOK_ID", "PLOTLY_RENDERER")
_WIDTH, _HEIGHT = 700, 420  # CSS pixels of a figure that does not say
_SECONDS = 20  # that the browser has to close
_DRAW = """async ([figure, width, height]) => {
  const layout = {...figure.layout, width, height, paper_bgcolor: "#fff", plot_bgcolor: "#fff"};
  return Plotly.toImage({data: figure.data, layout}, {format: "png", width, height, scale: 2});
}"""


def wanted() -> bool:
    """Return whether figures of this process are shown without a page that draws them."""
    if any(os.environ.get(name) for name in _LIVE):
        return False
    return _in_kernel() and browser.executable() is not None


def offer() -> None:
    """Let plotly put a picture beside each figure that it shows, where one is wanted."""
    if not _in_kernel():
        return
    with suppress(ImportError):
        notebook_format()  # plotly reads it to show a figure
    if not wanted():
        return
    import plotly.io as pio
    from plotly.io.base_renderers import MimetypeRenderer

    if _NAME in pio.renderers:
        return

    class Picture(MimetypeRenderer):  # type: ignore[misc]
        def to_mimebundle(self, fig_dict: Mapping[str, Any]) -> dict[str, Any]:
            return bundle(fig_dict)

    pio.renderers[_NAME] = Picture()
    pio.renderers.default = f"{pio.renderers.default}+{_NAME}"


def bundle(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure as PNG by its media type; nothing where none is wanted or can be made.

    Parameters
    ----------
    figure
        Plotly's ``data`` and ``layout``.
    """
    if not wanted():
        return {}
    from plotly.utils import PlotlyJSONEncoder

    try:
        return {PNG: _artist().draw(json.dumps(figure, cls=PlotlyJSONEncoder))}
    except MissingToolError:
        return {}


def _in_kernel() -> bool:
    import sys

    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"


class _Artist(Thread):
    """Draws with one browser in a thread of its own, for as long as the process lasts.

    A kernel's own thread runs a loop, beside which Playwright's cannot run.
    """

    def __init__(self) -> None:
        super().__init__(name="pictures", daemon=True)
        self.asked: SimpleQueue[tuple[str, Future[str]] | None] = SimpleQueue()
        atexit.register(self.stop)
        self.start()

    def stop(self) -> None:
        """Close the browser; unhindered by what does not answer."""
        self.asked.put(None)
        self.join(_SECONDS)

    def draw(self, figure: str) -> str:
        """Return a figure, as JSON, as PNG in base64."""
        answer: Future[str] = Future()
        self.asked.put((figure, answer))
        return answer.result()

    def run(self) -> None:
        """Draw what is asked for."""
        with ExitStack() as opened:
            page: Page | None = None
            while asked := self.asked.get():
                figure, answer = asked
                try:
                    page = page or _page(opened.enter_context(browser.chromium()))
                    answer.set_result(_drawn(page, json.loads(figure)))
                except Exception as failure:  # noqa: BLE001 - whoever asked is told
                    answer.set_exception(failure)


@cache
def _artist() -> _Artist:
    return _Artist()


def _page(opened: Browser) -> Page:
    page = opened.new_context(offline=True).new_page()
    page.add_script_tag(path=plotly_script.LIGHT)
    return page


def _drawn(page: Page, drawing: Mapping[str, Any]) -> str:
    if plotly_script.needs_whole(drawing["data"]):
        page.add_script_tag(path=plotly_script.whole())
    layout = drawing.get("layout", {})
    size = [int(layout.get(n) or usual) for n, usual in (("width", _WIDTH), ("height", _HEIGHT))]
    address: str = page.evaluate(_DRAW, [drawing, *size])
    return address.partition(",")[2]
