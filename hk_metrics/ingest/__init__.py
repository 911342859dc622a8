"""Strangers' files to a dataset: read, recognise, map, convert, check, report."""

from hk_metrics.ingest.answers import Answers, Question
from hk_metrics.ingest.checking.rejection import rejected_csv
from hk_metrics.ingest.file_plan import FilePlan
from hk_metrics.ingest.loading import load, preview
from hk_metrics.ingest.plan import ImportPlan
from hk_metrics.ingest.reading.limits import stated as limits
from hk_metrics.ingest.templates import template

__all__ = [
    "Answers", "FilePlan", "ImportPlan", "Question", "limits", "load", "preview", "rejected_csv",
    "template",
]  # fmt: skip
