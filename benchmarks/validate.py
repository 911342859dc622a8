"""Hold every estimate to a known truth: python -m benchmarks.validate [--quick] [PART …]."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Mapping
from importlib import import_module
from itertools import groupby
from typing import Any

import numpy as np

PARTS = ("lift", "attribution", "ranking")
Row = Mapping[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), choices=PARTS, metavar="PART")
    parser.add_argument("--quick", action="store_true", help="a slice, in seconds")
    chosen = parser.parse_args()
    begin = time.perf_counter()
    missed = 0
    for part in chosen.parts:
        rows = import_module(f"benchmarks.validate_{part}").run(chosen.quick)
        for name, table in groupby(rows, key=lambda row: row["table"]):
            found = list(table)
            missed += sum(row.get("holds") in (False,) for row in found)
            show(name, found)
    minutes = (time.perf_counter() - begin) / 60
    print(f"\n{missed} rows miss their bound; {minutes:.1f} minutes.")


def show(name: str, rows: Iterable[Row]) -> None:
    """Print rows as one aligned Markdown table."""
    dicts = [{k: v for k, v in row.items() if k != "table"} for row in rows]
    heads = list(dict.fromkeys(k for row in dicts for k in row))
    cells = [[text(row.get(h, "")) for h in heads] for row in dicts]
    width = [max(len(h), *(len(c[n]) for c in cells)) for n, h in enumerate(heads)]
    print(f"\n### {name}\n")
    for line in (heads, ["-" * w for w in width], *cells):
        print(
            "| " + " | ".join(c.ljust(w) for c, w in zip(line, width, strict=True)) + " |",
            flush=True,
        )


def text(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "NO"
    if value is None or value != value:
        return "—"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
