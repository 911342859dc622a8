"""JSON to cells: a list of records, records by table, or one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from hk_metrics.ingest.raw import RawTable, UnreadableError, from_frame
from hk_metrics.ingest.reading.encoding import as_utf8, detect_encoding
from hk_metrics.ingest.reading.limits import check_cells

if TYPE_CHECKING:
    from hk_metrics.ingest.raw import Content
    from hk_metrics.settings import Settings


def read_json(content: Content, file: str, settings: Settings) -> list[RawTable]:
    """Read records; an object of lists holds one table a key.

    Raises
    ------
    UnreadableError
        If it is not JSON, or holds no records.
    """
    data = content.read_bytes() if isinstance(content, Path) else content
    text = as_utf8(data, detect_encoding(data[:4096]))[0].decode()
    parsed = _parsed(text, file)
    name, size = PurePath(file).stem, len(data)
    if is_records(parsed):
        return [read_records(parsed, file, name, settings, size)]
    found = dict(_lists(parsed))
    if len(found) == 1:
        return [read_records(rows, file, name, settings, size) for rows in found.values()]
    if found:
        return [read_records(rows, f"{file} › {k}", k, settings, size) for k, rows in found.items()]
    raise UnreadableError(
        file, "not_a_table", "this JSON holds no list of records",
        'give a list like [{"influencer_id": "7", …}, …]',
    )  # fmt: skip


def _lists(value: Any, depth: int = 3) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the lists of records in an object by their keys, however deep an export wraps them."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        if is_records(inner):
            yield key, inner
        elif depth:
            yield from _lists(inner, depth - 1)


def is_records(value: Any) -> bool:
    """Whether a value is a list of records, and not an empty one."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _parsed(text: str, file: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        first = error
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        place = f"line {first.lineno}" if isinstance(first, json.JSONDecodeError) else "too deep"
        raise UnreadableError(
            file, "not_a_table", f"this is not valid JSON ({place}: {str(first)[:80]})",
            "export it again",
        ) from first  # fmt: skip


def read_records(
    records: list[dict[str, Any]], file: str, name: str, settings: Settings, size: int
) -> RawTable:
    """Take records as cells of text; fields that some lack are empty there.

    Parameters
    ----------
    records, file, name, settings
        What they are, what to call them, and limits.
    size
        Bytes of the file that holds them.

    Raises
    ------
    UnreadableError
        If there are too many rows or columns, or far more empty cells than the file has bytes.
    """
    import polars as pl

    flat = [_flat(record) for record in records]
    headers = list(dict.fromkeys(key for record in flat for key in record))
    check_cells(len(flat), len(headers), size, file, settings)
    columns = {h: [_text(record.get(h)) for record in flat] for h in headers}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(headers, pl.String))
    return from_frame(frame, file, name)


def _flat(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Name the fields of nested records ``outer.inner``."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and prefix.count(".") < 4:
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _text(value: Any) -> str | None:
    """Write a value as the text that a CSV would hold; floats keep every digit."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else (
        str(value).lower() if isinstance(value, bool) else repr(value)
    )  # fmt: skip
