"""What ran, when, and what became of it: one small file a run, replaced whole at every step."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from hk_metrics.present import atomic

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["running", "delivering", "written", "delivered", "undelivered", "failed"]
_DONE = ("written", "delivered")


class Handover(BaseModel, frozen=True):
    """One delivery of one run.

    ``receipts`` says of each receiver, where a channel knows them, why it has not got it, empty
    where it has; ``not_before`` is when the other side wants to be asked again.
    """

    status: Literal["delivered", "failed"]
    at: datetime
    attempts: int = 1
    error: str = ""
    receipts: dict[str, str] = Field(default_factory=dict)
    not_before: datetime | None = None

    @property
    def taken(self) -> list[str]:
        """Receivers who have it."""
        return [receiver for receiver, refusal in self.receipts.items() if not refusal]


class Run(BaseModel, frozen=True):
    """One run of a report, as remembered.

    Parameters
    ----------
    report, key
        What ran; the key says for which period and data.
    status
        ``running`` or ``delivering`` (interrupted, where nobody holds its lock), ``written`` (files
        are there and nothing was to be delivered), ``delivered``, ``undelivered`` (files are there,
        a delivery failed), ``failed`` (no files).
    started, finished
        With their time zone.
    slot
        The planned time that this run stands for, if the report has a schedule.
    parameters
        As the notebook got them.
    folder, files
        Where the outputs are, and their names within; empty after retention removed them.
    edition
        How often it was made anew on request.
    deliveries
        By name.
    alerts
        What the rules found, as sentences.
    message
        Why it failed, or what to know.
    unsent
        Whether nothing was to go out, because the period has no row.
    value
        What the letter is about, of a report with a letter for each value.
    """

    report: str
    key: str
    status: Status
    started: datetime
    finished: datetime | None = None
    slot: datetime | None = None
    period: str = ""
    data_version: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    folder: str = ""
    files: tuple[str, ...] = ()
    edition: int = 1
    deliveries: dict[str, Handover] = Field(default_factory=dict)
    alerts: tuple[str, ...] = ()
    message: str = ""
    unsent: bool = False
    value: str = ""

    @property
    def title(self) -> str:
        """Name of the report, and what it is about where it has a letter for each value."""
        return f"{self.report} for {self.value}" if self.value else self.report

    @property
    def ok(self) -> bool:
        """Whether there is a finished report and everyone who should have it has it."""
        return self.status in _DONE

    @property
    def delivered(self) -> set[str]:
        """Names of the deliveries that have it."""
        return {name for name, done in self.deliveries.items() if done.status == "delivered"}

    def with_(self, **changes: Any) -> Run:
        """Return the run with some fields changed."""
        return self.model_copy(update=changes)


class History:
    """The runs under one folder.

    Parameters
    ----------
    root
        The reports' folder; records lie in ``history/REPORT/KEY.json`` below it.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / "history"

    def read(self, report: str, key: str) -> Run | None:
        """Return one run; None if it never began."""
        return _read(self._path(report, key))

    def write(self, run: Run) -> Run:
        """Remember a run; a reader sees the record before or after, never half of it."""
        atomic.write(self._path(run.report, run.key), run.model_dump_json(indent=1).encode())
        return run

    def forget(self, run: Run) -> None:
        """Remove a run's record."""
        self._path(run.report, run.key).unlink(missing_ok=True)

    def runs(self, report: str | None = None) -> list[Run]:
        """Return the runs of one report, or of all, the latest first."""
        paths = self.folder.glob(f"{report or '*'}/[0-9a-f]*.json")
        found = [run for run in map(_read, paths) if run]
        return sorted(found, key=lambda run: run.started, reverse=True)

    def frame(self, report: str | None = None) -> pd.DataFrame:
        """Return the runs as a table, one row per run, the latest first."""
        import pandas as pd

        columns = [
            "report",
            "value",
            "period",
            "status",
            "started",
            "finished",
            "message",
            "folder",
            "key",
        ]
        rows = [run.model_dump(include=set(columns)) for run in self.runs(report)]
        return pd.DataFrame(rows, columns=columns)

    def _path(self, report: str, key: str) -> Path:
        return self.folder / report / f"{key}.json"


class Notices:
    """The alerts that were sent, so that none is sent twice.

    Parameters
    ----------
    root
        The reports' folder; they lie in ``history/REPORT/alerts/KEY.json`` below it.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / "history"

    def read(self, report: str, key: str) -> dict[str, Handover]:
        """Return who had an alert, by delivery."""
        try:
            return _HANDOVERS.validate_json(self._path(report, key).read_bytes())
        except (FileNotFoundError, ValidationError):
            return {}

    def write(self, report: str, key: str, sent: dict[str, Handover]) -> None:
        """Remember who had it."""
        atomic.write(self._path(report, key), _HANDOVERS.dump_json(sent, indent=1))

    def _path(self, report: str, key: str) -> Path:
        return self.folder / report / "alerts" / f"{key}.json"


_HANDOVERS = TypeAdapter(dict[str, Handover])


def _read(path: Path) -> Run | None:
    try:
        return Run.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        # Records are replaced whole; one that cannot be read is from another version of us.
        return None
