"""The mail around a report: the numbers and the main chart, readable without opening a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hk_metrics.present.templates import render
from hk_metrics.report.delivery import Parcel
from hk_metrics.report.outputs import FACTS_FILE, PICTURE_FILE
from hk_metrics.report.records import Run


def of_run(run: Run, title: str = "") -> Parcel:
    """Return a finished run as a parcel.

    Parameters
    ----------
    run
        Its files are what is handed over.
    title
        Used where the notebook gave no subject.
    """
    folder = Path(run.folder)
    facts = facts_of(folder)
    picture = folder / PICTURE_FILE
    image = picture.read_bytes() if picture.is_file() else b""
    subject = str(facts.get("subject") or title or run.report)
    return Parcel(
        report=run.report,
        # A run that was made anew on request is another thing than the one before.
        key=run.key if run.edition == 1 else f"{run.key}-{run.edition}",
        subject=subject,
        text=_text(facts) or subject,
        html=_html(subject, facts, picture=bool(image)),
        picture=image,
        folder=folder,
        files=tuple(folder / name for name in run.files if "/" not in name),
        facts=facts,
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
    rows = [
        f"{k['label']}: {k['value']}"
        + (f" ({k['change']}, before {k['previous']})" if k["change"] else "")
        for k in facts.get("kpis", ())
    ]
    warned = "\n".join(f"! {said}" for said in facts.get("alerts", ()))
    parts = [facts.get("headline", ""), warned, "\n".join(rows), *facts.get("sentences", ())]
    return "\n\n".join(part for part in parts if part)


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
        **facts,
    }
    return render("mail", subject=subject, facts=known, picture=picture)
