"""Cohorts: what new customers bring in the days after their first order, as far as seen."""

from hk_metrics.customers.cohorts import cohorts, what_is_new, what_is_repeat

__all__ = ["cohorts", "what_is_new", "what_is_repeat"]
