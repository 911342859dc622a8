"""Files on their way to a dataset: read, explained, compared, and committed or not."""

from __future__ import annotations

from typing import Any

import traitlets as t

from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError, SchemaError
from hk_metrics.quality import Finding, QualityReport
from hk_metrics.store import Mode, Store


class Incoming(t.HasTraits):
    """An import that the visitor has started.

    ``files`` is what came; ``dataset`` what it makes, once it can; ``refused`` what stands
    against it, in words; ``acceptable`` whether the rest can be used without the refused rows.
    """

    files = t.Dict()
    dataset = t.Instance(Dataset, allow_none=True)
    report = t.Instance(QualityReport, allow_none=True)
    refused = t.Unicode()
    acceptable = t.Bool(False)
    changed = t.Int(0)

    def read(self, files: dict[str, bytes], *, accept: bool = False) -> None:
        """Read files; with ``accept``, leave out rows that cannot be used."""
        from hk_metrics.ingest import load

        self.files, self.dataset, self.report = files, None, None
        self.refused, self.acceptable = "", False
        try:
            self.dataset = load(dict(files), on_error="reject" if accept else "raise")
            self.report = self.dataset.quality
        except SchemaError as error:
            self.refused, self.report = str(error), error.quality
            self.acceptable = not accept and "on_error='reject'" in str(error)
        except HkMetricsError as error:
            self.refused = str(error)
        self.changed += 1

    def drop(self) -> None:
        """Forget the import."""
        self.files, self.dataset, self.report = {}, None, None
        self.refused, self.acceptable = "", False
        self.changed += 1

    def commit(self, mode: Mode) -> Dataset:
        """Make the import the current dataset and return it as the store now has it."""
        assert self.dataset is not None
        store = Store()
        store.commit(self.dataset, mode)
        current = store.current()
        assert current is not None
        self.drop()
        return current


def lines(report: QualityReport | None, most: int = 40) -> list[dict[str, Any]]:
    """Return findings as lines of a page: errors first, with place, sentence and fix."""
    tones = {"error": "poor", "warning": "fair", "note": "accent"}
    order = list(tones)
    found = sorted(report.findings if report else (), key=lambda f: order.index(f.severity))
    shown = [{"text": _sentence(f), "tone": tones[f.severity]} for f in found[:most]]
    if len(found) > most:
        shown.append({"text": f"{len(found) - most} more are in the quality report.", "tone": ""})
    return shown


def _sentence(finding: Finding) -> str:
    word = {"error": "Error", "warning": "Warning", "note": "Understood"}[finding.severity]
    return f"{word}. {finding}"
