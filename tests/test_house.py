"""The house: imports run downward, importing is light, the environment files agree."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.imports import arrows_up, circle, imports, rooms

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "hk_metrics"
ORDERED = ("hk_metrics", "hk_metrics/ingest", "hk_metrics/ui", "hk_metrics/report")

ARCHITECTURE = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
GRAPH = imports(PACKAGE)
FOLDERS = sorted({name.rpartition(".")[0] for name in GRAPH} - {""})


def _order(folder: str) -> list[str]:
    """Return the rooms of a folder, the lowest first, as ARCHITECTURE.md lists them."""
    block = re.search(rf"^`{folder}/`.*?\n```\n(.*?)```", ARCHITECTURE, re.MULTILINE | re.DOTALL)
    assert block, f"ARCHITECTURE.md has no order of {folder}/"
    return re.findall(r"^(?:\d+\. )?(\w+)", block[1], re.MULTILINE)


def _package(folder: str) -> str:
    return folder.replace("/", ".")


def test_no_import_runs_in_a_circle() -> None:
    assert sum(map(len, GRAPH.values())) > 1000, "too few imports were found to believe it"
    assert not circle(GRAPH)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_holds_a_circle_of_folders(folder: str) -> None:
    assert not circle(rooms(GRAPH, folder))


@pytest.mark.parametrize("folder", ORDERED)
def test_imports_run_downward(folder: str) -> None:
    assert not arrows_up(GRAPH, _package(folder), _order(folder))


def test_every_room_of_the_house_has_its_place() -> None:
    named = [room.removeprefix("hk_metrics.") for room in rooms(GRAPH, "hk_metrics")]
    assert sorted(_order("hk_metrics")) == sorted(named), "ARCHITECTURE.md and the code differ"


@pytest.mark.parametrize("folder", ORDERED[1:])
def test_every_sub_folder_has_its_place(folder: str) -> None:
    there = {p.name for p in (PROJECT / folder).iterdir() if (p / "__init__.py").is_file()}
    assert there == set(_order(folder)), "ARCHITECTURE.md and the code differ"


# What is planted → what is noticed; each runs over a copy of the house.
PLANTED = {
    "circle": ("ledger/spend.py", "from hk_metrics.ledger import Ledger", circle),
    "circle in a function": ("ledger/spend.py", "def f():\n    import hk_metrics.ledger", circle),
    "circle of relative imports": ("payouts/scope.py", "from . import activity", circle),
    "arrow up": (
        "payouts/scope.py", "from hk_metrics.report import delivery",
        lambda graph: arrows_up(graph, "hk_metrics", _order("hk_metrics")),
    ),
    "arrow up in a function of a sub-folder": (
        "ingest/values/dates.py", "def f():\n    from hk_metrics.ingest.reading import text",
        lambda graph: arrows_up(graph, "hk_metrics.ingest", _order("hk_metrics/ingest")),
    ),
    "circle of folders": (
        "ui/parts/words.py", "from hk_metrics.ui.pages import skill",
        lambda graph: circle(rooms(graph, "hk_metrics.ui")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_import_is_noticed(planted: str, tmp_path: Path) -> None:
    file, code, noticed = PLANTED[planted]
    copy = shutil.copytree(PACKAGE, tmp_path / "hk_metrics", ignore=_all_but_code)
    assert not noticed(GRAPH)
    with (copy / file).open("a", encoding="utf-8") as module:
        module.write(f"\n\n{code}\n")
    assert noticed(imports(copy))


def test_imports_for_types_alone_are_none(tmp_path: Path) -> None:
    copy = shutil.copytree(PACKAGE, tmp_path / "hk_metrics", ignore=_all_but_code)
    with (copy / "ledger/spend.py").open("a", encoding="utf-8") as module:
        module.write("\n\nif TYPE_CHECKING:\n    from hk_metrics.ledger import Ledger\n")
    assert not circle(imports(copy))


def _all_but_code(folder: str, names: list[str]) -> set[str]:
    return {n for n in names if not n.endswith(".py") and not (Path(folder) / n).is_dir()}


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


def test_documents_are_in_step_with_the_code() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.readme", "--check"],
        cwd=PROJECT, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


DOCUMENTS = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *(PROJECT / "docs").rglob("*.md")]
WORDS = "\n".join(p.read_text(encoding="utf-8") for p in DOCUMENTS)


def test_documents_name_only_files_that_exist() -> None:
    named = re.findall(r"`((?:hk_metrics|benchmarks|tests|notebooks|recipes)/[\w./-]*)`", WORDS)
    pictures = re.findall(r"\]\(((?:benchmarks|notebooks)/[^)]+)\)", WORDS)
    assert len(named) > 20
    assert len(pictures) >= 4
    assert not [name for name in [*named, *pictures] if not (PROJECT / name).exists()]


def test_documents_name_only_targets_that_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    named = set(re.findall(r"`make ([a-z]+)", WORDS))
    assert len(named) > 5
    assert not [t for t in named if not re.search(rf"^{t}:", makefile, re.MULTILINE)]


def test_readme_is_short() -> None:
    assert len((PROJECT / "README.md").read_text().splitlines()) < 120
