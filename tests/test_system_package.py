"""What `make` asks the machine for: found where it is there, installed where it is not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "system-package"
BASH = shutil.which("bash")
# A package manager that only says what it was asked for.
ASKED = '#!{bash}\necho "$@" >> "{log}"\n'
# A machine that has every library.
LIBRARIES = "#!{bash}\necho libatomic.so.1\n"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that is all of the PATH, with a package manager and no browser."""
    if BASH is None:
        pytest.skip("no bash on this machine")
    programs = tmp_path / "bin"
    programs.mkdir()
    _program(programs / "apt-get", ASKED.format(bash=BASH, log=tmp_path / "asked"))
    _program(programs / "ldconfig", LIBRARIES.format(bash=BASH))
    _program(programs / "id", f"#!{BASH}\necho 0\n")
    return programs


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _asked(machine: Path) -> str:
    """Return what the package manager was asked for by the script."""
    subprocess.run([str(BASH), str(SCRIPT), "browser"], env={"PATH": str(machine)}, check=True)
    log = machine.parent / "asked"
    return log.read_text() if log.exists() else ""


def test_a_browser_is_installed_where_there_is_none(machine: Path) -> None:
    assert "install" in _asked(machine)
    assert " chromium " in _asked(machine)


@pytest.mark.parametrize("name", ["chromium", "google-chrome-stable"])
def test_a_browser_that_is_there_is_used(machine: Path, name: str) -> None:
    _program(machine / name, f"#!{BASH}\n")
    assert _asked(machine) == ""
