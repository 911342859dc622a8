"""What an installation may leave out, and what to install where it is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PROJECT = "hk-metrics"


def advice(missing: ModuleNotFoundError) -> str | None:
    """Return what to install for a module that is not there; None if that is no package's fault.

    Parameters
    ----------
    missing
        The failed import.

    Examples
    --------
    >>> advice(ModuleNotFoundError(name="hk_metrics.typo")) is None
    True
    >>> advice(ModuleNotFoundError(name="nothing.of_ours"))
    'nothing is not installed. Install it with: pip install nothing'
    """
    module = (missing.name or "").split(".")[0]
    if module in ("", "hk_metrics"):
        return None
    extra = extra_of(module)
    what = f"'{_PROJECT}[{extra}]'" if extra else module
    return f"{module} is not installed. Install it with: pip install {what}"


def extra_of(module: str, declared: Sequence[str] | None = None) -> str | None:
    """Return the first extra that brings a module; None if none does by that name.

    Parameters
    ----------
    module
        As it is imported.
    declared
        Lines of requirements; those of the installed package without.

    >>> extra_of("jupyter_server", ['click>=8', 'jupyter-server<3; extra == "dashboard"'])
    'dashboard'
    """
    name = _name(module)
    parts = [_parts(line) for line in (_declared() if declared is None else declared)]
    return next((extra for package, extra in parts if package == name and extra), None)


def _declared() -> list[str]:
    from importlib.metadata import PackageNotFoundError, requires

    try:
        return requires(_PROJECT) or []
    except PackageNotFoundError:
        return []


def _name(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _parts(requirement: str) -> tuple[str, str | None]:
    """Return the package and the extra of a line like ``voila>=0.5; extra == "dashboard"``."""
    package = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    extra = re.search(r"extra\s*==\s*[\"']([\w-]+)", requirement)
    return _name(package), extra[1] if extra else None
