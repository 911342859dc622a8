"""Papermill runs a notebook in a kernel of its own, with a deadline and without our secrets."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hk_metrics.errors import ReportError
from hk_metrics.report import cells, html, secrets
from hk_metrics.startup import notebook_format

_ENGINE = "hk_metrics"
# A burst of reports on a small machine starts kernels slowly; that is no reason to fail.
_START_SECONDS = 300
_SOCKET_PATH_LIMIT = 100  # of a Unix socket's address, with its number


def execute(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, Any],
    *,
    seconds: float = 1800,
    hidden: Collection[str] = (),
    known: Mapping[str, str] | None = None,
) -> Any:
    """Run a notebook with parameters and write the executed copy.

    Parameters
    ----------
    notebook
        A notebook with a cell tagged ``parameters``.
    output
        Where the executed notebook goes; on failure it holds the error.
    parameters
        Checked values (`hk_metrics.report.parameters.validate`).
    seconds
        Deadline of the whole run.
    hidden
        Names of environment variables that the kernel must not see.
    known
        Secrets, name → value, kept out of papermill's log.

    Returns
    -------
    nbformat.NotebookNode
        The executed notebook.

    Raises
    ------
    ReportError
        A cell that others need failed, all parts failed, or the deadline passed; says which and
        why.
    """
    notebook_format()
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    _register()
    deadline = time.monotonic() + seconds
    try:
        with _sockets() as transport, _discreet(known or {}):
            done = papermill.execute_notebook(
                notebook,
                output,
                parameters=dict(parameters),
                engine_name=_ENGINE,
                kernel_name="python3",
                progress_bar=False,
                start_timeout=_START_SECONDS,
                request_save_on_cell_execute=False,
                timeout_func=lambda _: max(1, round(deadline - time.monotonic())),
                kernel_env=_environment(hidden),
                transport=transport,
            )
    except PapermillExecutionError as failure:
        raise ReportError(_reason(notebook, failure)) from None
    except CellTimeoutError:
        raise ReportError(
            f"{notebook.name} took longer than {seconds:g} s: raise timeout_minutes, "
            "or narrow the period"
        ) from None
    except DeadKernelError:
        raise ReportError(
            f"the kernel of {notebook.name} died, most likely for want of memory: "
            "narrow the period, or run fewer reports at once"
        ) from None
    if cells.all_missing(done):
        part = html.outputs(done, html.FAILURE)[0]
        raise ReportError(f"{notebook.name}, {part['title']}: {part['reason']}")
    return done


def _reason(notebook: Path, failure: Any) -> str:
    # Our own errors already say what, where and how to fix; Python's need their type.
    return f"{notebook.name}, cell {failure.exec_count}: {failure.ename}: {failure.evalue}"


def _environment(hidden: Collection[str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    # Figures as data, once: other renderers put a copy of plotly.js beside each of them.
    return {**kept, "PLOTLY_RENDERER": "plotly_mimetype", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def _register() -> None:
    from papermill.engines import papermill_engines

    if _ENGINE not in papermill_engines._engines:
        papermill_engines.register(_ENGINE, _engine())


def _engine() -> Any:
    """Papermill's own engine, with an environment for the kernel and sockets instead of ports."""
    from papermill.engines import Engine
    from papermill.log import logger

    class KernelEngine(Engine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            client = cells.client()(
                nb_man,
                kernel_name=kernel_name,
                startup_timeout=options["start_timeout"],
                timeout_func=options["timeout_func"],
                config=options["transport"],
                log=logger,
            )
            return client.execute(env=options["kernel_env"])

    return KernelEngine


@contextmanager
def _sockets() -> Iterator[Any]:
    """Two kernels that start together may be given the same free port; files cannot collide."""
    from traitlets.config import Config

    with tempfile.TemporaryDirectory(prefix="hk-", ignore_cleanup_errors=True) as folder:
        address = f"{folder}/k"
        short = os.name == "posix" and len(os.fsencode(address)) < _SOCKET_PATH_LIMIT
        yield Config({"KernelManager": {"transport": "ipc", "ip": address}} if short else {})


@contextmanager
def _discreet(known: Mapping[str, str]) -> Iterator[None]:
    """Keep secrets that a notebook prints out of papermill's log, at any level of it."""
    from papermill.log import logger

    def redacted(record: logging.LogRecord) -> bool:
        record.msg, record.args = secrets.redact(record.getMessage(), known), ()
        return True

    logger.addFilter(redacted)
    try:
        yield
    finally:
        logger.removeFilter(redacted)
