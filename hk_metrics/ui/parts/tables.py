"""Tables: frames of metrics with headings that explain themselves, sorted, searched, exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hk_metrics.figures import label_of, lacking
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.ui.parts import components
from hk_metrics.ui.parts.cards import explanation
from hk_metrics.ui.parts.panels import Answers, Panel
from hk_metrics.view import Query


def table(
    draw: Callable[[Answers], Table],
    *asks: Query,
    span: int = 12,
    wrap: bool = False,
    compares: bool = False,
    late: bool = False,
) -> Panel:
    """Return a panel with a table."""
    widget = components.Table(wrap=wrap)
    widget.add_class(f"hk-span-{span}")

    def show(answers: Answers) -> None:
        described = replace(draw(answers), settings=answers.settings)
        slug = described.slug
        widget.tell = lambda name, value: answers.state.arrange(slug, name, value)
        widget.describe(described, answers.state.arrangement(slug))

    return Panel(widget, show, asks, compares, late)


def breakdown(
    answers: Answers, dimension: str, metrics: Sequence[str], *, title: str = "", **options: Any
) -> Table:
    """Return a table of metrics by a dimension; every heading explains its metric."""
    frame = answers.by(dimension)
    known = [m for m in metrics if m in frame and not frame[m].isna().all()]
    names = answers.catalog.names if dimension == "influencer_id" else {}
    shown = frame[known].copy()
    label = label_of(dimension)
    shown.insert(0, dimension, [names.get(str(v), str(v)) for v in frame.index])
    return Table(
        title or f"By {label.lower()}",
        shown,
        note=lacking(frame, metrics),
        units={m: METRICS[m].unit for m in known},
        labels={dimension: label, **{m: METRICS[m].label for m in known}},
        explain={m: explanation(m, answers, dimension) for m in known},
        keys=list(frame.index),
        pick=dimension,
        **options,
    )
