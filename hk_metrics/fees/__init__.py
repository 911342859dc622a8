"""Fees: what a post may cost, what peers cost, and who tires, stopped or brings clicks alone."""

from hk_metrics.fees.fair import fair_fees
from hk_metrics.fees.sequence import post_sequence
from hk_metrics.fees.shares import concentration

__all__ = ["concentration", "fair_fees", "post_sequence"]
