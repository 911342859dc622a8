"""Views: the part of a ledger that filters keep, and what is asked of it."""

from hk_metrics.view.query import Query
from hk_metrics.view.view import Comparison, View

__all__ = ["Comparison", "Query", "View"]
