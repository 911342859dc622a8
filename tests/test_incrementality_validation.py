"""A quick slice of `make validate`: lift estimates against simulated truth.

Bounds are those that a slice of this size breaks by chance less than once in a thousand runs; the
design's own bounds are held by the full run.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks import validate, validate_lift
from benchmarks.coverage import clustered, in_band

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return list(validate_lift.run(quick=True))


def table(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["table"] == f"lift: {name}"]


def test_intervals_cover_the_truth_within_the_assumption(rows: list[dict[str, Any]]) -> None:
    held = table(rows, "within its assumption")
    assert {r["estimator"] for r in held} == {"post_response", "interrupted"}
    assert min(r["coverage"] for r in held) > 0.55
    assert max(abs(r["bias ÷ lift"]) for r in held) < 0.2


def test_no_effect_is_seldom_claimed(rows: list[dict[str, Any]]) -> None:
    assert all(r["claims"] < 0.4 for r in table(rows, "no effect"))


def test_posts_timed_to_demand_are_refused(rows: list[dict[str, Any]]) -> None:
    outside = table(rows, "outside its assumption")
    refused = {(r["estimator"], r["regime"]): r["refused"] for r in outside}
    assert refused["post_response", "timed_to_demand"] > 0.8
    # No quiet time before the first post.
    assert refused["interrupted", "throughout"] == 1


def test_a_lift_of_a_tenth_is_seen(rows: list[dict[str, Any]]) -> None:
    claims = {
        (r["estimator"], r["lift ÷ active baseline"]): r["claims"]
        for r in table(rows, "power in bursts")
    }
    assert claims["post_response", 0.10] > 0.8
    assert claims["interrupted", 0.35] > 0.8


def test_influencers_beat_a_fixed_share(rows: list[dict[str, Any]]) -> None:
    each = table(rows, "per influencer")
    assert each[-1]["error ÷ that of × .8"] < 0.6
    assert all(r["coverage"] > 0.75 for r in each[:-1])


def test_coverage_misses_its_band_beyond_two_standard_errors_only() -> None:
    assert in_band(0.90, 0.02)
    assert in_band(0.967, 0.0134)
    assert not in_band(0.99, 0.01)
    assert not in_band(0.80, 0.018)


def test_units_of_one_series_count_as_one_draw() -> None:
    alike = [np.ones(10), np.zeros(10), np.ones(10), np.ones(10)]
    coverage, error = clustered(alike)
    # Three of four: as if there were four units, √(¾·¼ ÷ 4), not forty.
    assert coverage == 0.75
    assert error == pytest.approx(np.sqrt(0.75 * 0.25 / 4))


def test_validate_runs_every_part_and_counts_misses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []

    def imported(name: str) -> SimpleNamespace:
        ran.append(name.rpartition("_")[2])
        return SimpleNamespace(run=lambda _: [{"table": name, "holds": False}])

    monkeypatch.setattr(validate, "import_module", imported)
    monkeypatch.setattr("sys.argv", ["validate", "--quick"])
    validate.main()
    assert tuple(ran) == validate.PARTS
    assert f"{len(ran)} rows miss their bound" in capsys.readouterr().out


def test_tables_print_as_markdown(
    rows: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    validate.show("lift: no effect", table(rows, "no effect"))
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[0] == "### lift: no effect"
    assert len({len(line) for line in lines[2:]}) == 1
    assert lines[2].startswith("| estimator")
