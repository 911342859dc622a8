"""What is imported is declared, what is declared is used, and versions hold at both ends."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import PROJECT

DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
EXTRAS = {
    name: [Requirement(text) for text in texts]
    for name, texts in DECLARED["optional-dependencies"].items()
}
CORE = [Requirement(text) for text in DECLARED["dependencies"]]
# What nobody needs who only uses it: what builds and tests, and the peers of `make validate`.
BUILDS = ("dev", "validate")
PRODUCT = [*CORE, *(r for name, group in EXTRAS.items() if name not in BUILDS for r in group)]
EVERY = [*PRODUCT, *(r for name in BUILDS for r in EXTRAS[name])]
# Used without an import: by whom.
UNIMPORTED = {
    "basedpyright": "tests/test_typing.py, which runs it",
    "furo": "docs/conf.py, by name",
    "myst-parser": "docs/conf.py, by name",
    "sphinx": "make docs",
    "causal-marketing": "benchmarks/validate_geolift.py, which `make validate` installs it for",
    "deno": "make lint",
    "ipykernel": "the kernels of dashboard and report",
    "jupyterlab": "make lab",
    "mypy": "make lint",
    "notebook": "tests/browser/doors.py, which starts it",
    "nbstripout": ".pre-commit-config.yaml",
    "pandas-stubs": "mypy",
    "pre-commit": ".pre-commit-config.yaml",
    "pytest-timeout": "make lowest",
    "pytest-xdist": "make test",
    "ruff": "make lint",
    "uv": "make lowest",
}
# What uses other people's private interfaces, which change without notice.
BOUNDED = ("voila", "plotly", "anywidget", "jupyter-server", "ipywidgets", "papermill")
FOREIGN = {
    "airflow",
    "causal_marketing",
    "jupyter_scheduler",
}  # of environments that are not that of the tests


def _names(requirements: list[Requirement]) -> set[str]:
    return {canonicalize_name(r.name) for r in requirements}


def _imported(*folders: str) -> dict[str, set[str]]:
    """Distributions that the files of some folders import, anywhere in a file: by which."""
    homes = packages_distributions()
    found: dict[str, set[str]] = {}
    for path in (p for folder in folders for p in (PROJECT / folder).rglob("*.py")):
        for module in _modules(ast.parse(path.read_text(encoding="utf-8"))):
            top = module.split(".")[0]
            ours = (PROJECT / top).is_dir() or path.with_name(f"{top}.py").is_file()
            if top in sys.stdlib_module_names or ours or top in FOREIGN:
                continue
            for home in homes.get(top, [top]):
                found.setdefault(canonicalize_name(home), set()).add(str(path))
    return found


def _modules(tree: ast.Module) -> set[str]:
    nodes = list(ast.walk(tree))
    plain = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
    return plain | {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}


def test_what_the_product_imports_is_declared() -> None:
    undeclared = _imported("hk_metrics").keys() - _names(PRODUCT)
    assert not undeclared, {name: _imported("hk_metrics")[name] for name in undeclared}


def test_what_tests_and_benchmarks_import_is_declared() -> None:
    found = _imported("tests", "benchmarks", "recipes", ".ci")
    assert not found.keys() - _names(EVERY), {n: found[n] for n in found.keys() - _names(EVERY)}


def test_what_is_declared_is_used() -> None:
    used = _imported("hk_metrics").keys() | UNIMPORTED.keys()
    assert _names(PRODUCT) <= used
    everywhere = used | _imported("tests", "benchmarks").keys()
    assert _names(EVERY) <= everywhere
    assert UNIMPORTED.keys() <= _names(EVERY)


@pytest.mark.parametrize("name", BOUNDED)
def test_private_interfaces_have_an_upper_bound(name: str) -> None:
    found = [r for r in PRODUCT if canonicalize_name(r.name) == name]
    assert found
    for requirement in found:
        assert {s.operator for s in requirement.specifier} == {">=", "<"}, requirement


def test_a_package_has_one_bound_wherever_it_is_declared() -> None:
    bounds: dict[str, set[str]] = {}
    for requirement in EVERY:
        bounds.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement))
    assert not [texts for texts in bounds.values() if len(texts) > 1]
    assert all(any(s.operator == ">=" for s in r.specifier) for r in EVERY)


def _constrained() -> list[Requirement]:
    lines = (PROJECT / "constraints.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


def test_constraints_are_names_and_versions_within_the_bounds() -> None:
    assert all(
        r.url is None and re.fullmatch(r"==[\w.+!]+", str(r.specifier)) for r in _constrained()
    )
    pinned = {
        r.name: str(r.specifier)[2:] for r in _constrained() if not r.marker or r.marker.evaluate()
    }
    for requirement in EVERY:
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} has no line in constraints.txt: make constraints"
        assert requirement.specifier.contains(version), requirement
