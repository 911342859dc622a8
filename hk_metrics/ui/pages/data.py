"""Data: what is open, how good it is, and bringing one's own."""

from __future__ import annotations

from typing import Any

from hk_metrics import formatting as fmt
from hk_metrics.access import current_visitor
from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError
from hk_metrics.ingest import limits, rejected_csv, template
from hk_metrics.present import Table
from hk_metrics.schemas import TABLES, Column
from hk_metrics.settings import default_settings
from hk_metrics.store import Store
from hk_metrics.store.journal import Entry
from hk_metrics.store.version import Version
from hk_metrics.ui.doubts import doubts
from hk_metrics.ui.pages import wizard
from hk_metrics.ui.pages.incoming import Incoming, lines
from hk_metrics.ui.parts.components import Actions, FactList, Sentences, Upload
from hk_metrics.ui.parts.downloads import TYPES, Download
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.sources import is_sample, sample
from hk_metrics.ui.state import State
from hk_metrics.wording import counted

_HINT = (
    "Influencers, posts, tracking data and payouts, as CSV, Excel, JSON, Parquet or one zip. "
    "Headers need not match: what they mean is worked out and shown before anything is replaced."
)
_ACCEPT = ".csv,.tsv,.txt,.xlsx,.json,.parquet,.zip"

_DID = {"import": "Imported", "source": "Opened", "undo": "Undone, back to"}
_RUN = {"report": "Report", "period": "Period", "status": "Status", "message": "What to know"}
_RUN_TONES = {
    "delivered": "good", "written": "good", "undelivered": "poor", "failed": "poor",
    "running": "fair", "delivering": "fair",
}  # fmt: skip
_MOST_RUNS = 100


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    visitor = current_visitor()
    if visitor.scope:
        return [row(current(), quality(state)), row(history())]
    if not visitor.may("import"):
        return [row(current(), quality(state)), row(columns()), row(history()), row(_reports())]
    incoming = Incoming()
    return [
        row(current(), quality(state)),
        row(_upload(incoming), columns()),
        *wizard.rows(state, incoming),
        row(_templates(state)),
        row(history()),
        row(_versions(state)),
        row(_reports()),
        *_letters(state),
    ]


def _letters(state: State) -> list[Row]:
    """Return what is subscribed of letters and alerts."""
    from hk_metrics.ui.pages.subscribed import subscribed

    return subscribed(state)


def current() -> Panel:
    """Return what dataset is open."""
    widget = FactList().add_class("hk-span-7")

    def draw(answers: PanelAnswers) -> None:
        data = answers.dataset
        span = data.ledger.period
        widget.title = data.name or "Dataset"
        widget.subtitle = "Generated, to try things out" if is_sample(data) else "In use now"
        rows = [[_words(n), f"{fmt.count(t.height)} rows"] for n, t in data.tables.items()]
        period = fmt.period(*span) if span else fmt.DASH
        widget.pairs = [["Period", period], *rows, ["Identity", data.id[:12] or fmt.DASH]]

    return Panel(widget, draw)


def quality(state: State) -> Panel:
    """Return the quality report of the dataset in use."""
    widget = Sentences(title="Quality report").add_class("hk-span-5").add_class("hk-scroll")
    nothing = {"text": "Nothing to report: every row was used as it came.", "tone": "good"}

    def draw(answers: PanelAnswers) -> None:
        report = answers.dataset.quality
        rejected = sum(rows.height for rows in report.rejected.values())
        take = {"text": f"{counted(rejected, 'row')} left out.", "tone": "fair",
                "link": "Download them", "event": {"what": "rejected"}}  # fmt: skip
        found = [d for d in doubts(answers.dataset) if d.count]
        seen = [{"text": f"{d}.", "tone": "fair", "link": "Show",
                 "event": {"what": d.page}} for d in found]  # fmt: skip
        shown = [*([take] if rejected else []), *seen, *lines(report)]
        widget.lines = shown or [nothing]

    def follow(_: Any, message: dict[str, Any], __: Any) -> None:
        if message.get("what") == "rejected" and state.dataset:
            for name, content in rejected_csv(state.dataset.quality).items():
                state.parcel = Download(name, TYPES["csv"], content)
        elif message.get("what") in ("payouts", "posts"):
            state.reset()
            state.page = message["what"]

    widget.on_msg(follow)
    return Panel(widget, draw)


def _upload(incoming: Incoming) -> Panel:
    """Return the place to drop files."""
    most = default_settings().max_upload_mb
    most_rows = limits(default_settings())["rows"]
    hint = f"{_HINT} At most {most_rows}."
    widget = Upload(incoming.read, hint=hint, limit_mb=most, accept=_ACCEPT)
    return Panel(widget.add_class("hk-span-5"), wizard.nothing)


