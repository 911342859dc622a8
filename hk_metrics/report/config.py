"""One file says which reports there are, when they run and who gets them: ``reports.toml``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field, ValidationError, model_validator

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.places import NOTEBOOKS, checkout, reports_folder
from hk_metrics.report import due
from hk_metrics.report.delivery import KINDS, Channel, Patience
from hk_metrics.report.kinds import Rule, checked
from hk_metrics.settings import default_settings

VARIABLE = "HK_METRICS_REPORTS"
Format = Literal["html", "pdf", "xlsx", "csv", "ipynb"]
FORMATS = get_args(Format)
_NOT_WRITTEN = ("name", "source", "value")  # fields that a file does not give

Cron = Annotated[str, checked(lambda value: value and due.check(value))]
Zone = Annotated[str, checked(lambda value: value and due.zone(value))]


class Report(BaseModel, frozen=True, extra="forbid"):
    """One report.

    ``notebook`` is a path, or a name in the project's notebooks; ``parameters`` what it is told;
    ``schedule`` five words of cron on the clock of ``timezone``; ``formats`` what is made;
    ``deliver`` and ``alert`` name deliveries; ``alerts`` are rules in words; ``keep`` is how many
    runs' files stay; ``late_after_minutes`` is when a run that did not come counts as missed, and
    ``catch_up`` how many missed runs are made up for, the oldest first; older ones are said to be
    skipped; ``when_empty`` is what goes out about a period without a row: a letter, one line, or
    nothing; a ``paused`` report is made on request only, and not missed; ``for_each`` names a list
    parameter, such as ``brand``: one run then makes a letter for each value with a row in its
    period, for its ``recipients`` (value → deliveries) or else those of ``deliver``;
    ``subscribed`` says who subscribed it on the page, empty for what is written by hand.
    """

    name: str = ""
    notebook: str = "report"
    title: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    schedule: Cron = ""
    timezone: Zone = ""
    formats: tuple[Format, ...] = ("html", "csv", "ipynb")
    deliver: tuple[str, ...] = ()
    alert: tuple[str, ...] = ()
    alerts: tuple[Rule, ...] = ()
    keep: int = Field(default=52, ge=1)
    timeout_minutes: float = Field(default=30, gt=0)
    late_after_minutes: float = Field(default=60, ge=0)
    catch_up: int = Field(default=4, ge=0)
    when_empty: Literal["letter", "note", "skip"] = "note"
    paused: bool = False
    for_each: str = ""
    recipients: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    value: str = ""
    subscribed: str = ""

    @model_validator(mode="after")
    def _recipients_are_of_something(self) -> Report:
        if self.recipients and not self.for_each:
            raise ValueError("recipients are of values: say of which, as in for_each = 'brand'")
        return self

    @property
    def receivers(self) -> set[str]:
        """Names of all deliveries that it uses."""
        return {*self.deliver, *self.alert}.union(*self.recipients.values())

    @property
    def path(self) -> Path:
        """The notebook's file."""
        return notebook_path(self.notebook)


class Reports(BaseModel, frozen=True, extra="forbid"):
    """All reports of one installation.

    ``root`` is where runs and their history lie; ``parallel`` how many kernels run at once, the
    others wait; ``patience`` how often a delivery is tried.
    """

    root: Path = Field(default_factory=reports_folder)
    timezone: Zone = Field(default_factory=lambda: default_settings().timezone)
    parallel: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    patience: Patience = Patience()
    deliveries: dict[str, Channel] = Field(default_factory=dict)
    reports: dict[str, Report] = Field(default_factory=dict)
    source: Path | None = None

    @model_validator(mode="after")
    def _names_exist(self) -> Reports:
        for name, report in self.reports.items():
            for delivery in report.receivers - self.deliveries.keys():
                unknown = UnknownNameError.of("delivery", delivery, self.deliveries)
                raise ValueError(f"report {name!r}: {unknown}")
        return self

    def report(self, name: str) -> Report:
        """Return a report by its name, or a notebook's name or path as one without deliveries.

        Raises
        ------
        UnknownNameError
            There is neither.
        """
        found = self.reports.get(name)
        if found is None:
            path = notebook_path(name)
            if not path.is_file():
                there = sorted({*self.reports, *(p.stem for p in NOTEBOOKS.glob("report*.ipynb"))})
                raise UnknownNameError.of("report", name, there)
            found = Report(notebook=str(path))
        timezone = found.timezone or self.timezone
        return found.model_copy(update={"name": Path(name).stem, "timezone": timezone})

    @property
    def references(self) -> tuple[str, ...]:
        """The secrets that deliveries use, by reference."""
        return tuple(r for channel in self.deliveries.values() for r in channel.references)


