"""What components need of a browser: given by our server's page, else brought along by them.

JupyterLab, Notebook and Voilà as it comes know nothing of our modules. There one widget, the kit,
carries them into the browser, once for all components of a kernel.
"""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets as t

from hk_metrics.ui.assets.door import served


class Kit(anywidget.AnyWidget):
    """Our modules and styles; the libraries, which are large, come when they are asked for."""

    _esm = t.Unicode().tag(sync=True)
    sources = t.Dict().tag(sync=True)
    style = t.Unicode().tag(sync=True)

    def __init__(self) -> None:
        from hk_metrics.ui.assets.files import STYLE, content, modules

        sources = modules()
        super().__init__(
            _esm=sources.pop("client/kit.js"), sources=sources, style=content(STYLE).decode()
        )
        self.on_msg(self._asked)

    def _asked(self, _: Any, message: dict[str, Any], __: Any) -> None:
        from hk_metrics.ui.assets.files import LIBRARIES, content

        name = message.get("library")
        if name in LIBRARIES:
            self.send({"library": name}, [content(name)])


_kept: list[Kit] = []


def kit() -> Kit | None:
    """Return the kernel's kit, made when it is first needed; None where the page is ours."""
    if served():
        return None
    if not _kept or _kept[0].comm is None:
        _kept[:] = [Kit()]
    return _kept[0]
