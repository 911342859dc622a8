"""Write the README's generated parts from code and results: python -m benchmarks.readme [--check]."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.trust import trust
from hk_metrics.metrics import METRICS, Measure, Ratio
from hk_metrics.schemas import TABLES

README = Path(__file__).resolve().parent.parent / "README.md"
UNITS = {"money": "money", "count": "count", "percent": "%", "times": "×"}


def metrics_table() -> str:
    lines = ["| metric | name in code | formula | unit | note |", "|---|---|---|---|---|"]
    for metric in METRICS.values():
        kind = "" if isinstance(metric, (Measure, Ratio)) else "distinct users; "
        note = (kind + metric.note).strip("; ")
        cells = (metric.label, f"`{metric.name}`", metric.formula, UNITS[metric.unit], note)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def er_diagram() -> str:
    lines = ["```mermaid", "erDiagram"]
    for table in TABLES.values():
        for column, (other, key) in table.references.items():
            lines.append(f'    {other} ||--o{{ {table.name} : "{key} = {column}"')
    for table in TABLES.values():
        lines.append(f"    {table.name} {{")
        for column in table.columns:
            optional = "" if column.required else ' "optional"'
            lines.append(f"        {column.kind} {column.name}{optional}")
        lines.append("    }")
    return "\n".join([*lines, "```"])


PARTS: dict[str, Callable[[], str]] = {
    "metrics": metrics_table,
    "tables": er_diagram,
    "trust": trust,
}


def written(text: str) -> str:
    """The README's text with every generated part as the code has it now."""
    for name, part in PARTS.items():
        pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"README.md has no part between <!-- {name}: … --> and its end")
        text = pattern.sub(lambda m, part=part: f"{m[1]}{part()}\n{m[2]}", text)
    return text


def main() -> None:
    before = README.read_text(encoding="utf-8")
    after = written(before)
    if "--check" in sys.argv:
        sys.exit(before != after and "README.md is behind the code: run make readme")
    README.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
