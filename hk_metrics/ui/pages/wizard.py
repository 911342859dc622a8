"""The import between upload and commit: what files are taken for, and what would come of it."""

from __future__ import annotations

from typing import Any

from hk_metrics import formatting as fmt
from hk_metrics.dataset import Dataset
from hk_metrics.ingest import ImportPlan
from hk_metrics.interchange import to_pandas
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.schemas import TABLES
from hk_metrics.ui.pages.incoming import Incoming, lines, shown
from hk_metrics.ui.parts import components
from hk_metrics.ui.parts.components import Actions, PlanReview, Sentences
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, row
from hk_metrics.ui.state import State
from hk_metrics.wording import counted

_TOTALS = ("revenue", "spend", "orders", "reach")
_PREVIEW_ROWS = 50
_HIDDEN = "hk-hidden"


def rows(state: State, incoming: Incoming) -> list[Row]:
    """Return the rows of an import; they are there only while one is under way."""
    understood = PlanReview().add_class("hk-span-7")
    found = Sentences().add_class("hk-span-5").add_class("hk-scroll")
    compared = components.TableWidget().add_class("hk-span-12")
    buttons = Actions().add_class("hk-span-12")
    tables = {name: components.TableWidget().add_class("hk-span-12") for name in TABLES}

    def show(_: Any = None) -> None:
        plan = incoming.plan
        usable = plan is not None and plan.ready
        _sight(plan is not None, understood)
        _sight(plan is not None or bool(incoming.refused), found, buttons)
        _sight(usable, compared)
        if plan is not None:
            understood.plan = shown(plan)
        found.title = "What was found" if plan is not None else "These files cannot be read"
        found.lines = _lines_found(incoming)
        buttons.buttons = choices(incoming)
        if plan is not None and usable:
            _fill(compared, _before_and_after(state.dataset, plan))
        _previews(tables, plan if usable else None)

    understood.on_msg(lambda _, message, __: incoming.decide(message))
    buttons.on_msg(lambda _, message, __: _act(state, incoming, message))
    incoming.observe(show, "changed")
    show()
    return [
        row(Panel(understood, nothing), Panel(found, nothing)),
        row(Panel(compared, nothing)),
        row(Panel(buttons, nothing)),
        row(*[Panel(widget, nothing) for widget in tables.values()]),
    ]


def _act(state: State, incoming: Incoming, message: dict[str, Any]) -> None:
    key = message.get("key")
    if key in ("replace", "append"):
        data = incoming.commit(key)
        state.reset()
        state.dataset = data
    elif key == "keep":
        incoming.keep_unknown()
    elif key == "cancel":
        incoming.drop()


def _lines_found(incoming: Incoming) -> list[dict[str, Any]]:
    if incoming.plan is None:
        return [{"text": incoming.refused, "tone": "poor"}] if incoming.refused else []
    report, rows = incoming.plan.report, incoming.plan.rows
    touched = report.errors or report.warnings or rows[["rejected", "changed"]].to_numpy().any()
    good = {"text": "Every row is used as it came.", "tone": "good"}
    return [*([] if touched else [good]), *lines(report)]


def choices(incoming: Incoming) -> list[dict[str, Any]]:
    """Return the buttons that an import may be decided with."""
    cancel = {"key": "cancel", "label": "Discard"}
    if incoming.plan is None:
        return [cancel]
    unknown = any(f.code == "unknown_influencer" for f in incoming.plan.report.errors)
    keep = [{"key": "keep", "label": "Keep unknown influencers"}] if unknown else []
    if not incoming.plan.ready:
        return [*keep, cancel]
    rejected = int(incoming.plan.rows["rejected"].sum())
    rest = f", without {counted(rejected, 'row')}" if rejected else ""
    return [
        {"key": "replace", "label": f"Use this data{rest}", "strong": True},
        {"key": "append", "label": f"Add to the data in use{rest}"},
        *keep,
        cancel,
    ]


def _before_and_after(now: Dataset | None, plan: ImportPlan) -> Table:
    """Return rows and totals of the data in use and of the data that came."""
    import pandas as pd

    frame = plan.rows.reset_index()
    in_use = [
        float(now.tables[n].height) if now and n in now.tables else None for n in frame["table"]
    ]
    numbers = pd.DataFrame(
        {
            "what": [f"Rows of {n.replace('_', ' ')}" for n in frame["table"]],
            "use": [fmt.count(v) for v in in_use],
            "came": [fmt.count(v) for v in frame["rows_in"]],
            "rejected": [fmt.count(v) for v in frame["rejected"]],
            "changed": [fmt.count(v) for v in frame["changed"]],
            "kept": [fmt.count(v) for v in frame["kept"]],
        }
    )
    totals = pd.DataFrame([_total(name, now, plan) for name in _TOTALS])
    labels = {"what": "", "use": "In use", "came": "In the files", "rejected": "Left out",
              "changed": "Cells repaired", "kept": "Would be used"}  # fmt: skip
    both = pd.concat([numbers, totals], ignore_index=True).fillna("")
    units = dict.fromkeys(list(labels)[1:], "figure")
    return Table("Before and after", both, units=units, labels=labels)


def _total(name: str, now: Dataset | None, plan: ImportPlan) -> dict[str, str]:
    metric, settings = METRICS[name], plan.settings
    value = float(now.view().totals([name])[name]) if now else float("nan")
    return {
        "what": metric.label,
        "use": fmt.text(metric.unit, value, settings),
        "kept": fmt.text(metric.unit, plan.totals[name], settings),
    }


def _previews(tables: dict[str, components.TableWidget], plan: ImportPlan | None) -> None:
    for name, widget in tables.items():
        rows_there = plan.made.tables[name] if plan and name in plan.made.tables else None
        there = rows_there is not None and rows_there.height > 0
        _sight(there, widget)
        if there and rows_there is not None:
            count = fmt.count(rows_there.height)
            title = f"Preview: {name.replace('_', ' ')}, {count} rows"
            _fill(widget, Table(title, rows_there.head(_PREVIEW_ROWS).pipe(to_pandas), length=6))


def _fill(widget: components.TableWidget, described: Table) -> None:
    widget.describe(described, {})


def _sight(there: bool, *widgets: Any) -> None:
    for widget in widgets:
        (widget.remove_class if there else widget.add_class)(_HIDDEN)


def nothing(_: PanelAnswers) -> None:
    """Draw nothing at a change of filters: an import does not depend on them."""