def columns() -> Panel:
    """Return the columns of each table, required ones first."""

    def draw(_: PanelAnswers) -> Table:
        import pandas as pd

        rows = [
            (_words(t.name), c.name, _needed(c), c.doc) for t in TABLES.values() for c in t.columns
        ]
        frame = pd.DataFrame(rows, columns=["Table", "Column", "Needed", "What it is"])
        tones = {"Needed": {"required": "fair"}}
        return Table("What each table holds", frame, length=8, tones=tones)

    return table(draw, span=7, wrap=True)


def _needed(column: Column) -> str:
    """Return how much hangs on a column: rows without it, what it tells, or nothing else."""
    if not column.required:
        return "optional"
    return "expected" if column.nullable or column.omissible else "required"


def _templates(state: State) -> Panel:
    """Return a download of an empty file for each table."""
    widget = Actions(
        label="Empty files to fill in",
        buttons=[{"key": name, "label": _words(name)} for name in TABLES],
    ).add_class("hk-span-12")

    def act(_: Any, message: dict[str, Any], __: Any) -> None:
        name = message["key"]
        state.parcel = Download(f"{name}.csv", TYPES["csv"], template(name).encode())

    widget.on_msg(act)
    return Panel(widget, wizard.nothing)


def history() -> Panel:
    """Return every import and undo, who did it and what was in use then, newest first."""

    def draw(answers: PanelAnswers) -> Table:
        import pandas as pd

        store, zone = Store(), answers.settings.timezone
        known = {v.number: v for v in store.versions()}
        rows = [
            {"When": fmt.day(pd.Timestamp(entry.at).tz_convert(zone)),
             **_step(entry, known.get(entry.number))}
            for entry in reversed(store.journal())
        ]  # fmt: skip
        names = ["When", "What", "By", "Dataset", "Rows", "Left out", "Identity"]
        frame = pd.DataFrame(rows, columns=names)
        return Table(
            "History of imports", frame, units={"Rows": "count", "Left out": "count"}, length=6
        )

    return table(draw)


def _step(entry: Entry, version: Version | None) -> dict[str, object]:
    """Return one step of the history; of a version that is gone from disk, what is known still."""
    did = _DID[entry.did]
    if entry.did == "import" and version is not None:
        did += ", added to" if version.mode == "append" else ", replaced"
    return {
        "What": did,
        "By": entry.by or "not known",
        "Dataset": version.name if version else fmt.DASH,
        "Rows": sum(version.rows.values()) if version else float("nan"),
        "Left out": sum(version.rejected.values()) if version else float("nan"),
        "Identity": entry.id[:12],
    }


def _reports() -> Panel:
    """Return the latest runs of the scheduled reports, newest first."""

    def draw(answers: PanelAnswers) -> Table:
        import pandas as pd

        from hk_metrics.report import history as runs_of

        runs, note = pd.DataFrame(columns=["started", *_RUN]), ""
        try:
            runs = runs_of().head(_MOST_RUNS)
        except HkMetricsError as error:
            note = str(error)
        zone = answers.settings.timezone
        started = [fmt.day(pd.Timestamp(t).tz_convert(zone)) for t in runs["started"]]
        frame = runs[list(_RUN)].rename(columns=_RUN)
        frame.insert(0, "When", started)
        words = (
            "hk-metrics report run makes one; recipes/README.md says how they come on a schedule"
        )
        return Table(
            "Reports", frame, note=note, subtitle=words, length=6, tones={"Status": _RUN_TONES}
        )

    return table(draw, wrap=True, late=True)


def _versions(state: State) -> Panel:
    """Return the ways to another dataset: the sample, the last import, the one before."""
    widget = Actions().add_class("hk-span-12")

    def act(_: Any, message: dict[str, Any], __: Any) -> None:
        data = _opened(message["key"])
        if data is not None:
            state.reset()
            state.dataset = data

    def draw(answers: PanelAnswers) -> None:
        past = Store().history()
        generated = is_sample(answers.dataset)
        widget.buttons = [
            {"key": "sample", "label": "Open the sample", "disabled": generated},
            {"key": "stored", "label": "Open the last import", "disabled": not past},
            {"key": "undo", "label": "Undo the last import", "disabled": len(past) < 2},
        ]

    widget.on_msg(act)
    return Panel(widget, draw)


def _opened(what: str) -> Dataset | None:
    store, visitor = Store(), current_visitor()
    if what == "sample" and not visitor.scope:
        return sample()
    if what == "undo":
        visitor.require("undo")
        store.undo(by=visitor.name)
    return store.current()


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
