"""What names stand for: identifiers, classes named twice, names that only their module uses."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

# Module or file → its code.
Sources = Mapping[str, str]
# A module and one of its names.
Use = tuple[str, str]

_DOTTED = re.compile(r"\bhk_metrics[\w.]*[.:](\w+)")
_PLAIN_DECORATORS = {
    "cache", "lru_cache", "dataclass", "contextmanager", "total_ordering", "overload", "wraps",
    "runtime_checkable", "cached",
}  # fmt: skip


def methods_called(code: str, names: Set[str]) -> set[str]:
    """Return which of some methods a module's code calls on whatever it has."""
    called = (node.func for node in ast.walk(_tree(code)) if isinstance(node, ast.Call))
    return {f.attr for f in called if isinstance(f, ast.Attribute)} & names


def sources(package: Path) -> dict[str, str]:
    """Return dotted name → code of every module, a folder's ``__init__`` as such."""
    return {
        ".".join(path.relative_to(package.parent).with_suffix("").parts): path.read_text("utf-8")
        for path in sorted(package.rglob("*.py"))
    }


@cache
def _tree(code: str) -> ast.Module:
    return ast.parse(code)


@cache
def bound(code: str) -> set[str]:
    """Return every name that a module gives to something, parameters and attributes among them."""
    found = set()
    for node in ast.walk(_tree(code)):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias) and node.asname:
            found.add(node.asname)
    return found


def named_with(words: Set[str], package: Sources) -> list[str]:
    """Return the identifiers and the modules whose names have one of the words in them."""
    return [
        f"{module}: {name}"
        for module, code in package.items()
        for name in sorted({*bound(code), module.rpartition(".")[2]})
        if words & set(name.lower().split("_"))
    ]


