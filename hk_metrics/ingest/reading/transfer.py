"""Values between processes: JSON and Arrow files of known kinds, nothing that could run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


def packed(value: Any, folder: Path) -> Any:
    """Return a value as plain data for JSON; the cells of its tables go to files of a folder.

    Parameters
    ----------
    value
        Words, numbers, tables, records (dataclasses), and lists, sets and maps of these.
    folder
        Where the files go; each gets the next number.

    Raises
    ------
    TypeError
        For any other kind of value.
    """
    import polars as pl

    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, pl.DataFrame):
        return {"frame": _written(value, folder)}
    if is_dataclass(value):
        facts = {f.name: packed(getattr(value, f.name), folder) for f in fields(value)}
        return {"kind": type(value).__name__, "fields": facts}
    if isinstance(value, Mapping):
        return {"map": [[packed(k, folder), packed(v, folder)] for k, v in value.items()]}
    if isinstance(value, frozenset | set):
        return {"set": [packed(v, folder) for v in value]}
    if isinstance(value, Sequence):
        return [packed(v, folder) for v in value]
    raise TypeError(f"a {type(value).__name__} does not go to another process")


def unpacked(plain: Any, folder: Path, kinds: Mapping[str, type]) -> Any:
    """Return the value that `packed` was given in another process.

    Parameters
    ----------
    plain
        What it returned.
    folder
        Where the files are.
    kinds
        The records that may be among it, by name.

    Raises
    ------
    KeyError
        For a record of another kind.
    """
    if isinstance(plain, list):
        return tuple(unpacked(v, folder, kinds) for v in plain)
    if not isinstance(plain, dict):
        return plain
    if "frame" in plain:
        return _read(folder / f"{int(plain['frame'])}.arrow")
    if "map" in plain:
        return {unpacked(k, folder, kinds): unpacked(v, folder, kinds) for k, v in plain["map"]}
    if "set" in plain:
        return frozenset(unpacked(v, folder, kinds) for v in plain["set"])
    facts = {name: unpacked(v, folder, kinds) for name, v in plain["fields"].items()}
    return kinds[plain["kind"]](**facts)


def _written(frame: pl.DataFrame, folder: Path) -> int:
    number = len(list(folder.glob("*.arrow")))
    frame.write_ipc(folder / f"{number}.arrow", compression="uncompressed")
    return number


def _read(path: Path) -> pl.DataFrame:
    import polars as pl

    return pl.read_ipc(path)
