"""Versions of datasets on disk: all or nothing, undone with a word, shared read-only."""

from hk_metrics.store.folder import KEPT, Store, kept_in
from hk_metrics.store.shelf import DAMAGED
from hk_metrics.store.version import Mode, Version

__all__ = ["DAMAGED", "KEPT", "Mode", "Store", "Version", "kept_in"]
