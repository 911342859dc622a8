"""A ledger on disk gives the numbers of the one in memory, and only under the same settings."""

from __future__ import annotations

from pathlib import Path

from hk_metrics.ledger import Ledger, disk
from hk_metrics.settings import Settings
from hk_metrics.view import View
from tests.worked_example import TABLES


def test_read_back_gives_the_same_numbers(tmp_path: Path) -> None:
    ledger = Ledger.build(TABLES, Settings()).compact()
    disk.write(ledger, tmp_path)
    again = disk.read(tmp_path, Settings())
    assert again is not None
    assert again.estimated == ledger.estimated
    assert View(again).totals().to_dict() == View(ledger).totals().to_dict()
    assert View(again).where(campaign="Fit", platform=["YouTube"]).totals()["revenue"] == 750


def test_other_settings_build_anew(tmp_path: Path) -> None:
    disk.write(Ledger.build(TABLES, Settings()), tmp_path)
    assert disk.read(tmp_path, Settings(post_window_days=3)) is None
    assert disk.read(tmp_path, Settings(currency="USD")) is not None


def test_half_written_ledger_is_none(tmp_path: Path) -> None:
    disk.write(Ledger.build(TABLES, Settings()), tmp_path)
    (tmp_path / "ledger.json").write_text("{")
    assert disk.read(tmp_path, Settings()) is None
    assert disk.read(tmp_path / "nowhere", Settings()) is None
