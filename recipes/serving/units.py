"""The units that `hk-metrics report schedule --kind systemd` writes, as systemd reads them.

python -m recipes.serving.units, from the project and with its environment; needs systemd-analyze.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hk_metrics.report import schedule

CONFIGURATION = Path(__file__).resolve().parent.parent / "reports.toml"


def units(text: str) -> dict[str, str]:
    """Return the files in what the command prints, by name.

    >>> units("# a.timer\\n[Timer]\\nx=1\\n")
    {'a.timer': '[Timer]\\nx=1\\n'}
    """
    parts = re.split(r"^# (\S+\.(?:timer|service))$\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def main() -> str:
    """Return why it fails: nothing, or what systemd finds wrong."""
    if shutil.which("systemd-analyze") is None:
        return "systemd-analyze is not on this machine"
    found = units(schedule(config=CONFIGURATION, kind="systemd"))
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in found]
        for file in files:
            file.write_text(found[file.name])
        checked = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True
        )
    ours = [line for line in checked.stderr.splitlines() if any(n in line for n in found)]
    print(f"systemd: {', '.join(found)}: {'read without complaint' if not ours else 'refused'}")
    return "\n".join(ours) if ours or not found else ""


if __name__ == "__main__":
    sys.exit(main() or 0)
