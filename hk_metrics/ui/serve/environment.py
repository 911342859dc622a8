"""What a session inherits of the server's environment: what it needs, and no secret."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hk_metrics.access import VARIABLE, Visitor
from hk_metrics.places import PACKAGE
from hk_metrics.settings import Settings
from hk_metrics.ui.assets.door import SERVED

if TYPE_CHECKING:
    from collections.abc import Mapping

# A list of what is let through: secrets have any name.
_NAMES = frozenset(
    {
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP",
        "TMP",
        "VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT", "COLUMNS", "LINES", "MALLOC_ARENA_MAX",
        "MALLOC_TRIM_THRESHOLD_", "_RJEM_MALLOC_CONF", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "FONTCONFIG_PATH", "FONTCONFIG_FILE", "PLAYWRIGHT_BROWSERS_PATH", "MPLCONFIGDIR",
        "JUPYTER_PATH", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
        "JUPYTER_PREFER_ENV_PATH", "IPYTHONDIR",
    }
)  # fmt: skip
_FAMILIES = (
    "LC_",
    "XDG_",
    "PYTHON",
    "POLARS_",
    "OMP_",
    "OPENBLAS_",
    "MKL_",
    "NUMEXPR_",
    "COVERAGE_",
)
_OURS = "HK_METRICS_"
# Of ours that are no settings.
_OTHERS = frozenset({"HK_METRICS_SETTINGS", "HK_METRICS_REPORTS", "HK_METRICS_CHROMIUM"})


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what of an environment a session may know.

    >>> inherited({"PATH": "/bin", "SMTP_PASSWORD": "x", "HK_METRICS_TOKEN": "y",
    ...            "HK_METRICS_CURRENCY": "EUR", "LC_ALL": "C"})
    {'PATH': '/bin', 'HK_METRICS_CURRENCY': 'EUR', 'LC_ALL': 'C'}
    """
    return {name: value for name, value in environment.items() if _passes(name)}


def _passes(name: str) -> bool:
    if name.startswith(_OURS):
        setting = name.removeprefix(_OURS).partition("__")[0].lower()
        return name in _OTHERS or setting in Settings.model_fields
    return name in _NAMES or name.startswith(_FAMILIES)


def session_environment(own: Mapping[str, str], base_url: str) -> dict[str, str]:
    """Return the environment of a session before anybody has come to it.

    Parameters
    ----------
    own
        What this server adds, e.g. where the data is.
    base_url
        The path under which the dashboard is served.
    """
    paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return {
        **inherited(os.environ),
        "PYTHONPATH": os.pathsep.join(p for p in paths if p),
        SERVED: "1",
        "HK_METRICS_PYTHON": sys.executable,
        "JUPYTER_PREFER_ENV_PATH": "1",
        # Polars' allocator keeps freed memory for ten seconds, in each of many sessions.
        "_RJEM_MALLOC_CONF": "background_thread:true,dirty_decay_ms:500,muzzy_decay_ms:0",
        "VOILA_BASE_URL": base_url,
        # Until the server has said who came, the session is one that only looks.
        VARIABLE: Visitor(role="viewer").as_text(),
        **own,
    }
