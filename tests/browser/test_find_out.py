"""Find out: what a test found that was run as planned, and the lift that it calibrates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

import hk_metrics as hk
from benchmarks.serving import serving
from hk_metrics.experiments import weeks
from hk_metrics.simulate import Scenario, simulate_tables, write_csv
from tests.browser.conftest import Opener
from tests.browser.reading import amount, column, panel, sentences

DAYS, FIRST, LENGTH = 190, date(2025, 5, 5), 8
LABEL = "calibrated by the test of May 2025"


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard over a shop that held posts back in the weeks that draw 1 says."""
    held = weeks.drawn(LENGTH, 0.5, 1)
    begin = (FIRST - date(2025, 1, 1)).days
    days = tuple(begin + 7 * w + d for w in range(LENGTH) if held[w] for d in range(7))
    tables, _ = simulate_tables(3, 40, DAYS, 8_000, scenario=Scenario(held_back=days))
    folder = tmp_path_factory.mktemp("tested")
    write_csv(tables, folder / "files")
    with serving(folder, "--pool", "1", "--data", str(folder / "files")) as started:
        yield started.url, folder / "files"


def test_what_a_test_found_calibrates_every_lift(tested: tuple[str, Path], visit: Opener) -> None:
    url, files = tested
    run = f"o.length={LENGTH}&o.test={FIRST}"
    opened = visit(url)
    page = opened.open(f"page=roas&o.tab=lift&{run}")
    data = hk.load(files)
    found = hk.read_experiment(hk.plan_experiment(data, weeks=LENGTH, start=FIRST), data)
    assert found.calibration is not None
    told = sentences(page, "What the test found")
    for line in found.text.splitlines():
        assert line in told
    assert "calibrated by" not in panel(page, "Lift by brand").inner_text()
    page.get_by_role("group", name="Calibrate lift by it").get_by_text("Yes").click()
    opened.idle()
    page = opened.show(f"page=roas&o.tab=lift&{run}&o.calibrate=yes&o.method=post_response")
    expect(panel(page, "Lift by brand")).to_contain_text(LABEL, ignore_case=True)
    expect(page.locator("[data-card=incremental_roas]:visible").first).to_contain_text(LABEL)
    wanted = hk.lift(data, by="brand", calibration=found)["iroas"]
    shown = dict(zip(column(page, "Lift by brand", "Brand"),
                     column(page, "Lift by brand", "Incremental ROAS"), strict=True))  # fmt: skip
    assert {b: amount(v) for b, v in shown.items()} == pytest.approx(wanted.to_dict(), abs=0.005)
    page = opened.show(f"page=overview&{run}&o.calibrate=yes")
    expect(page.locator("[data-card=incremental_roas]:visible").first).to_contain_text(LABEL)
