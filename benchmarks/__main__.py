"""Print every figure: python -m benchmarks [--quick] [PART …]."""

from __future__ import annotations

import argparse
from importlib import import_module

from benchmarks.table import show

PARTS = ("views", "bench_import", "dashboard", "attribution", "reports", "steps_of_import")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="PART")
    parser.add_argument("--quick", action="store_true", help="nothing beyond a million rows")
    chosen = parser.parse_args()
    modules = [import_module(f"benchmarks.{part}") for part in chosen.parts]
    show(row for module in modules for row in module.run(chosen.quick))


if __name__ == "__main__":
    main()
