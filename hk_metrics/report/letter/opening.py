"""How a letter begins: what happened, in one line, a few sentences and one table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hk_metrics import formatting
from hk_metrics.insights import Insight, insights
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table, html
from hk_metrics.present.bands import band, tone
from hk_metrics.present.card import before_goods
from hk_metrics.present.html import Cell
from hk_metrics.present.notebook import TABLE, to_json
from hk_metrics.present.templates import render
from hk_metrics.report.letter.breakdowns import TREND
from hk_metrics.report.letter.incremental import ENDS, standing
from hk_metrics.report.letter.links import link
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import Story
from hk_metrics.report.outputs import FACTS
from hk_metrics.wording import counted

_AMOUNT = re.compile(r"(?<=\d) (?=(?:Cr|L|K|M|B)\b)")  # "9.94 L" is not broken in a headline
_KEY_LABELS = {
    "metric": "Metric, as the library names it",
    "label": "Metric",
    "unit": "In",
    "current": "This period",
    "previous": "Before",
    "change_pct": "Change",
}
_HELD = 0.0005  # relative change that nobody calls one
_MAIL_FIGURES = ("revenue", "spend", "spend_due", "roas", "orders", "cpo", "engagement_rate")


@dataclass(frozen=True, eq=False)
class Opening:
    """The masthead, the headline and the sentences; the mail's body says the same.

    Parameters
    ----------
    story
        What the letter is about.
    """

    story: Story

    @cached_property
    def sentences(self) -> list[Insight]:
        """What is worth knowing, the most important first."""
        return insights(self.story.view, self.story.compare)

    @property
    def headline(self) -> str:
        """The period in one line."""
        story = self.story
        revenue, roas = story.value("revenue"), story.value("roas")
        if not formatting.is_known(revenue):
            return self._without_revenue()
        if not formatting.is_known(roas) and not revenue:
            return "Nothing happened in this period"
        amount = formatting.compact_money(revenue, story.settings)
        back = self._back(roas)
        change = story.value("revenue", "change_pct")
        if not formatting.is_known(change):
            return f"{amount} of revenue; {back}"
        was = story.value("roas", "previous") if not story.unpaid else float("nan")
        before = f", before {formatting.times(was)}" if formatting.is_known(was) else ""
        if story.steady and abs(change) >= _HELD:
            moved = f"{amount}, {formatting.change(change)} and within the noise"
            return f"Revenue {moved}; {back}{before}"
        return f"Revenue {_moved(change)} to {amount}; {back}{before}"

    def _back(self, roas: float) -> str:
        """What each rupee of spend returned; where most have no payout, of those who have."""
        story = self.story
        if story.view.gaps(["spend"]):
            return "spend is not in the data"
        if not formatting.is_known(roas):
            return "no spend"
        if story.unpaid:
            paid = counted(story.paid[1], "paid influencer").removeprefix("1 ")
            return f"ROAS {formatting.times(story.paid[0])} of the {paid} alone"
        return f"ROAS {formatting.times(roas)}"

    def _without_revenue(self) -> str:
        """Say what the data does hold where it has no revenue."""
        story, held = self.story, []
        for metric, words in (("spend", "of spend"), ("reach", "people reached")):
            value = story.value(metric)
            if formatting.is_known(value):
                unit = METRICS[metric].unit
                held.append(f"{formatting.text(unit, value, story.settings, 'compact')} {words}")
        lacking = story.view.gaps(["revenue"]).rstrip(".")
        return f"{', '.join(held)}. {lacking}" if held else "Nothing happened in this period"

    @property
    def facts(self) -> dict[str, Any]:
        """The letter in short, for mails and webhooks."""
        story = self.story
        return {
            "subject": f"{story.scope}, {story.period_text}: {self.headline}",
            "headline": self.headline,
            "scope": story.scope,
            "empty": story.is_empty,
            "notes": story.notes,
            "sentences": [i.text for i in self.sentences],
            "alerts": list(story.alerts),
            "kpis": self._kpis(),
            "chart": TREND,
            "compared": story.before is not None,
            "link": link(story.view),
            "about": story.about,
            "currency": story.settings.currency,
            "grouping": story.settings.grouping,
        }

    def _kpis(self) -> list[dict[str, str]]:
        found = [self._kpi(name) for name in _MAIL_FIGURES if name in self.story.totals.index]
        label, value = _caused(self.story)
        more = {
            "label": label,
            "value": value,
            "previous": formatting.DASH,
            "change": "",
            "tone": "",
        }
        return [*found, more] if value else found

    def _kpi(self, name: str) -> dict[str, str]:
        metric, settings = METRICS[name], self.story.settings
        now, before = (self.story.value(name, c) for c in ("current", "previous"))
        change = self.story.value(name, "change_pct")
        return {
            "label": metric.label,
            "value": formatting.text(metric.unit, now, settings, "compact"),
            "previous": formatting.text(metric.unit, before, settings, "compact"),
            "change": formatting.change(change) if formatting.is_known(change) else "",
            "tone": tone(name, change),
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), FACTS: self.facts}

    def _repr_html_(self) -> str:
        return render(
            "opening",
            about=self.story.about,
            made=html.made_of(self.story.about),
            headline=_AMOUNT.sub("\u00a0", self.headline),
            alerts=self.story.alerts,
            sentences=self.sentences,
            scope=self.story.scope,
            notes=self.story.notes,
        )


@dataclass(frozen=True, eq=False)
class KeyFigures:
    """The key figures against the compared period, with their bands."""

    story: Story

    @property
    def table(self) -> Table:
        """One row per metric; each in its own unit, per cent as fractions."""
        story = self.story
        frame = story.totals.copy()
        units = [METRICS[n].unit for n in frame.index]
        frame.insert(0, "label", [METRICS[n].label for n in frame.index])
        frame.insert(1, "unit", units)
        frame["metric"] = frame.index
        frame = frame.reset_index(drop=True)
        names = frame["metric"].tolist()
        gaps, goods = story.view.gaps(names), before_goods(story.settings)
        goods = f"Profit is {goods}." if goods and "profit" in names else ""
        note = " ".join(filter(None, (gaps, goods)))
        return Table(
            "Key figures", frame, {"change_pct": "percent"}, _KEY_LABELS, note,
            unit_of_row="unit", settings=story.settings,
        )  # fmt: skip

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), TABLE: to_json(self.table)}

    def _repr_html_(self) -> str:
        heads = ["Metric", "This period"]
        heads += ["Before", "Change"] if self.story.before else []
        return html.grid(
            "Key figures",
            [(label, label != "Metric") for label in heads],
            [row[: len(heads)] for row in self._rows()],
            kind="kpis",
            note=self.table.note,
        )

    def _rows(self) -> list[list[Cell]]:
        """One row per metric; incremental ROAS, with its method and interval, after ROAS."""
        rows = {name: self._row(name) for name in self.story.totals.index}
        label, value = _caused(self.story)
        if not value:
            return list(rows.values())
        none = Cell(formatting.DASH, style="n")
        incremental = [Cell(label), Cell(value, style="n"), none, none]
        return [r for name in rows for r in ([rows[name]] + [incremental] * (name == "roas"))]

    def _row(self, name: str) -> list[Cell]:
        unit, story = METRICS[name].unit, self.story
        now, before = (story.value(name, c) for c in ("current", "previous"))
        change = story.value(name, "change_pct")
        return [
            Cell(METRICS[name].label, badge=self._band(name, now)),
            html.cell(unit, now, story.settings),
            html.cell(unit, before, story.settings),
            Cell(formatting.change(change), style=f"n {tone(name, change)}"),
        ]

    def _band(self, name: str, value: float) -> Mapping[str, str] | None:
        """No verdict on money of which most has no payout beside it."""
        story = self.story
        given = band(name, value, story.settings)
        return None if story.unpaid and name in ("roas", "roi") else given or None


def _caused(story: Story) -> tuple[str, str]:
    """Return incremental ROAS with its method as label and its interval; empty where not known."""
    found = standing(story)
    value, low, high = (float(found.found.iloc[0][n]) for n in ENDS)
    label = f"Incremental ROAS ({found.label.lower()})"
    if not formatting.is_known(value):
        return label, ""
    ends = f" ({formatting.times(low)} – {formatting.times(high)})" if low == low else ""
    return label, f"{formatting.times(value)}{ends}"


def _moved(change: float) -> str:
    """Say a relative change in words: "up 4.2%"."""
    if abs(change) < _HELD:
        return "held"
    return f"{'up' if change > 0 else 'down'} {formatting.change(abs(change)).removeprefix('+')}"


@section
def key_figures(story: Story) -> KeyFigures:
    """Return the key figures as a table."""
    return KeyFigures(story)


@section
def opening(story: Story) -> Opening:
    """Return the beginning of the letter."""
    return Opening(story)
