"""Kinds of findings: each is declared once, used, and filled in."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import hk_metrics
from hk_metrics.quality import (
    KINDS,
    Finding,
    columns,
    files,
    finding,
    on_page,
    orders,
    payouts,
    rows,
    stores,
)

PACKAGE = Path(hk_metrics.__file__).parent
MAKERS = ("finding", "placed")


def _calls(*names: str) -> list[tuple[Path, ast.Call]]:
    return [
        (path, call)
        for path in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in names
    ]


def test_every_name_is_declared_once() -> None:
    declared = [
        k.name for subject in (columns, files, orders, payouts, rows, stores) for k in subject.KINDS
    ]
    assert len(declared) == len(set(declared)) == len(KINDS)


def test_every_code_has_a_kind_of_its_own_name() -> None:
    assert not {k.code for k in KINDS.values()} - set(KINDS)


def test_findings_are_made_of_kinds_only() -> None:
    made = {path.relative_to(PACKAGE).as_posix() for path, _ in _calls("Finding")}
    assert made == {"quality/kinds.py", "store/version.py"}


def test_every_finding_names_a_kind() -> None:
    for path, call in _calls(*MAKERS):
        one = call.args[0]
        named = [one.body, one.orelse] if isinstance(one, ast.IfExp) else [one]
        unknown = [n.value for n in named if isinstance(n, ast.Constant) and n.value not in KINDS]
        assert not unknown, f"{path.name}, line {call.lineno}: no kind {unknown}"


def test_every_kind_is_used() -> None:
    text = "\n".join(
        p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py") if p.parent.name != "quality"
    )
    used = {name for name in KINDS if f'"{name}"' in text}
    # The first of several wordings also says what all of them leave out, and the page's repair.
    needed = {KINDS[name].code for name in used}
    assert not set(KINDS) - used - needed


def test_what_leaves_rows_out_says_why_beside_them() -> None:
    assert not [k.name for k in KINDS.values() if (k.leaves_out != "nothing") != bool(k.reason)]


def test_no_words_of_code_reach_the_page() -> None:
    for kind in KINDS.values():
        words = kind.on_page or kind.fix
        if KINDS[kind.code].on_page:
            words = KINDS[kind.code].on_page
        assert not re.search(r"\w+=|--\w", words), kind.name


def test_finding_fills_in_place_and_words() -> None:
    found = finding("overlap.stored", rows="1,200 rows", table="posts", count=1100)
    assert found.code == "overlap"
    assert found.severity == "warning"
    assert found.message == "posts: 1,100 of 1,200 rows already there, not added again"


def test_finding_without_its_words_is_refused() -> None:
    with pytest.raises(KeyError, match="last"):
        finding("future_date", rows="2 rows")


def test_page_shows_the_fix_of_a_code_it_no_longer_knows() -> None:
    assert on_page(Finding("note", "of_an_older_version", "a note", "do this")) == "do this"
