"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

# No test fails for being slow, and CI tries the same cases as whoever looks into its failure.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("project")

PROJECT = Path(__file__).resolve().parent.parent


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
