"""Results as users get them: pandas that says and draws itself as the dashboard does, or Polars."""
