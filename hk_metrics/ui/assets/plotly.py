"""All that is known of plotly's inside: where its package keeps the script of plotly.js.

The script puts `Plotly` on the window, with `react`, `purge` and, on what it has drawn, `on`.
"""

PACKAGE = "plotly"
SCRIPT = "package_data/plotly.min.js"
