"""The scripts that try the ways to install and serve: what they read is there, and is taken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from recipes.serving import units
from recipes.serving.nginx import configuration
from tests.conftest import PROJECT

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
WAYS = (
    "nginx",
    "systemd",
    "jupyterhub",
    "wheel",
    "dockerfile",
    "spark",
    "airflow",
    "jupyter-scheduler",
    "two-commands",
)


def test_every_way_is_told_where_none_is_named() -> None:
    told = subprocess.run([PROJECT / "recipes/serving/try"], capture_output=True, text=True)
    assert told.returncode == 2
    assert [line.split()[0] for line in told.stderr.splitlines()] == list(WAYS)


@pytest.mark.parametrize("script", ["try", "wheel", "dockerfile", "two-commands"])
def test_script_is_shell_that_can_be_started(script: str) -> None:
    path = PROJECT / "recipes" / "serving" / script
    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", path]).returncode == 0


def test_bare_root_takes_pip_s_settings_from_here_and_the_project_s_files_only(tmp_path) -> None:
    script = (
        "source recipes/serving/root.sh; "
        "PIP_CONFIG_FILE=/dev/null PIP_CERT=/etc/passwd PIP_TIMEOUT=7 pip_settings; "
        f"copy_project {tmp_path / 'copy'}"
    )
    said = subprocess.run(["bash", "-c", script], cwd=PROJECT, capture_output=True, text=True)
    assert {"PIP_CERT=/etc/passwd", "PIP_TIMEOUT=7"} <= set(said.stdout.split()), said.stderr
    assert (tmp_path / "copy" / "hk_metrics" / "notebooks" / "dashboard.ipynb").is_file()
    assert not (tmp_path / "copy" / ".git").exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_units_are_read_by_systemd_and_a_wrong_one_is_not(monkeypatch) -> None:
    assert units.main() == ""
    good = units.schedule
    monkeypatch.setattr(
        units, "schedule", lambda **o: re.sub("OnCalendar=.*", "OnCalendar=soon", good(**o))
    )
    assert "soon" in units.main()


@pytest.mark.skipif(
    not NGINX,
    reason="no nginx on this machine: make try WAY=nginx installs it",
)
def test_readme_s_nginx_is_one_that_nginx_takes(tmp_path) -> None:
    (tmp_path / "nginx.conf").write_text(configuration(8081, 8082, 8083))
    checked = subprocess.run(
        [NGINX, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


@pytest.mark.browser
@pytest.mark.skipif(not NGINX, reason="no nginx on this machine: make try WAY=nginx installs it")
def test_page_behind_nginx_is_closed_until_one_signs_in_and_draws_then() -> None:
    tried = subprocess.run(
        [sys.executable, "-m", "recipes.serving.nginx"], cwd=PROJECT, capture_output=True, text=True
    )
    assert tried.returncode == 0, tried.stderr[-2000:]
    assert "drawn and changed behind it" in tried.stdout
