"""What a page of one's own is made of, under one roof: `hk_metrics.pages` names a `Page`.

>>> from hk_metrics.ui.blocks import Page, cards, row
>>> Page("short", "In short", lambda state: [row(cards(["revenue", "roas"]))]).label
'In short'
"""

from __future__ import annotations

from hk_metrics.figures import Chart, bars, grouped, intervals, lines, scatter, trend
from hk_metrics.present import Card, Table
from hk_metrics.ui.parts.cards import cards, facts, figure_card
from hk_metrics.ui.parts.controls import choice, chosen
from hk_metrics.ui.parts.panels import Page, Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.parts.tables import breakdown, table
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State
from hk_metrics.view import Query

__all__ = [
    "Card", "Chart", "Page", "Panel", "PanelAnswers", "Query", "Row", "State", "Table", "bar",
    "bars", "breakdown", "cards", "chart", "choice", "chosen", "facts", "figure_card", "grouped",
    "intervals", "lines", "row", "scatter", "sentences", "table", "trend",
]  # fmt: skip
