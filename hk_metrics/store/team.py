"""What a team says beside its data: targets, and answers to actions; each change a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hk_metrics.errors import ParameterError
from hk_metrics.planning.targets import Target, merged, read
from hk_metrics.store.records import Record, Records
from hk_metrics.team.words import typed_day


def targets(folder: Path, version: int | None = None) -> tuple[Target, ...]:
    """Return the targets that hold in a store, or held in a version of them (from 1)."""
    known = Records(folder, "targets").all()
    held = [r for r in known if version is None or r.version <= version]
    return read(held[-1].facts["targets"]) if held else ()


def keep_targets(
    folder: Path,
    given: Iterable[Target | Mapping[str, Any]] | str | Path,
    by: str = "",
    *,
    replace: bool = False,
) -> Record:
    """Add targets to a store's, each in the place of one about the same; or replace them all."""
    present = () if replace else targets(folder)
    wanted = merged(present, read(given))
    return Records(folder, "targets").add({"targets": [t.record() for t in wanted]}, by)


_LONGEST_NAME = 80
_ANSWERS = ("accepted", "dismissed", "open")


def decide(
    folder: Path,
    action: Mapping[str, Any],
    answer: str,
    by: str = "",
    *,
    owner: str = "",
    day: date | str | None = None,
) -> Record:
    """Keep what the team says to an action, who does it and by when.

    ``action`` is a row of `hk_metrics.actions`.
    """
    if answer not in _ANSWERS:
        raise ParameterError(f"{answer!r}: answer an action by one of {', '.join(_ANSWERS)}")
    about = {n: action[n] for n in ("key", "text", "kind", "by")}
    money = float(action["money"])
    facts = {**about, "values": list(action["values"]), "money": money, "answer": answer}
    by_when = typed_day(day).isoformat() if day else ""
    given = {"owner": " ".join(owner.split())[:_LONGEST_NAME], "day": by_when}
    return Records(folder, "actions").add(facts | {n: v for n, v in given.items() if v}, by)


def decisions(folder: Path) -> dict[str, Record]:
    """Return the last answer to each action, by its key; what was taken back is left out."""
    last = {str(r.facts["key"]): r for r in Records(folder, "actions").all()}
    return {key: r for key, r in last.items() if r.facts["answer"] != "open"}
