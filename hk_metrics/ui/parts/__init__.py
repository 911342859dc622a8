"""Parts of a page: cards, tables, figures, controls, and the panels that draw them."""
