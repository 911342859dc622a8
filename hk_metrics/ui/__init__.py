"""The dashboard: state (traitlets, no widgets) → panels → pages → app, and its server."""
