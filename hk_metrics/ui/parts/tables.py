"""Tables: frames of metrics with headings that explain themselves, sorted, searched, exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hk_metrics.figures import label_of, lacking
from hk_metrics.metrics import METRICS, Measure
from hk_metrics.present import Table
from hk_metrics.ui.parts import components
from hk_metrics.ui.parts.cards import before_text, explanation
from hk_metrics.ui.parts.lifts import LIFTED, lifted, method, named
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.view import Query


def table(
    draw: Callable[[PanelAnswers], Table],
    *asks: Query,
    span: int = 12,
    wrap: bool = False,
    compares: bool = False,
    late: bool = False,
    fill: Callable[[Table, PanelAnswers], Table] | None = None,
) -> Panel:
    """Return a panel with a table; ``fill`` completes it with what takes longer."""
    widget = components.TableWidget(wrap=wrap)
    widget.add_class(f"hk-span-{span}")

    def put(described: Table, answers: PanelAnswers) -> None:
        shown = replace(described, settings=answers.settings)
        slug = shown.slug
        widget.tell = lambda name, value: answers.state.arrange(slug, name, value)
        widget.describe(shown, answers.state.arrangement(slug))

    def show(answers: PanelAnswers) -> None:
        put(draw(answers), answers)

    def complete(answers: PanelAnswers) -> None:
        assert fill is not None
        assert widget.described is not None
        put(fill(widget.described, answers), answers)

    return Panel(widget, show, asks, compares, late, complete if fill else None)


def breakdown(
    answers: PanelAnswers,
    dimension: str,
    metrics: Sequence[str],
    *,
    title: str = "",
    **options: Any,
) -> Table:
    """Return a table of metrics by a dimension; every heading explains its metric.

    The place of incremental metrics is empty, for `with_lift` to fill.
    """
    frame = answers.by(dimension)
    known = [m for m in metrics if m in frame and not frame[m].isna().all()]
    names = answers.catalog.names if dimension == "influencer_id" else {}
    shown = frame[known].copy()
    shown[[m for m in known if m in LIFTED]] = float("nan")
    label = label_of(dimension)
    first = "name" if names else dimension
    shown.insert(0, first, [names.get(str(v), str(v)) for v in frame.index])
    made = Table(
        title or f"By {label.lower()}",
        shown,
        note=lacking(frame, metrics),
        units={m: METRICS[m].unit for m in known},
        labels={first: label, **{m: METRICS[m].label.partition(" (")[0] for m in known}},
        explain={m: explanation(m, answers, dimension) for m in known},
        keys=list(frame.index),
        pick=dimension,
        **options,
    )
    return with_change(made, answers, dimension)


def with_change(described: Table, answers: PanelAnswers, dimension: str) -> Table:
    """Return a breakdown with how its first total moved, where a comparison is on.

    A value that the period before has not moved from 0; ended ones are in the drivers.
    """
    earlier = answers.earlier.get(((dimension,), None))
    totals = (str(m) for m in described.frame if m in METRICS and m not in LIFTED)
    name = next((m for m in totals if isinstance(METRICS[m], Measure)), "")
    if earlier is None or name not in earlier or earlier[name].isna().all():
        return described
    column, frame = f"{name}_change", described.frame.copy()
    now = described.frame[name].to_numpy()
    then = earlier[name].reindex(list(described.keys)).fillna(0.0).to_numpy()
    frame.insert(list(frame.columns).index(name) + 1, column, now - then)
    when = before_text(answers).removeprefix("in ")
    label = METRICS[name].label
    words = {"title": f"Change in {label.lower()}", "formula": f"{label.lower()} now − before",
             "lines": [f"Against {when}; what was not there then counts as 0."]}  # fmt: skip
    return replace(
        described,
        frame=frame,
        units={**described.units, column: METRICS[name].unit},
        labels={**described.labels, column: f"{label} change"},
        explain={**described.explain, column: words},
    )


def with_lift(described: Table, answers: PanelAnswers) -> Table:
    """Return a breakdown with what each value caused, by the method in force on every page."""
    which, frame = method(answers), described.frame.copy()
    names = [m for m in LIFTED if m in frame]
    found = lifted(answers, which, described.pick).reindex([str(k) for k in described.keys])
    labels, units = dict(described.labels), dict(described.units)
    for name in names:
        ends = [f"{name}_lower", f"{name}_upper"]
        place = list(frame.columns).index(name)
        for step, (column, source) in enumerate(zip([name, *ends], LIFTED[name], strict=True)):
            values = found[source].to_numpy()
            if step == 0:
                frame[column] = values
            elif found[source].notna().any():
                frame.insert(place + step, column, values)
                labels[column], units[column] = ("from", "to")[step - 1], units[name]
    refused = next((str(r) for r in found["refusal"] if isinstance(r, str) and r), "")
    words = f"Incremental ROAS {named(answers, which)}. {refused}" if names else ""
    note = " ".join(w for w in (described.note, words) if w).strip()
    return replace(described, frame=frame, labels=labels, units=units, note=note)
