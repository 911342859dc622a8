"""What an installation may leave out, and what to install where it is asked for."""

from __future__ import annotations

import re

_PROJECT = "hk-metrics"


def advice(missing: ModuleNotFoundError) -> str | None:
    """Return what to install for a module that is not there; None if that is no package's fault.

    Parameters
    ----------
    missing
        The failed import.

    Examples
    --------
    >>> advice(ModuleNotFoundError(name="voila.app"))
    "voila is not installed. Install it with: pip install 'hk-metrics[dashboard]'"
    >>> advice(ModuleNotFoundError(name="hk_metrics.typo")) is None
    True
    """
    module = (missing.name or "").split(".")[0]
    if module in ("", "hk_metrics"):
        return None
    extra = extra_of(module)
    what = f"'{_PROJECT}[{extra}]'" if extra else module
    return f"{module} is not installed. Install it with: pip install {what}"


def extra_of(module: str) -> str | None:
    """Return the first extra that brings a module; None if none does by that name.

    >>> extra_of("papermill"), extra_of("polars")
    ('reports', None)
    """
    from importlib.metadata import PackageNotFoundError, requires

    try:
        declared = requires(_PROJECT) or []
    except PackageNotFoundError:
        return None
    name = re.sub(r"[-_.]+", "-", module).lower()
    for requirement in declared:
        package, extra = _parts(requirement)
        if package == name and extra:
            return extra
    return None


def _parts(requirement: str) -> tuple[str, str | None]:
    """Return the package and the extra of a line like ``voila>=0.5; extra == "dashboard"``."""
    package = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    extra = re.search(r"extra\s*==\s*[\"']([\w-]+)", requirement)
    return re.sub(r"[-_.]+", "-", package).lower(), extra[1] if extra else None
