"""Who imports whom within the package, inside functions included, for types alone not."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

Graph = Mapping[str, frozenset[str]]


def modules(package: Path) -> dict[str, Path]:
    """Return dotted name → file of every module, a folder's ``__init__`` under the folder's."""
    root = package.parent
    named = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def imports(package: Path) -> Graph:
    """Return module → the modules that it imports, at its top or inside its functions."""
    known = modules(package)
    return {name: _of(path, name, known) for name, path in known.items()}


def _of(path: Path, name: str, known: Mapping[str, Path]) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {_nearest(alias.name, known) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path, name)
            found |= {_nearest(f"{base}.{alias.name}", known) for alias in node.names}
    return frozenset(module for module in found if module and module != name)


def _absolute(node: ast.ImportFrom, path: Path, name: str) -> str:
    """Return the dotted name that an import starts from."""
    if not node.level:
        return node.module or ""
    above = node.level - (path.name == "__init__.py")
    parts = name.split(".")[: len(name.split(".")) - above]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _nearest(dotted: str, known: Mapping[str, Path]) -> str | None:
    """Return the module that a dotted name is, or that it is a name in."""
    parts = dotted.split(".")
    for length in (len(parts), len(parts) - 1):
        if (module := ".".join(parts[:length])) in known:
            return module
    return None


def circle(graph: Graph) -> list[str]:
    """Return the modules of an import circle; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def rooms(graph: Graph, folder: str) -> Graph:
    """Return who imports whom among what a folder holds: its modules and its sub-folders.

    An import of a module deep in a sub-folder is one of that sub-folder.
    """
    depth = folder.count(".") + 2
    inside = f"{folder}."
    found: dict[str, set[str]] = {}
    for module, used in graph.items():
        if not module.startswith(inside):
            continue
        mine = ".".join(module.split(".")[:depth])
        theirs = {".".join(u.split(".")[:depth]) for u in used if u.startswith(inside)}
        found.setdefault(mine, set()).update(theirs - {mine})
    return {room: frozenset(used) for room, used in found.items()}


def arrows_up(graph: Graph, folder: str, order: Sequence[str]) -> list[str]:
    """Return the imports within a folder that run against an order, the lowest first."""
    place = {f"{folder}.{name}": i for i, name in enumerate(order)}
    return sorted(
        f"{room} imports {other}, which stands above it"
        for room, used in rooms(graph, folder).items()
        for other in used
        if place.get(other, -1) > place.get(room, len(place))
    )
