"""The front end's files: ours, plotly's and DataTables', by the name a page asks for."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
LIBRARIES = {
    "plotly.js": ("plotly", "package_data/plotly.min.js"),
    "datatables.js": ("itables", "html/dt_bundle.js"),
    "datatables.css": ("itables", "html/dt_bundle.css"),
}
# All our styles and DataTables' in one: each request costs a visitor some milliseconds.
STYLE = "page.css"
# What a page needs to open, the way to the kernel first; the rest comes when there is time.
OPENING = (
    "client.js", "models.js", "channel.js", "views.js", "component.js", "session.js", "dom.js",
    "format.js", "header.js", "menu.js", "saved.js", "filters.js", "chips.js", "browser.js",
    "cards.js", "figure.js", "sentences.js",
)  # fmt: skip


def content(name: str) -> bytes:
    """Return an asset.

    Raises
    ------
    KeyError
        For a name that is none of ours: there is no way to other files of the machine.
    """
    files = catalogue()
    names = [n for n in files if n.endswith(".css")] if name == STYLE else [name]
    return b"\n".join(files[n].read_bytes() for n in names)


@cache
def catalogue() -> dict[str, Path]:
    """Return every file by name, without importing the libraries that bring some."""
    ours = {p.name: p for p in sorted(STATIC.iterdir()) if p.suffix in {".js", ".css", ".svg"}}
    theirs = {name: _in_package(*place) for name, place in LIBRARIES.items()}
    return {**ours, **theirs}


def _in_package(package: str, relative: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed; run: pip install {package}")
    return Path(spec.submodule_search_locations[0]) / relative


@cache
def version() -> str:
    """Return a short text that changes when any asset does."""
    facts = {name: path.stat() for name, path in catalogue().items()}
    stamps = [f"{name}:{fact.st_size}:{fact.st_mtime_ns}" for name, fact in facts.items()]
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:12]


def page_assets() -> dict[str, object]:
    """Return what the page's template loads: the version, the styles and our modules."""
    modules = [p.name for p in sorted(STATIC.glob("*.js"))]
    return {
        "version": version(),
        "style": STYLE,
        "opening": OPENING,
        "later": [name for name in modules if name not in OPENING],
    }
