"""The user's crontab: our lines in a marked block, everything else left as it is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from hk_metrics.errors import MissingToolError, ReportError


def installed(crontab: str, lines: str, config: Path | None) -> str:
    """Return a crontab with our lines in their block, in the place where it was.

    Parameters
    ----------
    crontab
        As it is.
    lines
        What the block is to hold; empty for no block.
    config
        Whose block it is: two configurations have two.

    >>> once = installed("0 1 * * * backup", "*/15 * * * * ours", None)
    >>> installed(once, "*/15 * * * * ours", None) == once, installed(once, "", None)
    (True, '0 1 * * * backup\\n')
    """
    begin, end = (f"# {way} hk-metrics reports {config or ''}".rstrip() for way in (">>>", "<<<"))
    kept = crontab.splitlines()
    block = [begin, *lines.splitlines(), end] if lines else []
    if begin in kept and end in kept[kept.index(begin) :]:
        first, last = kept.index(begin), kept.index(end, kept.index(begin))
        kept[first : last + 1] = block
    else:
        kept += block
    return "\n".join(kept) + "\n" if kept else ""


def read() -> str:
    """Return the user's crontab; empty where there is none.

    Raises
    ------
    MissingToolError
        There is no cron on this machine.
    ReportError
        It cannot be read; nothing may then be written.
    """
    done = _crontab("-l")
    if done.returncode and "no crontab" not in done.stderr.lower():
        raise ReportError(f"the crontab cannot be read: {done.stderr.strip()}")
    return "" if done.returncode else done.stdout


def write(content: str) -> None:
    """Make this the user's crontab.

    Raises
    ------
    ReportError
        cron refuses it; the crontab is then as it was.
    """
    done = _crontab("-", content)
    if done.returncode:
        raise ReportError(f"the crontab was not changed: {done.stderr.strip()}")


def _crontab(argument: str, content: str | None = None) -> subprocess.CompletedProcess[str]:
    program = shutil.which("crontab")
    if program is None:
        raise MissingToolError(
            "there is no crontab program here: install cron, or take "
            "hk-metrics report schedule --kind systemd"
        )
    return subprocess.run(
        [program, argument], input=content, capture_output=True, text=True, check=False
    )
