"""A table, a card, a figure, described once, and how it looks on each surface.

`table.Table`, `card.Card` and `figures.Chart` are the descriptions; `values`, `bands` and
`glossary` say how a value is written, judged and explained. Each rendering has a file: `page` (the
dashboard), `html` (letter and paper), `notebook`, `csv`, `xlsx`, `workbook`, `pdf`. Text from data
is made harmless in `safe`, nowhere else.
"""

from hk_metrics.present.card import Card
from hk_metrics.present.table import Table

__all__ = ["Card", "Table"]
