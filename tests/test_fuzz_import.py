"""A seeded slice of the fuzz harness; ``make fuzz`` tries forty times as many."""

from __future__ import annotations

import pytest

from tests.fuzz_import import LONGEST_SECONDS, run
from tests.length import times

FILES = times(250, 2000)


@pytest.mark.slow
def test_spoilt_files_give_a_dataset_or_words() -> None:
    found = run(FILES)
    assert sum(outcome.files for outcome in found) >= FILES
    assert sorted(outcome.number for outcome in found) == list(range(len(found)))
    assert [f"case {o.number}: {o.complaint}" for o in found if o.complaint] == []
    # How long each may take is asked by `make fuzz`; here, that none takes for ever.
    assert max(outcome.seconds for outcome in found) < 6 * LONGEST_SECONDS
    assert {"dataset", "refused"} <= {outcome.ended for outcome in found}
