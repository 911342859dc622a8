"""Orders of a code that posts do not explain: at most so many are leaked."""

from hk_metrics.leaks.codes import unexplained_orders

__all__ = ["unexplained_orders"]
