"""Advice: what to do next, what it rests on, and what became of it."""

from hk_metrics.advice.actions import actions
from hk_metrics.advice.outcome import outcome
from hk_metrics.advice.recent import recent

__all__ = ["actions", "outcome", "recent"]
