"""Data: what is open, how good it is, and bringing one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hk_metrics import formatting as fmt
from hk_metrics.dataset import Dataset
from hk_metrics.errors import StoreError
from hk_metrics.schemas import TABLES
from hk_metrics.settings import default_settings
from hk_metrics.store import Store
from hk_metrics.ui.components import Actions, Facts, Sentences, Table, Upload
from hk_metrics.ui.incoming import Incoming, lines
from hk_metrics.ui.panels import Answers, Page, Panel, Row, row
from hk_metrics.ui.sources import is_sample, sample
from hk_metrics.ui.state import State
from hk_metrics.ui.tables import Grid, table

HINT = (
    "Influencers, posts, tracking data and payouts, as CSV, Excel, JSON, Parquet or one zip. "
    "Headers need not match: what they mean is worked out and shown before anything is replaced."
)
ACCEPT = ".csv,.tsv,.txt,.xlsx,.json,.parquet,.zip"
PREVIEW_ROWS = 50
METRICS_SHOWN = {"revenue": "Revenue", "spend": "Spend", "orders": "Orders", "reach": "Reach"}


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    incoming = Incoming()
    return [
        row(current(), findings()),
        row(upload(incoming), columns()),
        row(*verdict(state, incoming)),
        row(*previews(incoming)),
        row(history(state)),
    ]


def current() -> Panel:
    """Return what dataset is open, with the ways to another."""
    widget = Facts().add_class("hk-span-7")

    def draw(answers: Answers) -> None:
        data = answers.dataset
        span = data.ledger.period
        widget.title = data.name or "Dataset"
        widget.subtitle = "Generated, to try things out" if is_sample(data) else "In use now"
        counts = [
            [n.replace("_", " ").capitalize(), f"{fmt.count(t.height)} rows"]
            for n, t in data.tables.items()
        ]
        widget.pairs = [
            ["Period", fmt.period(*span) if span else fmt.DASH],
            *counts,
            ["Identity", data.id[:12] or fmt.DASH],
        ]

    return Panel(widget, draw)


def findings() -> Panel:
    """Return the quality report of the dataset in use."""
    widget = Sentences(title="Quality report").add_class("hk-span-5").add_class("hk-scroll")

    def draw(answers: Answers) -> None:
        quality = answers.dataset.quality
        widget.lines = lines(quality) or [
            {"text": "Nothing to report: every row was used as it came.", "tone": "good"}
        ]

    return Panel(widget, draw)


def upload(incoming: Incoming) -> Panel:
    """Return the place to drop files."""
    widget = Upload(
        incoming.read, hint=HINT, limit_mb=default_settings().max_upload_mb, accept=ACCEPT
    )
    return Panel(widget.add_class("hk-span-7"), _nothing)


def columns() -> Panel:
    """Return the columns of each table, required ones first."""

    def draw(_: Answers) -> Grid:
        import pandas as pd

        rows = [
            (t.name, c.name, "required" if c.required else "optional", c.doc)
            for t in TABLES.values()
            for c in t.columns
        ]
        frame = pd.DataFrame(rows, columns=["Table", "Column", "Needed", "What it is"])
        return Grid(
            frame, "What each table holds", length=8, tones={"Needed": {"required": "fair"}}
        )

    return table(draw, span=5)


def verdict(state: State, incoming: Incoming) -> list[Panel]:
    """Return what an import understood and would change, and the buttons to decide."""
    said = Sentences(title="What was understood").add_class("hk-span-7").add_class("hk-scroll")
    totals = Table().add_class("hk-span-5")
    buttons = Actions().add_class("hk-span-12")

    def show(_: Any = None) -> None:
        waiting = bool(incoming.files)
        for widget in (said, totals, buttons):
            (widget.remove_class if waiting else widget.add_class)("hk-hidden")
        if not waiting:
            return
        said.title = "This cannot be used yet" if incoming.refused else "What was understood"
        said.lines = lines(incoming.report) or [
            {
                "text": incoming.refused or "All rows are used as they came.",
                "tone": "poor" if incoming.refused else "good",
            }
        ]
        buttons.buttons = choices(incoming)
        if incoming.dataset:
            totals.grid = before_and_after(state.dataset, incoming.dataset)
            totals.table = totals.grid.payload()
        else:
            totals.add_class("hk-hidden")

    def act(_: Any, message: dict[str, Any], __: Any) -> None:
        key = message.get("key")
        if key in ("replace", "append"):
            state.reset()
            state.dataset = incoming.commit(key)
        elif key == "reject":
            incoming.read(dict(incoming.files), accept=True)
        elif key == "cancel":
            incoming.drop()

    incoming.observe(show, "changed")
    buttons.on_msg(act)
    show()
    return [Panel(said, _nothing), Panel(totals, _nothing), Panel(buttons, _nothing)]


def choices(incoming: Incoming) -> list[dict[str, Any]]:
    """Return the buttons that an import may be decided with."""
    cancel = {"key": "cancel", "label": "Discard"}
    if incoming.dataset:
        return [
            {"key": "replace", "label": "Use this data", "strong": True},
            {"key": "append", "label": "Add to the data in use"},
            cancel,
        ]
    if incoming.acceptable:
        return [{"key": "reject", "label": "Use what can be used", "strong": True}, cancel]
    return [cancel]


def before_and_after(now: Dataset | None, coming: Dataset) -> Grid:
    """Return rows and totals of the data in use and of the data that came."""
    import pandas as pd

    rows = [
        (f"Rows of {name.replace('_', ' ')}", _height(now, name), float(t.height), "")
        for name, t in coming.tables.items()
    ]
    then = now.view().totals(list(METRICS_SHOWN)) if now else pd.Series(dtype=float)
    new = coming.view().totals(list(METRICS_SHOWN))
    rows += [
        (label, float(then.get(m, float("nan"))), float(new[m]), m)
        for m, label in METRICS_SHOWN.items()
    ]
    frame = pd.DataFrame(rows, columns=["What", "In use", "Coming", "metric"])
    return Grid(
        frame.drop(columns="metric"),
        "Before and after",
        units={"In use": "count", "Coming": "count"},
    )


def _height(data: Dataset | None, name: str) -> float:
    return float(data.tables[name].height) if data and name in data.tables else float("nan")


def previews(incoming: Incoming) -> list[Panel]:
    """Return the first rows of each table of an import."""
    widgets = {name: Table().add_class("hk-span-12") for name in TABLES}

    def show(_: Any = None) -> None:
        for name, widget in widgets.items():
            there = incoming.dataset is not None and name in incoming.dataset.tables
            (widget.remove_class if there else widget.add_class)("hk-hidden")
            if there and incoming.dataset:
                rows = incoming.dataset.tables[name]
                title = f"Preview: {name.replace('_', ' ')}, {fmt.count(rows.height)} rows"
                widget.grid = Grid(rows.head(PREVIEW_ROWS).to_pandas(), title, length=6)
                widget.table = widget.grid.payload()

    incoming.observe(show, "changed")
    show()
    return [Panel(widget, _nothing) for widget in widgets.values()]


def history(state: State) -> Panel:
    """Return the versions that the store holds, with sample data and undo."""
    widget = Actions().add_class("hk-span-12")
    jobs: dict[str, Callable[[], Dataset | None]] = {
        "sample": sample,
        "undo": _undone,
        "stored": lambda: Store().current(),
    }

    def act(_: Any, message: dict[str, Any], __: Any) -> None:
        data = jobs[message["key"]]()
        if data is not None:
            state.reset()
            state.dataset = data

    def draw(answers: Answers) -> None:
        past = Store().history()
        widget.buttons = [
            {"key": "sample", "label": "Open the sample", "disabled": is_sample(answers.dataset)},
            {"key": "stored", "label": "Open the last import", "disabled": not past},
            {"key": "undo", "label": "Undo the last import", "disabled": len(past) < 2},
        ]

    widget.on_msg(act)
    return Panel(widget, draw)


def _undone() -> Dataset | None:
    store = Store()
    try:
        store.undo()
    except StoreError:
        return None
    return store.current()


def _nothing(_: Answers) -> None:
    """Draw nothing at a change of filters: an import does not depend on them."""


PAGE = Page("data", "Data", build)
