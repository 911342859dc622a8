"""Every notebook keeps the rules of the house, and runs."""

from __future__ import annotations

import ast
import base64
import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from hk_metrics import browser

PLOTLY = "application/vnd.plotly.v1+json"
FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LINES = 40
TEACHING = {"explore", "own_data", "experiments"}
FORBIDDEN = ("group_by(", "groupby(", "merge(", ".join(on", "select * ")


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return [c for c in content["cells"] if c["cell_type"] == kind]


@pytest.fixture(params=NOTEBOOKS, ids=lambda p: p.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_the_notebooks_are_there() -> None:
    assert {p.stem for p in NOTEBOOKS} == {
        "dashboard", "report", "explore", "own_data", "experiments", "generate_data",
    }  # fmt: skip


def test_notebook_begins_with_a_title(notebook: Path) -> None:
    first = json.loads(notebook.read_text())["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "".join(first["source"]).startswith("# ")


def test_notebook_declares_its_parameters(notebook: Path) -> None:
    tagged = [c for c in cells(notebook, "code") if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    for line in "".join(tagged[0]["source"]).strip().splitlines():
        if line.startswith(("from ", "import ")) or not line.strip():
            continue
        statement = ast.parse(line).body[0]
        assert isinstance(statement, ast.AnnAssign), f"no type: {line}"
        assert "#" in line, f"no help: {line}"
        assert "|" not in ast.unparse(statement.annotation), f"papermill cannot read {line}"


def test_notebook_has_no_outputs(notebook: Path) -> None:
    for cell in cells(notebook, "code"):
        assert not cell["outputs"]
        assert cell["execution_count"] is None


def test_notebook_is_thin(notebook: Path) -> None:
    source = "\n".join("".join(c["source"]) for c in cells(notebook, "code"))
    lines = [line for line in source.splitlines() if line.strip() and line.strip()[0] != "#"]
    assert len(lines) <= LINES
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    assert not [n for n in ast.walk(ast.parse(source)) if isinstance(n, kinds)]
    assert not [word for word in FORBIDDEN if word in source]


def test_notebook_runs(notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import papermill

    monkeypatch.setenv("HK_METRICS_STORE", str(tmp_path / "store"))
    parameters = {"folder": str(tmp_path / "out")} if notebook.stem == "generate_data" else {}
    executed = tmp_path / notebook.name
    papermill.execute_notebook(
        notebook, executed, parameters, cwd=tmp_path, progress_bar=False, kernel_name="python3"
    )
    text = executed.read_text(encoding="utf-8")
    assert '"output_type": "error"' not in text
    outputs = [o for c in cells(executed, "code") for o in c["outputs"]]
    assert not [line for o in outputs if o.get("name") == "stderr" for line in o["text"]]
    assert any(str(text).strip() for text in _first(outputs)), "the first output is empty"
    if notebook.stem in TEACHING:
        _reads_well(outputs)
    if notebook.stem in {*TEACHING, "report"} and browser.executable():
        _shows_pictures(executed, outputs)


def _first(outputs: list[dict[str, Any]]) -> list[Any]:
    return [*outputs[0].get("data", {}).values(), outputs[0].get("text", "")]


def _shows_pictures(executed: Path, outputs: list[dict[str, Any]]) -> None:
    """What opens an executed notebook elsewhere shows each figure, though it draws none."""
    from nbconvert import HTMLExporter

    figures = [o["data"] for o in outputs if PLOTLY in o.get("data", {})]
    pictures = [base64.b64decode("".join(data.get("image/png", ""))) for data in figures]
    assert figures and all(p.startswith(b"\x89PNG") and len(p) > 5_000 for p in pictures)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page, _ = HTMLExporter(embed_images=True).from_filename(str(executed))
    assert page.count('src="data:image/png;base64,') == len(figures)


def _reads_well(outputs: list[dict[str, Any]]) -> None:
    """Charts are drawn, nothing warns, and no number is written as 1e+07."""
    shown = [o["data"] for o in outputs if "data" in o]
    assert any(PLOTLY in data for data in shown)
    words = [d.get("text/html", d.get("text/plain", "")) for d in shown
             if PLOTLY not in d]  # fmt: skip
    printed = [o["text"] for o in outputs if o.get("name") == "stdout"]
    for text in map("".join, [*words, *printed]):
        assert not re.search(r"\de[+-]\d\d", text), text[:400]
