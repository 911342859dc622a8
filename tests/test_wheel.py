"""The wheel in an environment of its own: whole, light, usable from any folder, without writing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT, UV

# Of which the core has to do without.
LEFT_OUT = ("pyarrow", "plotly", "IPython", "ipywidgets", "voila", "papermill", "jupyter_server")


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An environment that holds the core and nothing else, and cannot be written to."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    program = folder / "bin" / "python"
    constraints = PROJECT / "constraints.txt"
    subprocess.run(
        [UV, "pip", "install", "--quiet", "--python", program, "--constraint", constraints, wheel],
        check=True,
    )
    package = next(folder.glob("lib/python*/site-packages/hk_metrics"))
    for path in [*package.rglob("*"), package]:
        path.chmod(path.stat().st_mode & ~0o222)
    yield program
    for path in [package, *package.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)


def _run(python: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [python, *words], cwd=folder, env=kept, capture_output=True, text=True, timeout=300
    )


def test_wheel_carries_every_file_of_the_package(wheel: Path) -> None:
    kept = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "hk_metrics", "notebooks"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    wanted = {name if name.startswith("hk") else f"hk_metrics/{name}" for name in kept}
    wanted.discard("hk_metrics/notebooks")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {name for name in wanted if (PROJECT / name).is_file()} == held


def test_core_is_light_and_has_nothing_of_what_it_does_without(python: Path) -> None:
    site = python.parent.parent / "lib"
    size = sum(p.stat().st_size for p in site.rglob("*") if p.is_file() and not p.is_symlink())
    assert size < 650e6
    code = f"from importlib.util import find_spec as f; print([m for m in {LEFT_OUT!r} if f(m)])"
    assert _run(python, python.parent, "-c", code).stdout.strip() == "[]"


def test_core_computes_from_any_folder(python: Path, tmp_path: Path) -> None:
    made = _run(python, tmp_path, "-m", "hk_metrics", "generate", "sample", "--influencers", "12",
                "--days", "30", "--events", "600")  # fmt: skip
    assert made.returncode == 0, made.stderr
    code = (
        "import json, hk_metrics as hk; d = hk.load('sample'); v = d.view(); "
        "print(json.dumps([hk.__file__, v.totals(['spend', 'revenue']).tolist(), "
        "v.by('platform', ['spend'])['spend'].sum(), len(hk.rank(v, 'roas'))]))"
    )
    found = _run(python, tmp_path, "-c", code)
    assert found.returncode == 0, found.stderr
    place, (spend, revenue), by_platform, ranked = json.loads(found.stdout)
    assert place.startswith(str(python.parent.parent))
    paid = _column(tmp_path / "sample" / "payouts.csv", "total_payout")
    assert spend == pytest.approx(sum(paid)) == pytest.approx(by_platform)
    assert revenue > 0
    assert ranked == 12


def _column(path: Path, name: str) -> list[float]:
    import csv

    with path.open() as file:
        return [float(row[name] or 0) for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (["demo"], "dashboard"),
        (["serve"], "dashboard"),
        (["report", "run", "report"], "reports"),
    ],
    ids=["demo", "serve", "report run"],
)
def test_what_an_extra_brings_is_named_without_it(
    python: Path, tmp_path: Path, words: list[str], extra: str
) -> None:
    found = _run(python, tmp_path, "-m", "hk_metrics", *words)
    assert found.returncode == 1
    assert found.stderr.strip().endswith(f"pip install 'hk-metrics[{extra}]'"), found.stderr
    assert len(found.stderr.strip().splitlines()) == 1


def test_version_is_the_package_s(python: Path, tmp_path: Path) -> None:
    found = _run(python, tmp_path, "-m", "hk_metrics", "--version")
    inside = _run(python, tmp_path, "-c", "import hk_metrics; print(hk_metrics.__version__)")
    assert found.stdout.split()[-1] == inside.stdout.strip()
