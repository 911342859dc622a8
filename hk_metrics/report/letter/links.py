"""Where a view can be looked at: addresses of the dashboard, for letters and mails."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from hk_metrics.settings import Settings
from hk_metrics.view import View
from hk_metrics.view.filters import NONE

_FILTER = "f."  # before a dimension in a link, whatever the dimension is called


def link(view: View, page: str = "", by: str = "", values: Sequence[str] = ()) -> str:
    """Return the address that opens the dashboard on a view; empty where it has none.

    Parameters
    ----------
    view
        Its filters and days are the link's.
    page
        The page's name; the Overview where empty.
    by, values
        What to narrow to besides: a dimension and its values.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> settings = hk.Settings(dashboard_url="https://hk.example/")
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=60, events=500)
    >>> view = data.view(date=("2025-01-01", "2025-01-31"))
    >>> link(view, "roas"), query(view, "roas", "brand", ["Gritzo"])
    ('', 'page=roas&from=2025-01-01&to=2025-01-31&f.brand=Gritzo')
    """
    settings: Settings = view.ledger.settings
    base = settings.dashboard_url.partition("?")[0]
    return f"{base}?{query(view, page, by, values)}" if base else ""


def query(view: View, page: str = "", by: str = "", values: Sequence[str] = ()) -> str:
    """Return the part of an address that names a view, as the dashboard reads it."""
    filters = {n: v for n, v in view.filters.items() if n != "date"}
    if by:
        filters[by] = tuple(values)
    first, last = view.filters.get("date") or (None, None)
    ends = [(name, day.isoformat()) for name, day in (("from", first), ("to", last)) if day]
    days = ends or [("period", "all")]
    chosen = [
        (f"{_FILTER}{n}", NONE if v is None else str(v)) for n, vs in filters.items() for v in vs
    ]
    return urlencode([*([("page", page)] if page else []), *days, *chosen])
