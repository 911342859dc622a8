"""The mail around a report: the numbers and the main chart, readable without opening a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hk_metrics.present.templates import render
from hk_metrics.report.delivery import Parcel
from hk_metrics.report.outputs import FACTS_FILE, LISTS, PICTURE_FILE
from hk_metrics.report.records import Run


def of_run(run: Run, title: str = "", *, note: bool = False) -> Parcel:
    """Return a finished run as a parcel.

    Parameters
    ----------
    run
        Its files are what is handed over.
    title
        Used where the notebook gave no subject.
    note
        One line instead of the letter, for a period without a row.
    """
    folder = Path(run.folder)
    facts = facts_of(folder)
    picture = folder / PICTURE_FILE
    image = picture.read_bytes() if picture.is_file() else b""
    subject = str(facts.get("subject") or title or run.report)
    facts = {**facts, "report": run.report}
    if note:
        return _note(run, subject, facts)
    return Parcel(
        report=run.report,
        key=_key(run),
        subject=subject,
        text=_text(facts) or subject,
        html=_html(subject, facts, picture=bool(image)),
        picture=image,
        folder=folder,
        files=tuple(folder / name for name in run.files if "/" not in name),
        facts=facts,
    )


def _key(run: Run) -> str:
    """A run that was made anew on request is another thing than the one before."""
    return run.key if run.edition == 1 else f"{run.key}-{run.edition}"


def _note(run: Run, subject: str, facts: Mapping[str, Any]) -> Parcel:
    """One line about a period in which nothing happened."""
    notes = [str(n) for n in facts.get("notes", ())]
    short = {
        "headline": facts.get("headline", subject),
        "sentences": notes,
        **{n: facts[n] for n in ("about", "scope", "report", "alerts") if n in facts},
    }
    return Parcel(
        report=run.report,
        key=_key(run),
        subject=subject,
        text=_text(short),
        html=_html(subject, short, picture=False),
        facts=short,
    )


def of_alert(report: str, key: str, subject: str, sentences: Sequence[str]) -> Parcel:
    """Return an alert as a parcel without files."""
    facts = {"headline": subject, "sentences": list(sentences), "alert": True}
    return Parcel(
        report=report,
        key=key,
        subject=subject,
        text="\n\n".join(sentences),
        html=_html(subject, facts, picture=False),
        facts=facts,
    )


def facts_of(folder: Path) -> dict[str, Any]:
    """Return what a finished run's letter says in short."""
    path = folder / FACTS_FILE
    found = json.loads(path.read_bytes()) if path.is_file() else {}
    return found if isinstance(found, dict) else {}


def _text(facts: Mapping[str, Any]) -> str:
    warned = "\n".join(f"! {alert}" for alert in facts.get("alerts", ()))
    figures = "\n".join(map(_line, facts.get("kpis", ())))
    sentences = (*facts.get("sentences", ()), *facts.get("notes", ()))
    lists = [_listed(title, points) for title, points in _lists(facts)]
    opened = f"Open in the dashboard: {facts['link']}" if facts.get("link") else ""
    foot = _footer(facts)
    below = "\n".join(["-- ", *foot]) if foot else ""
    head = _first_line(facts), facts.get("headline", "")
    parts = [*head, warned, figures, *dict.fromkeys(sentences), *lists, opened, below]
    return "\n\n".join(part for part in parts if part)


def _lists(facts: Mapping[str, Any]) -> list[tuple[str, Sequence[Mapping[str, str]]]]:
    """Return what is said point by point, with its title."""
    return [(title, facts[name]) for name, title in LISTS.items() if facts.get(name)]


def _listed(title: str, points: Sequence[Mapping[str, str]]) -> str:
    return "\n".join([title, *(f"- {p['text']} {p['link']}".rstrip() for p in points)])


def _first_line(facts: Mapping[str, Any]) -> str:
    """Whose numbers, of which days."""
    about = facts.get("about", {})
    dataset = about.get("Dataset", "")
    named = dict.fromkeys((facts.get("scope", ""), dataset, about.get("Period", "")))
    return " · ".join(n for n in named if n) if about else ""


def _footer(facts: Mapping[str, Any]) -> list[str]:
    """Return what a mail says below: dataset, filters, version, and why one gets it."""
    about, report = facts.get("about", {}), facts.get("report", "")
    fields = ("Dataset", "Data version", "Filters", "Compared with", "Made")
    lines = [f"{name}: {about[name]}" for name in fields if name in about]
    why = (
        f"You get this because the report {report!r} names your address; reply to be taken off it."
    )
    return [*lines, why] if report else lines


def _line(kpi: Mapping[str, str]) -> str:
    before = f" ({kpi['change']}, before {kpi['previous']})" if kpi.get("change") else ""
    return f"{kpi['label']}: {kpi['value']}{before}"


def _html(subject: str, facts: Mapping[str, Any], *, picture: bool) -> str:
    known = {
        "about": {},
        "alerts": [],
        "kpis": [],
        "sentences": [],
        "compared": False,
        "chart": "",
        "notes": [],
        "link": "",
        **facts,
    }
    first, foot = _first_line(known), _footer(known)
    words = {"subject": subject, "first": first, "footer": foot, "lists": _lists(known)}
    return render("mail", facts=known, picture=picture, **words)
