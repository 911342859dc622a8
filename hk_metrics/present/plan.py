"""Targets and actions, described once: as cards, and as sentences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.metrics import METRICS
from hk_metrics.present.card import Card
from hk_metrics.present.values import exact
from hk_metrics.settings import Settings
from hk_metrics.wording import uncapped

if TYPE_CHECKING:
    import pandas as pd

_MOST = 5


def target_cards(pacing: pd.DataFrame, settings: Settings, most: int = _MOST) -> list[Card]:
    """Return a card for each target: where it stands, and where the period will end.

    Parameters
    ----------
    pacing
        A result of `hk_metrics.pacing`.
    """
    return [_card(row, settings) for row in pacing.head(most).to_dict("records")]


def target_sentence(row: Any, settings: Settings) -> str:
    """Return how far a target is, and where its period will end, in a sentence."""
    metric = METRICS[row["metric"]]

    def write(value: float) -> str:
        return fmt.text(metric.unit, value, settings, "compact")

    about = f"{metric.label} {_part(row)}: {write(row['actual'])} of {write(row['target'])}"
    if fmt.is_known(row["forecast"]) and row["lower"] < row["upper"]:
        ends = f"{write(row['lower'])} to {write(row['upper'])}"
        about += f", on the way to {write(row['forecast'])} ({ends}, 90 %)"
    due = row["due"]
    owed = f", {write(due)} of it still due" if fmt.is_known(due) and due else ""
    return f"{about}{owed}: {row['status']}."


def _part(row: Any) -> str:
    part = row["brand"] or row["campaign"]
    return f"{row['period']}{f' for {part}' if part else ''}"


def _card(row: Any, settings: Settings) -> Card:
    metric = METRICS[row["metric"]]

    def write(value: float) -> str:
        return fmt.text(metric.unit, value, settings, "compact")

    known = fmt.is_known(row["forecast"]) and row["lower"] < row["upper"]
    ends = f"ends at {write(row['lower'])} – {write(row['upper'])}" if known else ""
    lines = [target_sentence(row, settings)]
    if fmt.is_known(row["by_now"]):
        lines.append(f"By now the target asks for {write(row['by_now'])}.")
    if row["reason"]:
        lines.append(f"No forecast: {row['reason']}.")
    key = "-".join(("plan", row["metric"], row["period"], row["brand"], row["campaign"]))
    label = f"Plan: {uncapped(metric.label)} {_part(row)}"
    return Card(
        key=key.rstrip("-"), label=label, value=write(row["actual"]),
        exact=exact(metric.unit, row["actual"], settings),
        band={"text": row["status"], "tone": row["tone"]}, range=ends,
        against=f"of {write(row['target'])}",
        explain={"title": label, "formula": "", "lines": lines},
    )  # fmt: skip


def action_sentence(row: Any, settings: Settings) -> str:
    """Return an action with what it is worth, the interval, and how sure that is."""
    worth = fmt.compact_money(row["money"], settings)
    if row["lower"] == row["upper"]:
        # What is due says its amount itself.
        return row["text"] if worth in row["text"] else f"{row['text']} Worth {worth}."
    ends = " to ".join(fmt.compact_money(row[end], settings) for end in ("lower", "upper"))
    sure = (
        ""
        if row["kind"] in ("review", "replace code")
        else f", {fmt.chance(row['certainty'])} sure"
    )
    return f"{row['text']} Worth {worth} ({ends}, 90 %){sure}."


def charge(facts: Any) -> str:
    """Return who does an accepted action and by when, in a sentence; empty where neither is set."""
    owner, day = facts.get("owner", ""), facts.get("day", "")
    when = f"by {fmt.day(date.fromisoformat(day))}" if day else ""
    who = " ".join(w for w in (owner, when) if w)
    return f"{who[:1].upper()}{who[1:]}." if who else ""
