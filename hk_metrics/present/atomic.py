"""Files appear whole or not at all: written under a temporary name, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPORARY = ".part-"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path`` that takes its place when the block ends well.

    Parameters
    ----------
    path
        Where the finished file belongs; its folder is made where missing.

    Notes
    -----
    A process killed inside the block leaves ``path`` as it was, and a file whose name starts with
    ``TEMPORARY``, which no reader looks at.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, suffix=path.suffix, dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        _sync(draft)
        draft.chmod(0o666 & ~_umask())  # mkstemp makes files that only their owner may read
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write(path: Path, content: bytes) -> Path:
    """Write the bytes to ``path`` so that a reader sees the old file or the whole new one."""
    with replacing(path) as draft:
        draft.write_bytes(content)
    return path


def replace_folder(draft: Path, folder: Path) -> None:
    """Put a finished folder in the place of another, or where there is none.

    Parameters
    ----------
    draft
        The finished folder, beside ``folder``; it is gone afterwards.
    folder
        Where it belongs.

    Notes
    -----
    Folders cannot be exchanged in one step. A process killed between the two renames leaves
    nothing in the place rather than half of something.
    """
    draft.chmod(0o777 & ~_umask())
    if folder.exists():
        replaced = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder.parent))
        folder.rename(replaced / folder.name)
        draft.rename(folder)
        shutil.rmtree(replaced, ignore_errors=True)
    else:
        draft.rename(folder)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
