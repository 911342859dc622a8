"""The dashboard on generated data, from any folder, apart from a user's own store."""

from __future__ import annotations

import os
import shutil

from hk_metrics import __version__
from hk_metrics.places import cache_folder
from hk_metrics.settings import default_settings
from hk_metrics.startup import notebook_format
from hk_metrics.ui.serve.server import serve
from hk_metrics.ui.sources import sample


def serve_demo(port: int = 8866) -> None:
    """Serve the generated sample until interrupted; print the address.

    Parameters
    ----------
    port
        Where it listens on this machine.

    Notes
    -----
    Imports into the demonstration are forgotten when the next one begins; the sample, which is
    the same for a version of the package, is made once.
    """
    notebook_format()  # what the page needs is asked for before the sample is made
    folder = cache_folder() / "demo" / __version__
    shutil.rmtree(folder / "store", ignore_errors=True)
    os.environ["HK_METRICS_STORE"] = str(folder / "store")
    default_settings.cache_clear()
    print("The dashboard on generated data: 120 influencers, 180 days ...", flush=True)
    sample()
    serve(port=port)
