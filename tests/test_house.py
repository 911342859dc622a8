"""The house: imports run downward, importing is light, the environment files agree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "hk_metrics"

# Top to bottom as in the design; a module may import what stands before it, or its own folder.
LAYERS = (
    "startup", "errors", "extras", "places", "interchange", "access", "settings", "wording",
    "formatting", "quality", "schemas", "platforms",
    "metrics", "ledger", "view", "arguments", "figures", "present", "simulate", "attribution", "ranking",
    "incrementality", "experiments", "planning", "signals", "dataset", "store", "ingest", "payouts", "posts",
    "insights",
    "report", "ui", "cli", "__main__",
)  # fmt: skip


def _imports(path: Path) -> set[str]:
    """Names of the layers that a file imports when it is loaded, not merely for types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    typing_only: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            typing_only.update(ast.walk(node))
    for node in tree.body:
        for child in (
            ast.walk(node) if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) else []
        ):
            if child in typing_only:
                continue
            if isinstance(child, ast.ImportFrom) and (child.module or "").startswith("hk_metrics."):
                names.add((child.module or "").split(".")[1])
            if isinstance(child, ast.Import):
                names |= {a.name.split(".")[1] for a in child.names if "hk_metrics." in a.name}
    return names


def _layer(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_downward(path: Path) -> None:
    layer = _layer(path)
    assert layer in LAYERS, f"{layer} has no place in the layers of tests/test_house.py"
    above = {n for n in _imports(path) if n != layer and LAYERS.index(n) > LAYERS.index(layer)}
    assert not above, f"{path.name} imports {above}, which stand above it"


def test_import_is_light() -> None:
    heavy = ["ipywidgets", "plotly", "pandera", "scipy", "papermill", "faker"]
    code = (
        "import sys, hk_metrics; "
        f"print([m for m in {heavy!r} if m in sys.modules], "
        "[m for m in sys.modules if m.startswith('hk_metrics.ui')])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "[] []", result.stderr


def _bounds(requirements: list[str]) -> dict[str, str]:
    pairs = [re.match(r"([A-Za-z0-9_.-]+)(?:\[.*\])?>=(\S+)", r) for r in requirements]
    return {m[1].lower(): m[2] for m in pairs if m}


def test_environment_yml_is_in_step_with_pyproject() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    wanted = _bounds(project["dependencies"])
    for group in project["optional-dependencies"].values():
        wanted |= _bounds(group)
    text = (PROJECT / "environment.yml").read_text()
    listed = _bounds([line.strip().removeprefix("- ") for line in text.splitlines()])
    listed.pop("python", None)
    assert listed == wanted


def test_every_dependency_has_a_lower_bound() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirements in groups:
        assert len(_bounds(requirements)) == len(requirements)


def test_project_names_no_machine_and_no_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    pattern = re.compile(r"/root/|https?://[^ ]*/(simple|packages)/|pypi\.org|files\.pythonhosted")
    found = []
    for name in listed:
        path = PROJECT / name
        if path.suffix in {".png", ".ico"} or path == Path(__file__) or not path.is_file():
            continue
        if pattern.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(name)
    assert not found


def test_readme_is_in_step_with_the_code() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.readme", "--check"],
        cwd=PROJECT, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def test_readme_names_only_files_that_exist() -> None:
    text = (PROJECT / "README.md").read_text()
    named = re.findall(r"`((?:hk_metrics|benchmarks|tests|notebooks)/[\w./-]*)`", text)
    pictures = re.findall(r"\]\(((?:benchmarks|notebooks)/[^)]+)\)", text)
    assert len(named) > 20
    assert not [name for name in [*named, *pictures] if not (PROJECT / name).exists()]


def test_readme_names_only_targets_that_exist() -> None:
    text = (PROJECT / "README.md").read_text()
    makefile = (PROJECT / "Makefile").read_text()
    named = set(re.findall(r"make ([a-z]+)", text)) - {"dashboard"} | {"dashboard"}
    assert not [t for t in named if not re.search(rf"^{t}:", makefile, re.MULTILINE)]
