"""Fixtures shared by all tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

# No test fails for being slow, and CI tries the same cases as whoever looks into its failure.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("project")

PROJECT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files that nobody here wrote; skips where it is absent."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data not on this machine: no folder {folder}")
    return folder


@pytest.fixture(scope="session")
def reference(shared_data: Path) -> Path:
    """The four reference CSVs and their expected totals."""
    return shared_data / "reference"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what git keeps, built apart so that nothing left over gets into it."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, listed.split("\0")):
        place = source / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / name).is_symlink():
            place.symlink_to((PROJECT / name).readlink())
        elif (PROJECT / name).is_file():
            place.write_bytes((PROJECT / name).read_bytes())
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", out, source], check=True)
    return next(out.glob("*.whl"))
