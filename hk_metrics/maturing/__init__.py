"""Matured revenue: what will be left of it once the orders that are still open have come home."""

from hk_metrics.maturing.orders import with_matured
from hk_metrics.maturing.outlook import Outlook, outlook

__all__ = ["Outlook", "outlook", "with_matured"]
