"""What tests need of the machine: where it lacks it they are skipped, and in CI they fail."""

from __future__ import annotations

import os

import pytest

from hk_metrics.browser import executable


def needs_browser() -> None:
    """Skip a test where there is no Chromium; in CI, whose set-up installs one, fail."""
    if executable() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium on this machine")
