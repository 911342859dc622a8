"""Lift: what the influencers caused, by every method, with how sure that is and what it assumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart, label_of
from hk_metrics.incrementality import LABELS
from hk_metrics.present import Card, Table
from hk_metrics.ui.pages import find_out
from hk_metrics.ui.parts.cards import facts, figure_card, lifted_card
from hk_metrics.ui.parts.controls import choice, chosen, entry
from hk_metrics.ui.parts.gaps import because
from hk_metrics.ui.parts.lifts import (
    BEST,
    agreement,
    best_of,
    break_even,
    lifted,
    method,
    named,
    verdict,
)
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

UNITS = ("brand", "campaign", "platform", "influencer_id")
_MONEY = ("tracked", "estimate", "spend")
_SLIDER = "Would have come anyway, assumed"
_TIMES = ("roas", "iroas", "iroas_lower", "iroas_upper")


def rows(state: State) -> list[Row]:
    """Return the rows of this part of the page."""
    units = {u: label_of(u) for u in UNITS if u in state.view().dimensions}
    return [
        bar(
            choice(state, "method", "Baseline by", {BEST: "Best that answers", **LABELS}, BEST),
            _assumed(state),
        ),
        row(_advice()),
        row(_figures_of_lift()),
        row(_by_method(), _assumptions()),
        bar(choice(state, "unit", "Lift by", units, next(iter(units)))),
        row(_by_unit()),
        *find_out.rows(state),
    ]  # fmt: skip


def _assumed(state: State) -> Panel:
    """Return the slider of the assumed share, which says where another method is in force."""
    assert state.dataset is not None
    usual = f"{100 * state.dataset.settings.baseline_share:g}"
    made = entry(state, "baseline", _SLIDER, usual, kind="range", low=0, high=60, step=5,
                 suffix=" %")  # fmt: skip

    def fill(answers: PanelAnswers) -> None:
        which = method(answers)
        here = which == "assumed_share"
        made.widget.label = _SLIDER if here else f"{_SLIDER} (not used by {LABELS[which].lower()})"

    return replace(made, fill=fill)


_REASONS = {
    "post_response": "it tells what posts cause from the days after them, against the days "
    "without, and its interval is narrow enough to act on",
    "interrupted": "it compares sales before the activity began with sales after, and its "
    "interval is narrow enough to act on",
}


def _advice() -> Panel:
    """Return which method to use here and why, or how to find out where none can tell."""

    def lines(answers: PanelAnswers) -> list[dict[str, str]]:
        found = best_of(answers)
        passed = [f"{LABELS[m]} does not do here: {why}" for m, why in found.passed_over.items()]
        if found.method == "assumed_share":
            text = ("Nothing here is measured: no method can tell from this data what would have "
                    "come anyway, so a share is assumed. A test would tell.")  # fmt: skip
            return [{"text": text, "tone": "fair"}, *({"text": p, "tone": ""} for p in passed)]
        unsure = bool(found.found.iloc[0]["inconclusive"])
        why = "no other answers; its interval is wide" if unsure else _REASONS[found.method]
        text, tone = f"Use {found.label} here, because {why}.", "fair" if unsure else "good"
        used = method(answers)
        if used != found.method:
            text += f" The page uses {LABELS[used]}, as chosen above."
            tone = "fair"
        return [{"text": text, "tone": tone}, *({"text": p, "tone": ""} for p in passed)]

    return sentences("Which method to trust", lines, span=12, late=True)


def _figures_of_lift() -> Panel:
    """Return the lift of the chosen method beside what was tracked."""

    def cards_of(answers: PanelAnswers) -> Sequence[Card]:
        found = lifted(answers, method(answers)).iloc[0]
        why = str(found["refusal"] or "")
        label = named(answers, method(answers))
        spend, tracked, lift = (float(found[n]) for n in ("spend", "tracked", "estimate"))
        part = lift / tracked if tracked > 0 else float("nan")
        caused, ratio = (
            lifted_card(n, answers) for n in ("incremental_revenue", "incremental_roas")
        )
        caused_share = figure_card(
            "roi", part, answers, label="Caused, of credited", why=why,
            foot="can pass 100 %", formula="incremental ÷ credited revenue",
        )  # fmt: skip
        of_revenue = "margin × " if answers.settings.knows_margin else ""
        profit = figure_card(
            "profit", answers.view.share_kept * lift - spend, answers, label="Incremental profit",
            foot=label, why=why, formula=f"{of_revenue}incremental revenue − spend",
        )  # fmt: skip
        total = figure_card(
            "roas", float(answers.totals["roas"]), answers, label="Total ROAS",
            formula="revenue ÷ spend", foot="as credited",
        )  # fmt: skip
        return [total, ratio, caused, profit, caused_share]

    return replace(facts(cards_of, Query(("roas",))), late=True)


def _by_method() -> Panel:
    """Return total and incremental ROAS by every method."""

    def draw(answers: PanelAnswers) -> Chart:
        import pandas as pd

        nan = float("nan")
        spans = {"Total, as credited": [float(answers.totals["roas"]), nan, nan]}
        for name, label in LABELS.items():
            found = lifted(answers, name).iloc[0]
            spans[f"Incremental: {label.lower()}"] = [float(found[n]) for n in _TIMES[1:]]
        frame = pd.DataFrame.from_dict(spans, "index", columns=["estimate", "lower", "upper"])
        drawn = figures.intervals(
            frame.astype(float), unit="times", settings=answers.settings,
            mark=break_even(answers.view.share_kept),
            title="Total and incremental ROAS",
        )  # fmt: skip
        words = "Whiskers: 90 % interval; dotted: break-even. A method that refuses has no mark"
        return because(replace(drawn, subtitle=words), answers.view.gaps(["roas"]))

    return chart(draw, Query(("roas",)), span=5, height=260, late=True)


def _assumptions() -> Panel:
    """Return what each method says: assumption and checks, or why it refuses."""

    def lines(answers: PanelAnswers) -> list[dict[str, str]]:
        found = {name: lifted(answers, name).iloc[0] for name in LABELS}
        sentences = [_line(LABELS[name], row) for name, row in found.items()]
        return [*sentences, *agreement(found)]

    return sentences("What each method assumes", lines, span=7, late=True)


def _line(label: str, found: pd.Series[Any]) -> dict[str, str]:
    if found["refusal"]:
        return {"text": f"{label} does not answer: {found['refusal']}", "tone": "fair"}
    tone = "" if found["estimate"] != found["estimate"] or found["inconclusive"] else "accent"
    checks = _band(found) if found["method"] == "assumed_share" else found["checks"]
    return {"text": f"{label}: {found['assumption']} {checks}".strip(), "tone": tone}


def _band(found: pd.Series[Any]) -> str:
    """Return incremental ROAS for several assumed shares, in words."""
    from hk_metrics.incrementality.assumed_share import BAND

    if not found["spend"] > 0:
        return ""
    roas = float(found["tracked"] / found["spend"])
    shares = " or ".join(fmt.percent(b) for b in BAND)
    values = " or ".join(fmt.times((1 - b) * roas) for b in BAND)
    return f"If {shares} would have come anyway, incremental ROAS is {values}."


def _by_unit() -> Panel:
    """Return lift by the chosen dimension, with a verdict in words."""

    def draw(answers: PanelAnswers) -> Table:
        units = dict.fromkeys(u for u in UNITS if u in answers.view.dimensions)
        by = chosen(answers.state, "unit", units, next(iter(units)))
        frame = lifted(answers, method(answers), by)
        kept = answers.view.kept(by).reindex(frame.index).fillna(answers.settings.kept)
        names = answers.catalog.names if by == "influencer_id" else {}
        shown = frame[[*_MONEY, *_TIMES[1:]]].copy()
        shown.insert(2, "roas", frame["tracked"] / frame["spend"].where(frame["spend"] > 0))
        shown.insert(0, "name", [names.get(str(i), str(i)) for i in frame.index])
        shown["verdict"] = [
            verdict(r, m) for r, m in zip(frame.to_dict("records"), kept, strict=True)
        ]
        return Table(
            f"Lift by {label_of(by).lower()}", shown,
            subtitle=named(answers, method(answers)).capitalize(),
            units={**dict.fromkeys(_MONEY, "money"), **dict.fromkeys(_TIMES, "times")},
            labels={"name": label_of(by), "tracked": "Revenue credited", "spend": "Spend",
                    "estimate": "Incremental revenue", "roas": "ROAS", "verdict": "Verdict",
                    "iroas": "Incremental ROAS", "iroas_lower": "from", "iroas_upper": "to"},
            explain={"iroas": {"title": "Incremental ROAS",
                               "formula": "incremental revenue ÷ spend",
                               "lines": ["from, to: 90 % interval."]}},
            keys=[str(i) for i in frame.index], pick=by, note=answers.view.gaps(["roas"]),
        )  # fmt: skip

    return table(draw, late=True)
