"""What a value or a change is worth: the band it lies in and its tone, the same on all surfaces."""

from __future__ import annotations

from hk_metrics import formatting as fmt
from hk_metrics.metrics import METRICS
from hk_metrics.settings import Bands, Settings

_WORDS = {"engagement_rate": ("low", "average", "high")}
_USUAL = ("poor", "average", "good")
_TONES = ("poor", "fair", "good")
_FLAT = 5e-4  # relative changes below this are none


def limits(name: str, settings: Settings) -> Bands | None:
    """Return where a metric turns from poor to good, in its own unit; None where nowhere.

    ROI is margin × ROAS − 1, and is judged on the scale of ROAS: the same money has one verdict.
    Where a margin is set, what does not pay for itself is poor.
    (The settings' own bounds of ROI part the segments of a portfolio.)
    """
    found = settings.bands.get("roas" if name == "roi" else name)
    if name not in ("roas", "roi") or found is None:
        return found
    kept = settings.kept
    low = max(found.low, 1.0 / kept) if settings.knows_margin and kept > 0 else found.low
    high = max(found.high, low)
    if name == "roas":
        return Bands(low=low, high=high)
    return Bands(low=kept * low - 1, high=kept * high - 1)


def band(name: str, value: float, settings: Settings) -> dict[str, str] | None:
    """Return the band that a value lies in, in a word and its tone; None without bands.

    A value is judged as it is shown: 3.004 reads 3.00×, which is not over 3.00×.

    >>> band("roas", 3.004, Settings()), band("roi", 2.01, Settings())
    ({'text': 'average', 'tone': 'fair'}, {'text': 'good', 'tone': 'good'})
    """
    if name == "roi" and fmt.is_known(value):
        return band("roas", (value + 1) / settings.kept, settings)
    found = limits(name, settings)
    if found is None or not fmt.is_known(value):
        return None
    value = round(value, 3 if METRICS[name].unit == "percent" else 2)
    at = 0 if value < found.low else 2 if value > found.high else 1
    return {"text": _WORDS.get(name, _USUAL)[at], "tone": _TONES[at]}


def sentence(name: str, settings: Settings) -> str:
    """Return a metric's bands in a sentence; empty without bands.

    >>> sentence("roas", Settings())
    'Bands: poor under 2.00×, average up to 3.00×, good over 3.00×.'
    """
    found = limits(name, settings)
    if found is None:
        return ""
    low, high = (fmt.text(METRICS[name].unit, v, settings) for v in (found.low, found.high))
    poor, middle, good = _WORDS.get(name, _USUAL)
    return f"Bands: {poor} under {low}, {middle} up to {high}, {good} over {high}."


def tone(name: str, change: float) -> str:
    """Return ``good`` or ``poor`` for a relative change, empty where neither can be said.

    >>> tone("revenue", 0.1), tone("cpo", 0.1), tone("spend", 0.1)
    ('good', 'poor', '')
    """
    better = METRICS[name].higher_is_better
    if better is None or not fmt.is_known(change) or abs(change) < _FLAT:
        return ""
    return _TONES[2 if (change > 0) == better else 0]