def notebook_path(name: str) -> Path:
    """Return the file of a notebook: a path, or a name among the project's notebooks."""
    path = Path(name).expanduser()
    ours = NOTEBOOKS / f"{name}.ipynb"
    return path.resolve() if path.suffix == ".ipynb" or not ours.is_file() else ours


def load(path: Path | str | None = None) -> Reports:
    """Read the configuration.

    Parameters
    ----------
    path
        A TOML file; without one, the file named by ``HK_METRICS_REPORTS``, else ``reports.toml``
        in the working directory or the project, else none: reports then run without deliveries.

    Raises
    ------
    ParameterError
        The file is not there or not right; lists every problem with its place.
    """
    return read(Path(path) if path else usual_place())


def read(chosen: Path | None, content: dict[str, Any] | None = None) -> Reports:
    """Return what a file says, or would say with another content; nothing without a file.

    Raises
    ------
    ParameterError
        The file is not there or not right; lists every problem with its place.
    """
    if chosen is None:
        return Reports()
    try:
        if content is None:
            content = tomllib.loads(chosen.read_text(encoding="utf-8"))
    except OSError as failure:
        raise ParameterError(f"{chosen}: cannot be read ({failure.strerror})") from None
    except tomllib.TOMLDecodeError as wrong:
        raise ParameterError(f"{chosen}: is not TOML: {wrong}") from None
    try:
        return Reports.model_validate(_located(content, chosen))
    except ValidationError as wrong:
        raise ParameterError(_problems(chosen, wrong)) from None


def usual_place() -> Path | None:
    """Return the file that is read where none is named; None for none."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    folders = (Path.cwd(), checkout() or Path.cwd())
    return next((p for f in folders if (p := f / "reports.toml").is_file()), None)


def _located(content: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """Paths in the file are relative to the file, wherever the program is started."""
    here = file.resolve().parent
    found = {**content, "source": file.resolve()}
    found["root"] = here / found.get("root", "reports")
    for channel in found.get("deliveries", {}).values():
        if isinstance(channel, dict) and "path" in channel:
            channel["path"] = here / channel["path"]
    for report in found.get("reports", {}).values():
        if isinstance(report, dict):
            _locate_report(report, here)
    return found


def _locate_report(report: dict[str, Any], here: Path) -> None:
    notebook = report.get("notebook", "")
    if str(notebook).endswith(".ipynb"):
        report["notebook"] = str(here / notebook)
    data = report.get("parameters", {}).get("data")
    if isinstance(data, str) and (here / data).exists():
        report["parameters"]["data"] = str(here / data)


def _problems(file: Path, wrong: ValidationError) -> str:
    lines = []
    for error in wrong.errors():
        place = ".".join(str(part) for part in error["loc"])
        problem = error["msg"].removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            problem = _no_such_field(str(error["loc"][-1]), [str(p) for p in error["loc"]])
        lines.append(f"{file}: {place + ': ' if place else ''}{problem}")
    return "\n".join(lines)


def _no_such_field(field: str, place: list[str]) -> str:
    kinds: dict[str, type[BaseModel]] = {**KINDS, "reports": Report, "patience": Patience}
    model = next((kinds[p] for p in reversed(place[:-1]) if p in kinds), Reports)
    names = [f.alias or n for n, f in model.model_fields.items() if n not in _NOT_WRITTEN]
    near = get_close_matches(field, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"there is no {field!r} here: {hint}There are: {', '.join(names)}"
