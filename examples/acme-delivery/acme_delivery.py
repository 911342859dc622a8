"""JSON lines: one line of facts per report or alert, for whatever reads a log.

In reports.toml: ``[deliveries.log]``, ``kind = "jsonl"``, ``path = "reports.jsonl"``.
"""

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from hk_metrics.report.delivery.parcel import Parcel, TemporaryError


class Lines(BaseModel, frozen=True, extra="forbid"):
    """A file that grows by a line each time; the same thing sent again is told by its key."""

    kind: Literal["jsonl"] = "jsonl"
    path: Path

    @property
    def references(self) -> tuple[str, ...]:
        """Secrets it uses."""
        return ()

    def deliver(self, parcel: Parcel) -> None:
        """Append the line; where the file cannot be written now, later may be different."""
        line = {"report": parcel.report, "key": parcel.key, "subject": parcel.subject,
                "facts": dict(parcel.facts)}  # fmt: skip
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        except OSError as failure:
            raise TemporaryError(f"{self.path}: {failure.strerror or failure}") from failure
