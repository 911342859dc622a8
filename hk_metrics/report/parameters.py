"""What a report's notebook may be told: read from its tagged cell, checked before anything runs."""

from __future__ import annotations

import ast
import datetime
import json
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from hk_metrics.errors import ParameterError
from hk_metrics.report import kinds

_NAMES = {
    **{n: getattr(typing, n) for n in ("Any", "Literal", "Optional", "Union")},
    **{t.__name__: t for t in (bool, dict, float, int, list, str, datetime.date)},
    **{n: getattr(kinds, n) for n in ("Comparison", "Grouping", "Model", "Period", "Rule")},
}


@dataclass(frozen=True)
class Parameter:
    """One line ``name: type = value  # help`` of a notebook's parameters cell.

    Parameters
    ----------
    name
        How it is given: ``-p name=value``.
    type
        Its annotation as written.
    default
        Value where none is given.
    help
        What it means, from the comment.
    """

    name: str
    type: str
    default: Any
    help: str = ""

    @property
    def many(self) -> bool:
        """Whether it takes a list of values."""
        return "list[" in self.type


def declared(notebook: Path) -> dict[str, Parameter]:
    """Read the parameters that a notebook declares, by name.

    Parameters
    ----------
    notebook
        A notebook with one cell tagged ``parameters``.

    Raises
    ------
    ParameterError
        No such file, no such cell, or a line that is not ``name: type = value``.

    Notes
    -----
    The cell is read, not run.
    """
    source = _parameters_cell(notebook)
    lines = source.splitlines()
    found: dict[str, Parameter] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            parameter = _parameter(node, lines[(node.end_lineno or 1) - 1], notebook)
            found[parameter.name] = parameter
    return found


def _parameters_cell(notebook: Path) -> str:
    try:
        cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    except FileNotFoundError:
        raise ParameterError(f"there is no notebook {notebook}") from None
    except (ValueError, KeyError, TypeError):
        raise ParameterError(f"{notebook} is not a notebook: it cannot be read as JSON") from None
    for cell in cells:
        if "parameters" in cell.get("metadata", {}).get("tags", ()):
            return "".join(cell["source"])
    raise ParameterError(
        f"{notebook} has no parameters cell: give one cell the tag 'parameters', "
        "with lines 'name: type = value  # help'"
    )


def _parameter(node: ast.Assign | ast.AnnAssign, line: str, notebook: Path) -> Parameter:
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    shown = line.strip()
    if not isinstance(node, ast.AnnAssign) or not isinstance(target, ast.Name):
        raise ParameterError(
            f"{notebook}: parameter line {shown!r} has no type: write 'name: type = value'"
        )
    try:
        default = None if node.value is None else ast.literal_eval(node.value)
    except ValueError:
        raise ParameterError(
            f"{notebook}: the value in {shown!r} must be written out, not computed"
        ) from None
    comment = line[node.end_col_offset or 0 :].strip().removeprefix("#").strip()
    return Parameter(target.id, ast.unparse(node.annotation), default, comment)


def assignments(pairs: Iterable[str]) -> dict[str, Any]:
    """Return ``name=value`` texts as a mapping; a name given twice becomes a list.

    >>> assignments(["start=2025-03-01", "brand=Gritzo", "brand=HKVitals"])
    {'start': '2025-03-01', 'brand': ['Gritzo', 'HKVitals']}
    """
    given: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise ParameterError(f"{pair!r} is not a parameter: write name=value")
        before = given.get(name)
        together = [*before, value] if isinstance(before, list) else [before, value]
        given[name] = together if name in given else value
    return given


def validate(
    given: Mapping[str, Any], known: Mapping[str, Parameter], report: str = "report"
) -> dict[str, Any]:
    """Return every parameter with its checked value; all problems are raised at once.

    Parameters
    ----------
    given
        Name → value, as text (from a command line) or typed (from a file). A single text for a
        list parameter is a list of one; an empty text or ``none`` is no value where that is
        allowed.
    known
        What the notebook declares.
    report
        Its name, for messages.

    Returns
    -------
    dict
        JSON-like values, dates as ISO text: what papermill can write into a notebook.

    Raises
    ------
    ParameterError
        An unknown name or an impossible value, with the nearest name and what is expected.

    >>> validate({"top": "5"}, {"top": Parameter("top", "int", 10)})
    {'top': 5}
    """
    problems = [_unknown(name, known, report) for name in given if name not in known]
    values = {name: parameter.default for name, parameter in known.items()}
    for name in given.keys() & known.keys():
        try:
            values[name] = _typed(given[name], known[name])
        except ParameterError as problem:
            problems.append(str(problem))
    if problems:
        raise ParameterError("\n".join(problems))
    return values


def _unknown(name: str, known: Mapping[str, Parameter], report: str) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{report} has no parameter {name!r}: {hint}It takes: {', '.join(known) or 'none'}"


def _typed(value: Any, parameter: Parameter) -> Any:
    from pydantic import TypeAdapter, ValidationError

    if parameter.many and isinstance(value, str) and value.lower() not in ("", "none"):
        value = [value]
    if isinstance(value, str) and "Optional" in parameter.type and value.lower() in ("", "none"):
        return None
    adapter = TypeAdapter(_annotation(parameter))
    try:
        return adapter.dump_python(adapter.validate_python(value), mode="json")
    except ValidationError as failure:
        raise ParameterError(_mistyped(parameter, value, failure.errors())) from None


def _annotation(parameter: Parameter) -> Any:
    # A notebook is code that is about to be run anyway; only these names can be meant here.
    try:
        return eval(parameter.type, {"__builtins__": {}}, _NAMES)
    except (NameError, TypeError, SyntaxError):
        raise ParameterError(
            f"parameter {parameter.name!r} has the type {parameter.type!r}: "
            f"use one of {', '.join(sorted(_NAMES))}"
        ) from None


def _mistyped(parameter: Parameter, value: Any, errors: Sequence[Any]) -> str:
    choices = [c for c in _choices(_annotation(parameter)) if isinstance(c, str)]
    near = get_close_matches(str(value), choices, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    problem = errors[0]["msg"].removeprefix("Value error, ")
    why = problem[0].lower() + problem[1:]
    about = f" ({parameter.help})" if parameter.help else ""
    return f"parameter {parameter.name!r}{about} cannot be {value!r}: {why}.{hint}"


def _choices(annotation: Any) -> list[Any]:
    """The values that a ``Literal`` lists, also within ``Optional``."""
    inside = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        return list(inside)
    return [c for part in inside for c in _choices(part)]
