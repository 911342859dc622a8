"""From frames of metrics to charts: view → figure."""

from hk_metrics.figures.axes import line_at
from hk_metrics.figures.categories import bars, grouped, label_of
from hk_metrics.figures.chart import Chart, lacking, relabelled, safe
from hk_metrics.figures.distributions import histogram
from hk_metrics.figures.palette import Palette
from hk_metrics.figures.pins import pinned
from hk_metrics.figures.points import intervals, scatter
from hk_metrics.figures.times import lines, spark, trend
from hk_metrics.figures.waterfall import waterfall

__all__ = [
    "Chart",
    "Palette",
    "bars",
    "grouped",
    "histogram",
    "intervals",
    "label_of",
    "lacking",
    "line_at",
    "lines",
    "pinned",
    "relabelled",
    "safe",
    "scatter",
    "spark",
    "trend",
    "waterfall",
]
