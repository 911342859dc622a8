"""A key figure, described once: its value, what it is worth, and how it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.metrics import METRICS, Ratio
from hk_metrics.present import bands
from hk_metrics.present.values import exact
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Card:
    """One key figure.

    Parameters
    ----------
    key
        Stable name.
    label, tag
        What it is, and a word beside its value.
    value, exact
        As text: in short, and with all digits.
    band, delta
        ``text`` and ``tone`` of its verdict, and of its change (with the value before as
        ``title``); None for none.
    range
        Its interval, in words.
    against
        What stands at its foot.
    points
        Its course, for a small line.
    explain
        Title, formula and lines that explain it.
    """

    key: str
    label: str
    value: str
    exact: str
    tag: str = ""
    band: Mapping[str, str] | None = None
    delta: Mapping[str, str] | None = None
    range: str = ""
    against: str = ""
    points: Sequence[float | None] | None = None
    explain: Mapping[str, Any] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """Return what the page needs to draw it."""
        return asdict(self)


def of_metric(
    name: str, value: float, settings: Settings, before: float | None = None, when: str = "before"
) -> Card:
    """Return the card of a metric's value, without what only the surface knows.

    Parameters
    ----------
    name
        A metric.
    value, before
        In its unit: now, and in the period compared with (None for none).
    settings
        Currency, grouping, bands.
    when
        The period compared with, in words.
    """
    metric = METRICS[name]
    label, _, tag = metric.label.partition(" (")
    return Card(
        key=name,
        label=label,
        tag=tag.rstrip(")"),
        value=fmt.text(metric.unit, value, settings, "compact"),
        exact=exact(metric.unit, value, settings),
        band=bands.band(name, value, settings),
        delta=_change(name, value, before, settings, when),
    )


def is_cost(name: str) -> bool:
    """Return whether a metric says what one of something costs: spend divided by it.

    >>> is_cost("cpo"), is_cost("cpm"), is_cost("roas"), is_cost("spend")
    (True, True, False, False)
    """
    metric = METRICS[name]
    return isinstance(metric, Ratio) and metric.numerator == "spend"


def without_free_costs(totals: pd.Series[float]) -> pd.Series[float]:
    """Return totals as key figures tell them: where nothing was spent, no order has a cost.

    Parameters
    ----------
    totals
        Metric → its value; costs are unknown where spend is among them and 0.

    >>> import pandas as pd
    >>> without_free_costs(pd.Series({"spend": 0.0, "orders": 8.0, "cpo": 0.0})).to_dict()
    {'spend': 0.0, 'orders': 8.0, 'cpo': nan}
    """
    if totals.get("spend", default=1.0) != 0:
        return totals
    costs = [name for name in totals.index if is_cost(str(name))]
    return totals.drop(costs).reindex(totals.index)


def still_due(value: float, settings: Settings) -> str:
    """Return what is said beside spend of the part that is earned and not yet paid (money).

    >>> still_due(700.0, Settings()), still_due(0.0, Settings())
    ('of it ₹700 still due', '')
    """
    if not fmt.is_known(value) or not value:
        return ""
    return f"of it {fmt.text('money', value, settings, 'compact')} still due"


def still_open(value: float, settings: Settings) -> str:
    """Return what is said beside revenue of the part that may still come back (money).

    >>> still_open(700.0, Settings()), still_open(0.0, Settings())
    ('of which ₹700 still open to returns', '')
    """
    if not fmt.is_known(value) or not value:
        return ""
    return f"of which {fmt.text('money', value, settings, 'compact')} still open to returns"


def before_goods(settings: Settings) -> str:
    """Return that profit is before the cost of goods, where no margin is set; else "".

    >>> before_goods(Settings()), before_goods(Settings(margin=0.4))
    ('before the cost of goods: no margin is set', '')
    """
    return "" if settings.knows_margin else "before the cost of goods: no margin is set"


def _change(
    name: str, value: float, before: float | None, settings: Settings, when: str
) -> dict[str, str] | None:
    """Return the change of a metric, toned by whether it is good; None where there is none."""
    if before is None or not (fmt.is_known(before) and fmt.is_known(value)) or before == 0:
        return None
    relative = (value - before) / abs(before)
    then = f"{exact(METRICS[name].unit, before, settings)} {when}"
    return {"text": fmt.change(relative), "tone": bands.tone(name, relative), "title": then}
