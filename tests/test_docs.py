"""The documents: every block of code runs, every link leads somewhere, and the site is built clean."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hk_metrics.cli import main
from hk_metrics.report.config import load as reports_of
from hk_metrics.settings import Settings
from tests.conftest import PROJECT

PAGES = sorted(
    [PROJECT / "README.md", PROJECT / "examples/README.md", PROJECT / "recipes/README.md",
     PROJECT / "CONTRIBUTING.md", *(PROJECT / "docs").rglob("*.md")]
)  # fmt: skip
PAGES = [p for p in PAGES if "_build" not in p.parts]
FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What the blocks of a page run with is set by those before them.
SMALL = {"hk-metrics generate": ["--influencers", "60", "--days", "120", "--events", "8000"]}
# Commands that stay, change the machine, or need what is not in an environment: parsed, and run where
# the name beside them says.
ELSEWHERE = {
    "hk-metrics serve": "tests/browser", "hk-metrics demo": "recipes/serving/wheel",
    "hk-metrics report schedule": "tests/test_report_schedule.py",
    "hk-metrics report history": "tests/test_report_runs.py",
    "hk-metrics report run": "tests/test_report_end_to_end.py",
    "hk-metrics report check": "tests/test_report_alerts.py",
    "hk-metrics import": "tests/test_cli.py", "hk-metrics check PATH": "tests/test_cli.py",
    "docker": "recipes/serving/dockerfile", "pip install": "tests/test_wheel.py",
}  # fmt: skip
# Python that ends like this: the settings of a Jupyter server, a report that is sent.
ENDS_ELSEWHERE = {
    '"launcher_entry": {"title": "Influencer return"},\n}}': "recipes/serving/jupyterhub.py",
    'report.run("weekly")': "tests/test_report_end_to_end.py",
}
READ_ELSEWHERE = {"nginx": "tests/test_serving_ways.py", "text": "", "ini": "", "{toctree}": "",
                  "{eval-rst}": "", "{literalinclude} ../../examples/acme-page/acme_page.py": ""}  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A block of code on a page."""

    kind: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(k.strip(), t) for k, t in FENCE.findall(page.read_text(encoding="utf-8"))]


def _name(page: Path) -> str:
    return str(page.relative_to(PROJECT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_block_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HK_METRICS_STORE", str(tmp_path / "its-store"))
    monkeypatch.setenv("HK_METRICS_TOKENS", str(tmp_path / "tokens.json"))
    from hk_metrics.metrics import METRICS

    before = dict(METRICS)
    told: dict[str, object] = {}
    for block in blocks(page):
        if block.kind == "python":
            _run_python(block.text, told, page)
        elif block.kind == "sh":
            for command in _commands(block.text):
                _run_command(command)
        elif block.kind == "toml":
            _read_toml(block.text, tmp_path)
        else:
            assert block.kind in READ_ELSEWHERE, f"{_name(page)}: nothing runs ```{block.kind}"
    for name in set(METRICS) - set(before):
        del METRICS[name]


def _run_python(text: str, told: dict[str, object], page: Path) -> None:
    code = compile(text, _name(page), "exec")
    if any(text.strip().endswith(end) for end in ENDS_ELSEWHERE):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(code, told)


def _commands(text: str) -> list[str]:
    lines = text.replace("\\\n", " ").splitlines()
    return [c.strip() for line in lines for c in line.split("  #")[0].split("&&") if c.strip()]


def _run_command(command: str) -> None:
    words = shlex.split(command, comments=True)
    if words[0] == "make":
        makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), command
    elif words[0] == "cp":
        assert (PROJECT / words[1]).exists(), command
    elif words[0] != "hk-metrics" or any(command.startswith(known) for known in ELSEWHERE):
        assert any(command.startswith(known) for known in ELSEWHERE), f"nothing runs {command!r}"
        if words[0] == "hk-metrics":
            _parsed(words[1:])
    else:
        usual = next((more for start, more in SMALL.items() if command.startswith(start)), [])
        more = [] if "--events" in words else usual
        done = CliRunner().invoke(main, [*words[1:], *more], catch_exceptions=False)
        assert done.exit_code == 0, f"{command}\n{done.output}"


def _parsed(words: list[str]) -> None:
    """Hold a command's options against those that there are."""
    group: click.Command = main
    while isinstance(group, click.Group):
        group, words = group.commands[words[0]], words[1:]
    group.make_context("hk-metrics", words, resilient_parsing=False).close()


def _read_toml(text: str, folder: Path) -> None:
    content = tomllib.loads(text)
    if "reports" in content or "deliveries" in content:
        (folder / "reports.toml").write_text(text)
        reports_of(folder / "reports.toml")
    elif "project" not in content:
        Settings(**content)


def test_every_elsewhere_is_there() -> None:
    for place in {*ELSEWHERE.values(), *ENDS_ELSEWHERE.values(), *READ_ELSEWHERE.values()} - {""}:
        assert (PROJECT / place).exists(), place


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, part = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), f"{_name(page)}: {target}"
        if part:
            heads = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}
            assert part in slugs, f"{_name(page)}: {target}"


def test_every_page_is_in_the_site_and_every_picture_is_shown() -> None:
    index = (PROJECT / "docs/index.md").read_text(encoding="utf-8")
    pages = {str(p.relative_to(PROJECT / "docs").with_suffix("")) for p in PAGES
             if PROJECT / "docs" in p.parents} - {"index"}  # fmt: skip
    listed = {
        line for block in blocks(PROJECT / "docs/index.md") for line in block.text.splitlines()
        if line in pages
    }  # fmt: skip
    assert index
    assert pages == listed
    shown = "".join(p.read_text(encoding="utf-8") for p in PAGES)
    assert all(p.name in shown for p in (PROJECT / "docs/pictures").glob("*.svg"))


def test_pictures_are_those_that_the_library_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docs import draw

    monkeypatch.setattr(draw, "FOLDER", tmp_path)
    for picture in draw.PICTURES:
        picture()
    drawn = {p.name: p.read_text(encoding="utf-8") for p in tmp_path.glob("*.svg")}
    kept = (PROJECT / "docs/pictures").glob("*.svg")
    assert drawn == {p.name: p.read_text(encoding="utf-8") for p in kept}


@pytest.mark.skipif(find_spec("sphinx") is None, reason="the extra [docs] is not installed")
def test_site_is_built_without_a_warning_and_asks_the_net_for_nothing(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html",
         PROJECT / "docs", tmp_path / "site", "-d", tmp_path / "trees"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    library = (tmp_path / "site/reference/library.html").read_text(encoding="utf-8")
    for name in ("hk_metrics.load", "hk_metrics.View.by", "hk_metrics.lift", "hk_metrics.export"):
        assert f'id="{name}"' in library, name
    for page in (tmp_path / "site").rglob("*.html"):
        loaded = re.findall(r'(?:src|href)="(https?://[^"]+)"', page.read_text(encoding="utf-8"))
        kept = [u for u in loaded if re.search(r"\.(js|css|woff2?)\b", u)]
        assert not kept, (page.name, kept)
