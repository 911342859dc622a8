"""Hold every estimate to a known truth: python -m benchmarks.validate [--quick] [PART …].

Ends with 1 where a bound is missed: where the figure lies outside by more than two of its standard
errors.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

PARTS = (
    "lift", "guards", "controls", "datasets", "attribution", "ranking", "experiments", "geolift",
    "drivers", "forecasts", "actions", "monday", "money", "customers", "matured", "fees", "leaks",
)  # fmt: skip
RESULTS = Path(__file__).resolve().parent / "results"
Row = Mapping[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="a slice, in seconds; keeps nothing")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    begin, missed = time.perf_counter(), 0
    for part in chosen.parts or PARTS:
        started, rows = time.process_time(), []
        found = import_module(f"benchmarks.validate_{part}").run(chosen.quick)
        for name, table in groupby(found, key=lambda row: row["table"]):
            rows += (several := list(table))
            show(name, several)
        missed += len(misses(rows))
        if not chosen.quick:
            keep(part, rows, (time.process_time() - started) / 60)
    minutes = (time.perf_counter() - begin) / 60
    spent = time.process_time() / 60
    print(
        f"\n{missed} rows miss their bound; {minutes:.1f} minutes, {spent:.1f} of the processor's."
    )
    # A slice is too small for the bounds of the full run.
    return 0 if chosen.quick else min(missed, 1)


def misses(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that miss their bound; a row without a bound misses none."""
    return [row for row in rows if not row.get("holds", True)]


def keep(part: str, rows: list[Row], minutes: float) -> None:
    """Write the rows of a full run where `benchmarks.readme` finds them."""
    RESULTS.mkdir(exist_ok=True)
    result = {"date": f"{date.today()}", "cpu_minutes": round(minutes, 1), "rows": rows}
    text = json.dumps(result, indent=1, ensure_ascii=False, default=lambda value: value.item())
    (RESULTS / f"{part}.json").write_text(text + "\n", encoding="utf-8")


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
    sys.exit(main())
