"""The front end's files: ours and plotly's, by the name a page asks for."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from hk_metrics.figures import plotly_script

_STATIC = Path(__file__).resolve().parent.parent / "static"
LIBRARIES = {"plotly.js": lambda: plotly_script.LIGHT, "plotly-whole.js": plotly_script.whole}
# All our styles in one: each request costs a visitor some milliseconds.
STYLE = "page.css"
# What a page needs to open, the way to the kernel first; the rest comes when there is time.
_OPENING = (
    *(f"client/{n}.js" for n in ("client", "models", "channel", "views", "component", "session",
                                 "theme", "dom", "format", "menu")),
    *(f"parts/{n}.js" for n in ("header", "account", "saved", "filters", "chips", "browser",
                                "cards", "figure", "sentences")),
)  # fmt: skip


def content(name: str) -> bytes:
    """Return an asset.

    Raises
    ------
    KeyError
        For a name that is none of ours: there is no way to other files of the machine.
    """
    files = _catalogue()
    names = [n for n in files if n.endswith(".css")] if name == STYLE else [name]
    return b"\n".join(files[n].read_bytes() for n in names)


@cache
def _catalogue() -> dict[str, Path]:
    """Return every file by name, without importing the libraries that bring some."""
    kinds = {".js", ".css", ".svg"}
    ours = {
        p.relative_to(_STATIC).as_posix(): p
        for p in sorted(_STATIC.rglob("*"))
        if p.suffix in kinds
    }
    theirs = {name: place() for name, place in LIBRARIES.items()}
    return {**ours, **theirs}


def modules() -> dict[str, str]:
    """Return the text of each of our modules."""
    ours = (n for n in _catalogue() if n.endswith(".js") and n not in LIBRARIES)
    return {name: content(name).decode() for name in ours}


@cache
def version() -> str:
    """Return a short text that changes when any asset does."""
    facts = {name: path.stat() for name, path in _catalogue().items()}
    stamps = [f"{name}:{fact.st_size}:{fact.st_mtime_ns}" for name, fact in facts.items()]
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:12]


def page_assets() -> dict[str, object]:
    """Return what the page's template loads: the version, the styles and our modules."""
    return {
        "version": version(),
        "style": STYLE,
        "opening": _OPENING,
        "later": [name for name in modules() if name not in _OPENING],
    }
