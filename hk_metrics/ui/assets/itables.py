"""All that is known of itables' inside: where its package keeps DataTables as one module.

The module's default export makes a table of an element: `order`, `search`, `destroy`, `draw`.
"""

PACKAGE = "itables"
SCRIPT = "html/dt_bundle.js"
STYLE = "html/dt_bundle.css"
