"""Whose page a session is shown on: that of `hk-metrics serve`, or another front end's."""

import os

# Set by `hk-metrics serve`, whose page gives modules and libraries by address.
SERVED = "HK_METRICS_SERVED"


def served() -> bool:
    """Return whether this is a session of `hk-metrics serve`."""
    return bool(os.environ.get(SERVED))
