"""A session that shows a stored dataset loads nothing of the import, and needs no pyarrow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import hk_metrics as hk
from hk_metrics.store import Store

LOADED = "print(sorted(m for m in sys.modules if m.startswith('hk_metrics.ingest')))"
SESSIONS = {
    "view": """
import sys
from hk_metrics.store import Store
view = Store({folder!r}).current().view()
view.totals(); view.by("campaign"); view.trend("D")
""",
    "dashboard": """
import sys
sys.modules["pyarrow"] = None
from hk_metrics.ui.shell.app import Dashboard
dashboard = Dashboard({folder!r})
dashboard.root
dashboard.start()
for page in ("campaigns", "influencers", "posts", "payouts", "roas", "overview"):
    dashboard.state.page = page
dashboard.state.filters = {{"influencer_id": ("INF001",)}}
dashboard.state.page = "influencers"
""",
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("store"))
    store.commit(hk.simulate(seed=7, influencers=12, days=30, events=400)[0])
    return Path(store.folder)


@pytest.mark.parametrize("session", SESSIONS)
def test_session_of_a_stored_dataset_loads_nothing_of_the_import(
    session: str, stored: Path
) -> None:
    code = SESSIONS[session].format(folder=str(stored)) + LOADED
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout.splitlines()[-1] == "[]"
