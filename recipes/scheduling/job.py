"""Two jobs through jupyter-scheduler's own API: python recipes/scheduling/job.py PLACE.

The letter's notebook with parameters, as *Create a notebook job* sends them, and a notebook of one
cell that runs the whole report. Ends with 1 where a job does not complete.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from jupyter_scheduler.models import CreateJob
from jupyter_scheduler.orm import create_tables
from jupyter_scheduler.scheduler import Scheduler
from jupyter_server.serverapp import ServerApp

_SECONDS = 300
_ENDED = ("COMPLETED", "FAILED")  # what has not begun is "STOPPED"
_WHOLE = 'from hk_metrics import report\n\nprint(report.run("weekly"))'


def main(place: Path) -> None:
    """Run both jobs and keep the first one's executed notebook in the place."""
    product = place / "product"
    new = nbformat.v4
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [new.new_code_cell(_WHOLE)]
    nbformat.write(new.new_notebook(cells=cells, metadata=kernel), product / "whole.ipynb")
    scheduler = _scheduler(place, product)
    text = {"data": place / "data", "start": "2025-06-02", "end": "2025-06-08"}
    given = {name: f'"{value}"' for name, value in text.items()}
    executed = _done(scheduler, "notebooks/report.ipynb", given)
    (place / "executed-report.ipynb").write_bytes(executed.read_bytes())
    print(_done(scheduler, "whole.ipynb", {}).name)


def _scheduler(place: Path, root: Path) -> Any:
    address = f"sqlite:///{place / 'scheduler.sqlite'}"
    create_tables(address)
    server = ServerApp(root_dir=str(root))
    server.init_configurables()
    return Scheduler(
        root_dir=str(root),
        db_url=address,
        environments_manager=_environments(),
        contents_manager=server.contents_manager,
        config=server.config,
    )


def _environments() -> Any:
    from jupyter_scheduler.environments import StaticEnvironmentManager

    return StaticEnvironmentManager()


def _done(scheduler: Any, notebook: str, parameters: dict[str, str]) -> Path:
    asked = CreateJob(
        input_uri=notebook,
        name=Path(notebook).stem,
        runtime_environment_name="jupyterlab-env",
        output_formats=["ipynb"],
        parameters=parameters,
    )
    job = scheduler.create_job(asked)
    until = time.monotonic() + _SECONDS
    while (found := scheduler.get_job(job)).status not in _ENDED:
        if time.monotonic() > until:
            raise SystemExit(f"{notebook}: still {found.status} after {_SECONDS} s")
        time.sleep(1)
    if found.status != "COMPLETED":
        raise SystemExit(f"{notebook}: {found.status}: {found.status_message}")
    return Path(scheduler.get_staging_paths(found)["ipynb"])


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
