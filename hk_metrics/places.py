"""Where things lie: the notebooks that come along, and where an installation writes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
NOTEBOOKS = PACKAGE / "notebooks"


def checkout() -> Path | None:
    """Return the repository's folder; None where the package was installed from a wheel."""
    return PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None


@cache
def data_folder() -> Path:
    """Return where samples and stores lie unless settings say otherwise.

    The repository's ``data``; of an installed package, which nobody may write into, the user's own
    folder for data.
    """
    if project := checkout():
        return project / "data"
    from platformdirs import user_data_path

    return user_data_path("hk-metrics", appauthor=False)


def tokens_file() -> Path:
    """Return where the hashes of people's tokens lie (`hk-metrics token add`)."""
    return data_folder() / "tokens.json"


@cache
def cache_folder() -> Path:
    """Return where goes what can be made again, e.g. the demonstration's store."""
    if project := checkout():
        return project / "data" / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("hk-metrics", appauthor=False)


def reports_folder() -> Path:
    """Return where reports go that no configuration names a place for: the repository, or here."""
    return (checkout() or Path.cwd()) / "reports"
