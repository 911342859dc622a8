"""Jupyter's front end in one piece: the parts it would fetch one by one, some seventy of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# A part of a bundle only adds itself to a list, before or after the bundle's own code runs.
_PART = re.compile(rb"(webpack|rspack)Chunk")
_HEAD = 400
# Larger parts are whole tools (mathematics, diagrams) that are fetched where a page has them.
_LARGEST = 400_000


@cache
def front_end(extensions: tuple[str, ...]) -> bytes:
    """Return the parts of Voilà's front end and of its extensions as one script.

    Parameters
    ----------
    extensions
        Names of the extensions that the page loads.

    Notes
    -----
    What is missing here is fetched as ever: this saves journeys and decides nothing.
    """
    folders = [_voila(), *(folder for name in extensions for folder in _extension(name))]
    return b"\n".join(_wrapped(part) for folder in folders for part in _parts(folder))


def _voila() -> Path:
    from voila.paths import collect_static_paths

    static = collect_static_paths(["voila"], "base")
    return next(Path(path) for path in static if Path(path, "voila.js").exists())


def _extension(name: str) -> Iterator[Path]:
    from voila.utils import get_voila_labextensions_path

    found = (Path(path, name, "static") for path in get_voila_labextensions_path())
    yield from [folder for folder in found if folder.is_dir()][:1]


def _parts(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.glob("*.js")):
        if path.stat().st_size <= _LARGEST and not path.name.startswith("remoteEntry"):
            text = path.read_bytes()
            if _PART.search(text[:_HEAD]):
                yield text


def _wrapped(part: bytes) -> bytes:
    """Return a part in a function, so that its strictness stays its own."""
    return b"(function(){" + part + b"\n})();"
