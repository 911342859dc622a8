"""Packages that add something: found, used and gone again; a broken one is named and passed over."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hk_metrics as hk
from hk_metrics import plugins
from hk_metrics.attribution import models
from hk_metrics.attribution.model import Credit, Model
from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError, PluginError
from hk_metrics.incrementality import estimators
from hk_metrics.metrics import Catalogue
from hk_metrics.plugins import Registry, added, all_of
from tests.conftest import PROJECT, UV
from tests.machine import needs_browser
from tests.worked_example import TABLES

EXAMPLES = sorted(p.parent for p in (PROJECT / "examples").glob("*/pyproject.toml"))


def _declare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, **points: str) -> None:
    """Let an installed package declare entry points of a module with this code."""
    (tmp_path / "strange.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "strange", raising=False)

    declared = {
        group: EntryPoints(EntryPoint(n, f"strange:{v}", group) for n, v in points.items())
        for group in plugins.GROUPS
    }
    monkeypatch.setattr(plugins, "declared", lambda: declared)
    monkeypatch.setattr(plugins, "_FOUND", {})  # what is remembered of it ends with the test


OURS = tuple(hk.METRICS[name] for name in ("revenue", "roas", "reach"))

# What a broken package does → what is said of it.
BROKEN = {
    "raise ValueError('no licence')": "ValueError: no licence",
    "raise SystemExit(3)": "SystemExit: 3",
    "import nothing_of_that_name": "ModuleNotFoundError: No module named 'nothing_of_that_name'",
    "def broken(": "SyntaxError",
    "given = 7": "must name a Measure or Ratio, or a tuple of them",
    "given = ()": "must name a Measure or Ratio, or a tuple of them",
    "other = 1": "AttributeError",
    "import hk_metrics as hk; given = hk.Ratio('roas', 'revenue', 'reach')": "'roas' is taken",
    "import hk_metrics as hk; given = hk.Ratio('x', 'reveneu', 'reach')": "did you mean 'revenue'",
    "import hk_metrics as hk; given = hk.Ratio('x', 'roas', 'reach')": "itself a ratio",
}


@pytest.mark.parametrize("code", BROKEN)
def test_broken_package_is_named_and_passed_over(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _declare(monkeypatch, tmp_path, code, odd="given")
    catalogue = Catalogue(OURS)
    with pytest.warns(plugins.PluginWarning) as told:
        assert list(catalogue) == ["revenue", "roas", "reach"]
    (said,) = [str(w.message) for w in told]
    assert said.startswith("strange:given: its metric 'odd' is left out: ")
    assert BROKEN[code] in said
    assert "\n" not in said
    assert said in plugins.problems()


def test_one_broken_package_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = "import hk_metrics as hk\nfine = hk.Ratio('cpl', 'spend', 'likes', unit='money')"
    _declare(monkeypatch, tmp_path, code, bad="missing", good="fine")
    with pytest.warns(plugins.PluginWarning, match="missing"):
        found = added("hk_metrics.metrics", lambda g: [(m.name, m) for m in all_of(hk.Ratio)(g)])
    assert list(found) == ["cpl"]


def _model(monkeypatch: pytest.MonkeyPatch, split: Any) -> None:
    theirs = Model("strange", "Strange", "None.", split)
    registry = Registry(models.GROUP, models._OURS, lambda _: [])
    registry._theirs = {"strange": theirs}
    monkeypatch.setattr(models, "MODELS", registry)


def _half(journeys: Any) -> Credit:
    share = np.repeat(0.5 / journeys.lengths, journeys.lengths)
    return Credit(share, share)


@pytest.mark.parametrize(
    ("split", "said"),
    [(_half, "add to something else than 1"), (lambda _: 1 / 0, "ZeroDivisionError")],
    ids=["loses orders", "fails"],
)
def test_model_of_a_package_that_loses_orders_is_refused(
    monkeypatch: pytest.MonkeyPatch, split: Any, said: str
) -> None:
    _model(monkeypatch, split)
    with pytest.raises(PluginError, match=said):
        hk.attribute(Dataset(TABLES), "strange")


def test_estimator_of_a_package_that_fails_is_a_refusal() -> None:
    class Odd:
        METHOD, ASSUMPTION = "odd", "None."

        @staticmethod
        def fit(*_: Any) -> None:
            raise KeyError("days")

    ((_, guarded),) = estimators._read(Odd)
    with pytest.raises(InsufficientDataError, match=r"'odd' of an installed package fails: KeyErr"):
        guarded.fit(None, None)
    with pytest.raises(PluginError, match="a module without METHOD and ASSUMPTION and fit"):
        list(estimators._read(os))


# -- the examples, in an environment of their own -------------------------------------------

USED = """
import json, sys, warnings
warnings.simplefilter("error")
import hk_metrics as hk
from hk_metrics.attribution import MODELS
from hk_metrics.incrementality import ESTIMATORS, LABELS
from hk_metrics.report.config import load
from hk_metrics.report.delivery import Parcel, Patience, hand_over
data = hk.load("orders.csv", on_error="reject", unknown_influencers="keep")
sample = hk.load("sample")
view = sample.view()
totals = view.totals(["comments", "shares", "reach", "warm_reactions", "warmth"])
lift = hk.lift(sample, "quiet_days").iloc[0]
credit = hk.attribute(sample, "rising")
channel = load("reports.toml").deliveries["log"]
done = hand_over(channel, Parcel("weekly", "k1", "Hello", "", facts={"roas": 2}), Patience())
print(json.dumps({
    "understood": [str(f) for f in data.quality.notes],
    "orders": float(data.view().totals("orders")["orders"]),
    "totals": {k: float(v) for k, v in totals.items()},
    "lift": [lift["method"], bool(lift["estimate"] == lift["estimate"] or lift["refusal"])],
    "label": LABELS["quiet_days"],
    "credited": float(credit["revenue"].sum()),
    "linear": float(hk.attribute(sample, "linear")["revenue"].sum()),
    "delivered": [done.status, done.error],
}))
"""


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder beside an environment that holds the product and every example."""
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)
    _pip(folder, "install", "--constraint", PROJECT / "constraints.txt",
         f"{wheel}[dashboard,reports]", *(_copy(e, folder) for e in EXAMPLES))  # fmt: skip
    _run(folder, "generate", "sample", "--influencers", "20", "--days", "90", "--events", "3000")
    (folder / "orders.csv").write_text(
        "Acme Click Ref,Sale Date,Sale Amount,Creator\nA1,2025-03-02,900,asha\nA2,2025-03-05,300,ravi\n"
    )
    (folder / "reports.toml").write_text(
        '[deliveries.log]\nkind = "jsonl"\npath = "reports.jsonl"\n'
    )
    return folder


