"""The front end's files: ours, plotly's and DataTables', by the name a page asks for."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"
LIBRARIES = {
    "plotly.js": ("plotly", "package_data/plotly.min.js"),
    "datatables.js": ("itables", "html/dt_bundle.js"),
    "datatables.css": ("itables", "html/dt_bundle.css"),
}


@cache
def catalogue() -> dict[str, Path]:
    """Return every asset by name, without importing the libraries that bring some.

    No other file of the machine has a name here.
    """
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
    """Return what the page's template loads: the version, our styles and our modules."""
    names = list(catalogue())
    return {
        "version": version(),
        "styles": [n for n in names if n.endswith(".css")],
        "modules": [p.name for p in sorted(STATIC.glob("*.js"))],
    }
