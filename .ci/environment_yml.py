"""Write environment.yml from pyproject.toml: python .ci/environment_yml.py."""

from __future__ import annotations

import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
groups = [project["dependencies"], *project["optional-dependencies"].values()]
names = sorted({requirement for group in groups for requirement in group}, key=str.lower)
lines = [
    "# Written by .ci/environment_yml.py from pyproject.toml; a test compares the two.",
    "name: hk-metrics",
    "channels: [conda-forge]",
    "dependencies:",
    f"  - python{project['requires-python']}",
    "  - pip",
    "  - pip:",
    "      - --editable .",
    *(f"      - {name}" for name in names),
]
(PROJECT / "environment.yml").write_text("\n".join(lines) + "\n")
