"""Strangers' files to a dataset: read, recognise, map, convert, check, report."""

from hk_metrics.ingest.loading import load

__all__ = ["load"]