@cache
def defined(code: str) -> dict[str, ast.stmt]:
    """Return the public names that a module defines at its top, imports not among them."""
    found: dict[str, ast.stmt] = {}
    for node in _statements(_tree(code).body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            found |= {n.id: node for n in names if isinstance(n.ctx, ast.Store)}
    return {name: node for name, node in found.items() if not name.startswith("_")}


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _statements(node.body)
            yield from _statements(node.orelse)
        else:
            yield node


def classes_named_twice(package: Sources) -> dict[str, list[str]]:
    """Return the names of public classes that stand in several modules, and those modules."""
    places = defaultdict(list)
    for module, code in package.items():
        for name, node in defined(code).items():
            if isinstance(node, ast.ClassDef):
                places[name].append(module)
    return {name: found for name, found in places.items() if len(found) > 1}


def lonely(package: Sources, beside: Sources, texts: Mapping[str, str]) -> set[Use]:
    """Return the public names that nothing but their own module uses.

    Parameters
    ----------
    package
        The modules looked at.
    beside
        Code that uses them: tests, benchmarks, notebooks' cells.
    texts
        Pages that name them: a name in backticks is public.
    """
    modules = frozenset(name.removesuffix(".__init__") for name in package)
    found = {name: _found(name, code, modules) for name, code in {**package, **beside}.items()}
    uses = Counter(use for one in found.values() for use in one.uses)
    words = Counter(word for one in found.values() for word in one.words)
    words.update(word for text in texts.values() for word in _named(text))
    whole = frozenset(module for one in found.values() for module in one.whole)
    attributes = frozenset(name for one in found.values() for name in one.attributes)
    alone = set()
    for full, code in package.items():
        own, module = found[full], full.removesuffix(".__init__")
        for name, node in defined(code).items():
            elsewhere = (
                uses[module, name] - ((module, name) in own.uses)
                or words[name] - (name in own.words)
                or (module in whole and name in attributes)
            )
            if not elsewhere and name not in own.shown and not _registered(node):
                alone.add((module, name))
    return alone


@dataclass(frozen=True)
class _Found:
    """What a file uses of modules: names, whole modules, attributes, names in texts, its own that it shows."""

    uses: frozenset[Use]
    whole: frozenset[str]
    attributes: frozenset[str]
    words: frozenset[str]
    shown: frozenset[str]


@cache
def _found(name: str, code: str, modules: frozenset[str]) -> _Found:
    uses, whole = _uses(name, code, modules)
    read = {n.attr for n in ast.walk(_tree(code)) if isinstance(n, ast.Attribute)}
    words = _words(code, name.endswith("__init__"))
    shown = _of_its_signatures(code) | _in_examples(code) | _looked_up(code)
    return _Found(*map(frozenset, (uses, whole, read, words, shown)))


def _named(page: str) -> set[str]:
    """Return the names that a page writes in backticks or in a block of code."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    inline = re.sub(r"^```\w*\n.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    found = {w for block in blocks for w in re.findall(r"\w+", block)}
    return found | set(re.findall(_DOTTED, page)) | set(re.findall(r"`(?:[\w.]*\.)?(\w+)", inline))


def _uses(name: str, code: str, modules: Set[str]) -> tuple[set[Use], set[str]]:
    """Return the names of other modules that one uses, and the modules that it has whole."""
    local: dict[str, str] = {}
    used: set[Use] = set()
    tree = _tree(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                local[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, name)
            for alias in node.names:
                used.add((base, alias.name))
                local[alias.asname or alias.name] = f"{base}.{alias.name}"
    held = {word: module for word, module in local.items() if module in modules}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (chain := _chain(node)) and chain[0] in held:
            used.add((".".join([held[chain[0]], *chain[1:-1]]), chain[-1]))
    return used, set(held.values())


def _chain(node: ast.expr) -> list[str]:
    """Return the names of ``a.b.c``; none where it begins with more than a name."""
    if isinstance(node, ast.Name):
        return [node.id]
    above = _chain(node.value) if isinstance(node, ast.Attribute) else []
    return [*above, node.attr] if above and isinstance(node, ast.Attribute) else []


def _base(node: ast.ImportFrom, name: str) -> str:
    if not node.level:
        return node.module or ""
    parts = name.split(".")[: -node.level]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _words(code: str, any_string: bool) -> set[str]:
    """Return names in texts: ``package.module:name``, `name` in docstrings, names for getattr."""
    found = set()
    for node in ast.walk(_tree(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            found |= set(re.findall(r"(?<!`)`(?:[\w.]*\.)?(\w+)`(?!`)", text))
            for names in re.findall(r"\bfrom hk_metrics[\w.]* import ([\w, ]+)", text):
                found |= set(re.findall(r"\w+", names))
            found |= set(re.findall(_DOTTED, text)) | ({text} if any_string else set())
        elif isinstance(node, ast.Tuple):
            texts = [str(n.value) for n in node.elts if isinstance(n, ast.Constant)]
            found |= set(texts) if any(t.startswith("hk_metrics.") for t in texts) else set()
        elif isinstance(node, ast.Call) and len(node.args) > 1:
            called = ast.unparse(node.func).rpartition(".")[2]
            name = node.args[1]
            if called in {"getattr", "setattr", "delattr", "object"}:
                found |= {str(name.value)} if isinstance(name, ast.Constant) else set()
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
            found |= {node.attr} if "import_module" in ast.unparse(node.value.func) else set()
    return found


def _of_its_signatures(code: str) -> set[str]:
    """Return the classes, aliases and variables that a module's public signatures are made of."""
    found, public = set(), defined(code)
    for node in public.values():
        for part in ast.walk(node):
            kept = [getattr(part, field, None) for field in ("annotation", "returns")]
            for annotation in filter(None, kept):
                found |= {n.id for n in ast.walk(annotation) if isinstance(n, ast.Name)}
                found |= {w for n in ast.walk(annotation) if isinstance(n, ast.Constant)
                          for w in re.findall(r"\w+", str(n.value))}  # fmt: skip
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
            found |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
        value = getattr(node, "value", None)
        if isinstance(value, ast.Call) and ast.unparse(value.func) in {"TypeVar", "ParamSpec"}:
            found |= {str(a.value) for a in value.args[:1] if isinstance(a, ast.Constant)}
    types = {n for n in found if n in public}
    return {n for n in types if not isinstance(public[n], ast.FunctionDef)}


def _in_examples(code: str) -> set[str]:
    lines = re.findall(r"^\s*(?:>>>|\.\.\. )(.*)", code, re.MULTILINE)
    return {word for line in lines for word in re.findall(r"\w+", line)}


def _looked_up(code: str) -> set[str]:
    """Return what a module looks up among its own names, or runs when it is run itself."""
    found = set()
    if "globals()" in code:
        found |= {n.value for n in ast.walk(_tree(code))
                  if isinstance(n, ast.Constant) and isinstance(n.value, str)}  # fmt: skip
    for node in _tree(code).body:
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found


def _registered(node: ast.stmt) -> bool:
    """Whether a decorator hands a function or class to something that calls it: a command."""
    listed = getattr(node, "decorator_list", [])
    names = {re.split(r"[.(]", ast.unparse(d).partition("(")[0])[-1] for d in listed}
    return bool(names - _PLAIN_DECORATORS)


def cells(notebook: Path) -> str:
    """Return the code of a notebook, its magics apart."""
    content = json.loads(notebook.read_text("utf-8"))
    lines = [line.rstrip("\n") for cell in content["cells"] if cell["cell_type"] == "code"
             for line in "".join(cell["source"]).split("\n")]  # fmt: skip
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


# Packages whose names are looked up.
_OURS = ("hk_metrics", "benchmarks")


def missing_names(path: Path) -> list[str]:
    """Return what a file takes from our packages that they do not have."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules: dict[str, ModuleType] = {}
    absent: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            ours = [a for a in node.names if a.name.split(".")[0] in _OURS]
            modules |= {a.asname: importlib.import_module(a.name) for a in ours if a.asname}
        elif isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in _OURS:
            home = importlib.import_module(str(node.module))
            for name in node.names:
                if not hasattr(home, name.name) and not find_spec(f"{node.module}.{name.name}"):
                    absent.append(f"{path}: {node.module}.{name.name}")
                    continue
                thing = getattr(home, name.name, None)
                if isinstance(thing, ModuleType):
                    modules[name.asname or name.name] = thing
    used = [
        n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
    ]
    return absent + [
        f"{path}: {n.value.id}.{n.attr}"
        for n in used
        if n.value.id in modules and not hasattr(modules[n.value.id], n.attr)
    ]
