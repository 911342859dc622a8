"""A slice of the fuzz harness; ``python -m tests.fuzz_import 10000`` runs all of it."""

from __future__ import annotations

import os

import pytest

from tests.fuzz_import import tried

CASES = int(os.environ.get("HK_METRICS_FUZZ", "60"))


@pytest.mark.parametrize("number", range(CASES))
def test_spoilt_files_give_a_dataset_or_words(number: int) -> None:
    outcome = tried(number)
    assert not outcome.complaint, outcome.complaint
