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
from tests.names import (
    cells,
    classes_named_twice,
    lonely,
    methods_called,
    missing_names,
    named_with,
    sources,
)

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


SOURCES = sources(PACKAGE)
# Words that say nothing of what they name.
VAGUE = {
    "aside", "asides", "completed", "came", "fate", "fates", "told", "said", "stranger",
    "strangers", "odd",
}  # fmt: skip
# Names that only their module uses and that are public all the same, with the reason.
PUBLIC: dict[tuple[str, str], str] = {}
# Rooms whose names are still to be gone through.
LATER: tuple[str, ...] = ()


def _beside() -> dict[str, str]:
    """Return the code that uses the package: tests, benchmarks, examples, notebooks."""
    folders = ("tests", "benchmarks", "recipes", "examples", ".ci")
    found = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts): path.read_text("utf-8")
        for folder in folders
        for path in (PROJECT / folder).rglob("*.py")
        if path != Path(__file__)  # what is planted below is no use
    }
    return found | {path.name: cells(path) for path in PROJECT.glob("notebooks/*.ipynb")}


def _pages() -> dict[str, str]:
    """Return what names a public thing in writing: the documentation, and the entry points."""
    kinds = ("*.md", "*.toml", "docs/**/*.md", "recipes/**/*.md", "recipes/**/*.toml",
             "examples/**/*.md", "examples/**/*.toml", "Makefile", "Dockerfile")  # fmt: skip
    return {str(path): path.read_text("utf-8") for kind in kinds for path in PROJECT.glob(kind)}


BESIDE, PAGES = _beside(), _pages()


def _vague(package: dict[str, str]) -> list[str]:
    return [found for found in named_with(VAGUE, package) if not found.startswith(LATER)]


def _twice(package: dict[str, str]) -> dict[str, list[str]]:
    found = classes_named_twice(package)
    return {n: p for n, p in found.items() if not any(m.startswith(LATER) for m in p)}


def _alone(package: dict[str, str]) -> list[tuple[str, str]]:
    found = lonely(package, BESIDE, PAGES) - PUBLIC.keys()
    return sorted(one for one in found if not one[0].startswith(LATER))


def test_names_are_words_of_the_field() -> None:
    assert not _vague(SOURCES)


def test_no_public_class_is_named_twice() -> None:
    assert not _twice(SOURCES)


def test_what_only_its_module_uses_begins_with_an_underscore() -> None:
    assert not _alone(SOURCES)


def test_every_exception_is_one() -> None:
    assert PUBLIC.keys() <= lonely(SOURCES, BESIDE, PAGES)


# What is planted → what is noticed, as above.
MISNAMED = {
    "local of a vague name": ("def f():\n    what_was_said = 1\n    return what_was_said", _vague),
    "parameter of a vague name": ("def _f(told):\n    return _f(told)", _vague),
    "attribute of a vague name": ("class _A:\n    def f(self):\n        self.odd = 1", _vague),
    "loop over a vague name": ("_ONES = [fate for fate in ()]", _vague),
    "class of another's name": ("class Ledger:\n    pass", _twice),
    "constant of its module": ("MOST_ROWS = 3\n_MORE = MOST_ROWS + 1", _alone),
    "function of its module": ("def halved(x):\n    return x / 2\n\n\n_ONE = halved(2)", _alone),
    "class of its module": ("class Halved:\n    pass\n\n\n_ONE = Halved()", _alone),
}  # fmt: skip


@pytest.mark.parametrize("planted", MISNAMED)
def test_planted_name_is_noticed(planted: str) -> None:
    code, noticed = MISNAMED[planted]
    name = "hk_metrics.payouts.scope"
    assert noticed({**SOURCES, name: f"{SOURCES[name]}\n\n{code}\n"}) != noticed(SOURCES)


# Polars asks pyarrow for these, which the core and the dashboard do without.
OF_PYARROW = {"to_pandas", "from_pandas", "to_arrow", "from_arrow"}
HAVE_PYARROW = (
    "hk_metrics.ingest.reading.duckdb_file", "hk_metrics.ingest.reading.postgresql",
    "hk_metrics.ledger.executors", "hk_metrics.ledger.spark",
)  # fmt: skip


def _of_pyarrow(package: dict[str, str]) -> list[str]:
    return [n for n, code in package.items()
            if n not in HAVE_PYARROW and methods_called(code, OF_PYARROW)]  # fmt: skip


def test_frames_change_their_library_at_the_doors() -> None:
    assert not _of_pyarrow(SOURCES)
    assert _of_pyarrow({"hk_metrics.planted": "def _f(rows):\n    return rows.to_pandas()"})


def test_module_of_a_vague_name_is_noticed() -> None:
    assert _vague({**SOURCES, "hk_metrics.payouts.completed": ""}) != _vague(SOURCES)


@pytest.mark.parametrize("use", [
    "from hk_metrics.payouts.scope import MOST_ROWS",
    "from hk_metrics.payouts import scope\nprint(scope.MOST_ROWS)",
    "import hk_metrics.payouts.scope\nprint(hk_metrics.payouts.scope.MOST_ROWS)",
    "changed.setattr('hk_metrics.payouts.scope.MOST_ROWS', 1)",
])  # fmt: skip
def test_what_another_module_uses_is_public(use: str) -> None:
    name = "hk_metrics.payouts.scope"
    planted = {**SOURCES, name: f"{SOURCES[name]}\n\nMOST_ROWS = 3\n"}
    assert (name, "MOST_ROWS") in lonely(planted, BESIDE, PAGES)
    assert (name, "MOST_ROWS") not in lonely(planted, {**BESIDE, "tests.one": use}, PAGES)


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


# The customer's folders, and beside them what tools look for there.
TOP = {
    "hk_metrics", "notebooks", "data", "tests", "environment.yml", "README.md",
    ".ci", ".dockerignore", ".gitignore", ".pre-commit-config.yaml", "ARCHITECTURE.md",
    "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile", "benchmarks",
    "constraints.txt", "deno.json", "docs", "examples", "pyproject.toml", "recipes",
}  # fmt: skip


def test_project_holds_at_its_top_only_what_belongs_there() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {name.partition("/")[0] for name in listed} == TOP


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


# What is run by hand, and so would tell long after that a name it uses is gone.
RUN_BY_HAND = ("benchmarks", "recipes", "examples", "docs", ".ci")


@pytest.mark.parametrize("folder", RUN_BY_HAND)
def test_what_is_run_by_hand_uses_names_that_there_are(folder: str) -> None:
    files = sorted((PROJECT / folder).rglob("*.py"))
    assert files
    assert [line for path in files for line in missing_names(path)] == []


def test_a_name_that_is_gone_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(
        "import hk_metrics as hk\nfrom hk_metrics.ledger import Leger\nhk.laod, hk.load\n"
    )
    told = missing_names(tmp_path / "old.py")
    assert [line.split(": ")[1] for line in told] == ["hk_metrics.ledger.Leger", "hk.laod"]
