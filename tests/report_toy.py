"""A small report for tests: a notebook without data, and a reports.toml around it."""

from __future__ import annotations

from pathlib import Path

import nbformat

PARAMETERS = """from datetime import date
from typing import Optional

from hk_metrics.report.kinds import Period

words: str = "hello"  # what to say
period: Period = "all"  # which days
start: Optional[date] = None  # first day
end: Optional[date] = None  # last day"""

SHOW = """import pandas as pd
import plotly.graph_objects as go
from IPython.display import display
from hk_metrics.present import Table

frame = pd.DataFrame({"name": ["=1+1", "Bo"], "profit": [-12.5, 0.1 + 0.2]})
figure = go.Figure(go.Bar(x=["a", "b"], y=[1, 2])).update_layout(title="Toy bars")
display(Table("Toy table", frame, {"profit": "money"}), figure)"""

FACTS = """display({"application/vnd.hk-metrics.letter+json": {
    "subject": f"Toy: {words}", "headline": f"Toy says {words}", "compared": True,
    "sentences": ["Bo earned <little>.", "Asha earned more."],
    "kpis": [{"label": "Revenue", "value": "₹9.94 L", "previous": "₹9.69 L", "change": "+2.6%",
              "tone": "good"}]}, "text/plain": ""}, raw=True)"""


def write_notebook(
    folder: Path, *code: str, name: str = "toy", parameters: str = PARAMETERS
) -> Path:
    """Write a notebook with the toy's parameters and these cells."""
    new = nbformat.v4
    cells = [
        new.new_markdown_cell("# Toy", metadata={"tags": ["notebook-only"]}),
        new.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *(new.new_code_cell(source) for source in code or (SHOW, FACTS)),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / f"{name}.ipynb"
    nbformat.write(new.new_notebook(cells=cells, metadata=kernel), path)
    return path


def write_config(folder: Path, deliveries: str = "", **fields: object) -> Path:
    """Write a reports.toml with the one report ``toy``; values are TOML."""
    settings = {"notebook": '"toy.ipynb"', "formats": '["html", "csv"]', **fields}
    lines = "\n".join(f"{name} = {value}" for name, value in settings.items())
    path = folder / "reports.toml"
    path.write_text(
        'root = "runs"\ntimezone = "Asia/Kolkata"\n'
        "[patience]\nattempts = 3\nfirst_pause_seconds = 0.05\nlongest_pause_seconds = 0.1\n"
        f"{deliveries}\n[reports.toy]\n{lines}\n",
        encoding="utf-8",
    )
    return path


def part_files(folder: Path) -> list[Path]:
    """Everything below a folder that is only half written."""
    return [p for p in folder.rglob("*") if p.name.startswith(".part-")]
