"""The container: its sources exist, nobody is root, and its health check is one we answer."""

from __future__ import annotations

import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

from click.testing import CliRunner

from hk_metrics.cli import main
from hk_metrics.settings import Settings
from tests.conftest import PROJECT

LINES = re.sub(r"\\\n\s*", "", (PROJECT / "Dockerfile").read_text()).splitlines()


def instructions(name: str) -> list[str]:
    return [line.removeprefix(name).strip() for line in LINES if line.startswith(f"{name} ")]


def test_copied_sources_exist_and_reach_the_build() -> None:
    kept = [line[1:] for line in (PROJECT / ".dockerignore").read_text().split() if line[0] == "!"]
    for line in instructions("COPY"):
        *sources, _ = shlex.split(line)
        for source in sources:
            assert (PROJECT / source).exists()
            assert any(fnmatch(source, pattern) for pattern in kept)


def test_last_user_is_not_root_and_owns_the_volume() -> None:
    (user,) = instructions("USER")
    (volume,) = instructions("VOLUME")
    assert user != "root"
    made = next(line for line in instructions("RUN") if "useradd" in line)
    assert made.split("&&")[0].split()[-1] == user
    assert f"--owner={user} {volume}" in made
    environment = dict(line.split("=", 1) for line in instructions("ENV"))
    assert Path(environment["HK_METRICS_STORE"]).parent == Path(volume)
    assert "store" in Settings.model_fields


def test_health_check_asks_what_the_server_answers() -> None:
    (check,) = instructions("HEALTHCHECK")
    path = re.search(r"127\.0\.0\.1:(\d+)(/[\w/]+)", check)
    assert path is not None
    served = (PROJECT / "hk_metrics" / "ui" / "serve").glob("*.py")
    assert any(f'"{path[2]}"' in file.read_text() for file in served)
    assert instructions("EXPOSE") == [path[1]]


def test_command_is_one_that_the_program_knows_and_needs_a_token() -> None:
    program, *words = shlex.split(instructions("CMD")[-1].strip("[]").replace(",", ""))
    assert program == "hk-metrics"
    refused = CliRunner().invoke(main, words, env={"HK_METRICS_TOKEN": ""})
    assert refused.exit_code != 0
    assert "without authentication" in str(refused.exception) + refused.output