def _copy(example: Path, folder: Path) -> Path:
    """Return an example apart from the repository, which a build would leave its traces in."""
    shown = shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
    return Path(shutil.copytree(example, folder / example.name, ignore=shown))


def _pip(folder: Path, *words: Any) -> None:
    command = [UV, "pip", words[0], "--quiet", "--python", folder / "venv/bin/python", *words[1:]]
    subprocess.run(command, check=True, cwd=folder)


def _run(folder: Path, *words: str, code: str = "") -> str:
    how = ["-c", code] if code else ["-m", "hk_metrics", *words]
    kept = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(
        [folder / "venv/bin/python", *how], cwd=folder, env=kept, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_examples_are_installed_found_used_shown_and_uninstalled(environment: Path) -> None:
    assert len(EXAMPLES) == len(plugins.GROUPS)
    listed = _run(environment, "plugins").splitlines()
    assert [line.split(" ", 1)[0] for line in sorted(listed)] == [p.name for p in EXAMPLES]
    _are_used(json.loads(_run(environment, code=USED)))
    assert json.loads((environment / "reports.jsonl").read_text())["facts"] == {"roas": 2}
    _is_shown(environment)
    _pip(environment, "uninstall", *(p.name for p in EXAMPLES))
    assert _run(environment, "plugins").strip() == "no installed package adds anything"
    gone = "import hk_metrics as hk; print('warmth' in hk.METRICS)"
    assert _run(environment, code=gone).strip() == "False"


def _are_used(found: dict[str, Any]) -> None:
    assert any("Acme Affiliates transactions export" in note for note in found["understood"])
    assert found["orders"] == 2
    totals = found["totals"]
    warm = 2 * totals["comments"] + 3 * totals["shares"]
    assert totals["warm_reactions"] == pytest.approx(warm)
    assert totals["warmth"] == pytest.approx(1000 * warm / totals["reach"])
    assert found["lift"] == ["quiet_days", True]
    assert found["label"] == "Quiet days"
    assert found["credited"] == pytest.approx(found["linear"])
    assert found["delivered"] == ["delivered", ""]


def _is_shown(environment: Path) -> None:
    """Look at the examples' marks in a browser: page, model and estimator."""
    from benchmarks.serving import open_page, serving
    from hk_metrics.browser import chromium

    needs_browser()
    python = environment / "venv/bin/python"
    options = ("--data", str(environment / "sample"), "--pool", "1")
    with serving(environment, *options, python=python) as server, chromium() as browser:
        page = open_page(browser, f"{server.url}?page=money")
        for mark in ("Money by month", "By campaign", "Revenue and Spend"):
            page.get_by_text(mark, exact=True).locator("visible=true").first.wait_for()
        for tab, mark in (("lift", "Quiet days"), ("credit", "Rising")):
            page.evaluate("query => hkMetrics.visit(query)", f"page=roas&o.tab={tab}")
            page.get_by_text(mark).locator("visible=true").first.wait_for(timeout=90_000)
