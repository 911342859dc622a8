"""Settings from code, the environment and a file: the first that names a field wins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

import hk_metrics as hk

TOML = """
currency = "USD"
lookback_days = 10
[bands.roas]
low = 1.0
high = 4.0
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(TOML)
    monkeypatch.setenv("HK_METRICS_SETTINGS", str(path))
    return path


def test_code_wins_over_the_environment_and_that_over_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HK_METRICS_LOOKBACK_DAYS", "20")
    monkeypatch.setenv("HK_METRICS_BANDS__ROAS__LOW", "1.5")
    settings = hk.Settings(post_window_days=7)
    assert file.exists()
    assert (settings.currency, settings.lookback_days, settings.post_window_days) == ("USD", 20, 7)
    assert (settings.bands["roas"].low, settings.bands["roas"].high) == (1.5, 4.0)
    assert hk.Settings(lookback_days=5).lookback_days == 5


@pytest.mark.parametrize("what", ["file", "environment", "code"])
def test_what_no_setting_may_be_is_refused_wherever_it_stands(
    what: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {}
    if what == "file":
        file.write_text("lookback_days = -1")
    elif what == "environment":
        monkeypatch.setenv("HK_METRICS_LOOKBACK_DAYS", "-1")
    else:
        given = {"lookback_days": -1}
    with pytest.raises(ValidationError, match="lookback_days"):
        hk.Settings(**given)


def test_unknown_setting_in_the_file_is_refused(file: Path) -> None:
    file.write_text("lookback = 3")
    with pytest.raises(ValidationError, match="lookback"):
        hk.Settings()


def test_defaults_need_neither_asyncio_nor_ssl() -> None:
    asked = (
        "import sys, hk_metrics as hk; hk.Settings(); print({'asyncio', 'ssl'} & {*sys.modules})"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env={"PATH": "/usr/bin", "PYTHONPATH": str(Path(hk.__file__).parent.parent)},
    )  # fmt: skip
    assert told.stdout == "set()\n"
