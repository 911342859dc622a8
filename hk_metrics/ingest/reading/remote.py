"""Object stores and other file systems to files, through fsspec."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from hk_metrics.errors import ParameterError
from hk_metrics.ingest.raw import UnreadableError
from hk_metrics.ingest.reading.kinds import SUFFIXES


def remote_files(url: str) -> Iterator[tuple[str, bytes]]:
    """Fetch a file, or the tables of a folder, of any file system that fsspec knows.

    Parameters
    ----------
    url
        ``s3://bucket/folder``, ``gs://…``, ``https://…/orders.csv``. Credentials are taken from
        where the file system's own tools take them, never from here.

    Yields
    ------
    name, bytes

    Raises
    ------
    ParameterError
        If no file system of that name is installed.
    UnreadableError
        If it cannot be reached, or there is nothing.
    """
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError) as error:
        raise ParameterError(f"cannot open {url}: {error}") from error
    try:
        paths = [path]
        if not system.isfile(path):
            paths = sorted(system.ls(path, detail=False))
        for one in paths:
            name = PurePosixPath(one.split("?")[0])
            if one == path or name.suffix.lower() in SUFFIXES:
                yield name.name, system.cat_file(one)
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:150]}"
        raise UnreadableError(
            url, "unreachable", f"it cannot be read ({reason})",
            "check the address and the rights; log in with the store's own tool first",
        ) from error  # fmt: skip
