"""Colours: Okabe–Ito for categories, the same colour for the same value everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Okabe & Ito (2008), told apart with any colour vision; black and yellow left out, as one of them
# vanishes on each ground. Darker companions follow for the dimensions with more values.
_OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
_COMPANIONS = ("#7A5AA6", "#8A8D3B", "#3F8E8E", "#A65628", "#6B7FB8", "#B05A7A")
CATEGORICAL = (*_OKABE_ITO, *_COMPANIONS)
NONE_COLOUR = "var(--line-strong)"
ACCENT = "var(--accent)"
MUTED = "var(--muted)"
GOOD, _FAIR, POOR = "var(--good)", "var(--fair)", "var(--poor)"

# What the page's style sheets say in light, for figures that live outside the page.
LIGHT = {
    "var(--accent)": "#0b6b70",
    "var(--muted)": "#56636f",
    "var(--ink)": "#17212b",
    "var(--surface)": "#ffffff",
    "var(--line-strong)": "#b9c2cb",
    "var(--good)": "#14713f",
    "var(--fair)": "#7a5600",
    "var(--poor)": "#ab3422",
}
SEQUENTIAL = (
    (0.0, "#e8f3f3"),
    (0.25, "#a8d3d2"),
    (0.5, "#5ba7a7"),
    (0.75, "#1f7a7e"),
    (1.0, "#084a4e"),
)
_METRIC_COLOURS = {"revenue": ACCENT, "spend": "#E69F00", "profit": "#009E73", "reach": "#56B4E9"}
# Dimensions that stand side by side start at different colours.
_STARTS = {"platform": 0, "brand": 2, "source": 4}


@dataclass(frozen=True)
class Palette:
    """The colour of each value of each dimension of one dataset.

    Parameters
    ----------
    colours
        Dimension → value → colour.
    """

    colours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, Sequence[str | None]]) -> Palette:
        """Assign colours to the values of dimensions, in the order given.

        >>> Palette.of({"platform": ["Instagram", None, "YouTube"]}).of_value("platform", "YouTube")
        '#E69F00'
        """
        return cls({name: _assigned(name, known) for name, known in values.items()})

    def of_value(self, dimension: str, value: str | None) -> str:
        """Return a value's colour; the accent for dimensions with too many values to tell."""
        known = self.colours.get(dimension, {})
        if value is None or value == "(none)":
            return NONE_COLOUR
        return known.get(value, ACCENT)


def _assigned(dimension: str, values: Sequence[str | None]) -> dict[str, str]:
    named = [v for v in values if v is not None]
    if len(named) > len(CATEGORICAL):
        return {}
    start = _STARTS.get(dimension, 0)
    return {v: CATEGORICAL[(start + n) % len(CATEGORICAL)] for n, v in enumerate(named)}


def of_metric(name: str) -> str:
    """Return the colour of a metric where no dimension has the word."""
    return _METRIC_COLOURS.get(name, ACCENT)
