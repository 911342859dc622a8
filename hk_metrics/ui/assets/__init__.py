"""What the page is made of in the browser: our modules and styles, and plotly's script."""
