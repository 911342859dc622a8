"""Write the documents' generated parts from code and results: python -m benchmarks.readme [--check]."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.trust import trust
from hk_metrics.cli import main
from hk_metrics.metrics import METRICS, Measure, Ratio
from hk_metrics.schemas import TABLES
from hk_metrics.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
UNITS = {"money": "money", "count": "count", "percent": "%", "times": "×"}


def metrics_table() -> str:
    lines = ["| metric | name in code | formula | unit | note |", "|---|---|---|---|---|"]
    for metric in METRICS.values():
        kind = "" if isinstance(metric, (Measure, Ratio)) else "distinct users; "
        note = (kind + metric.note).strip("; ")
        cells = (metric.label, f"`{metric.name}`", metric.formula, UNITS[metric.unit], note)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def tables() -> str:
    lines: list[str] = []
    for table in TABLES.values():
        lines += [
            f"## `{table.name}`",
            "",
            "| column | kind | needed | refers to |",
            "|---|---|---|---|",
        ]
        for column in table.columns:
            refers = ".".join(table.references.get(column.name, ()))
            needed = "yes" if column.required else ""
            lines.append(f"| `{column.name}` | {column.kind} | {needed} | {refers} |")
        lines.append("")
    return "\n".join(lines)


def settings_table() -> str:
    lines = ["| setting | variable | by default | |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        usual = field.get_default()
        told = f"`{usual}`" if isinstance(usual, str | int | float) else ""
        words = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{name}` | `HK_METRICS_{name.upper()}` | {told} | {words} |")
    return "\n".join(lines)


def commands() -> str:
    def told(command: click.Command, path: str) -> list[str]:
        if isinstance(command, click.Group):
            return [line for n, c in command.commands.items() for line in told(c, f"{path} {n}")]
        with click.Context(command, info_name=path, terminal_width=88) as context:
            return [f"## `{path}`", "", "```text", command.get_help(context), "```", ""]

    return "\n".join(told(main, "hk-metrics"))


PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "metrics": ("docs/reference/metrics.md", metrics_table),
    "tables": ("docs/reference/tables.md", tables),
    "settings": ("docs/reference/settings.md", settings_table),
    "commands": ("docs/reference/commands.md", commands),
    "trust": ("docs/explanation/trust.md", trust),
}


def written(text: str, name: str, part: str) -> str:
    """A page's text with its generated part as the code has it now."""
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"no page has a part between <!-- {name}: … --> and its end")
    return pattern.sub(lambda m: f"{m[1]}{part}\n{m[2]}", text)


def write() -> None:
    for name, (page, part) in PARTS.items():
        path = PROJECT / page
        before = path.read_text(encoding="utf-8")
        after = written(before, name, part())
        if "--check" in sys.argv and before != after:
            sys.exit(f"{page} is behind the code: run make readme")
        path.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    write()
