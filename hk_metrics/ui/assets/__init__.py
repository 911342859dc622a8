"""What the page is made of in the browser: our modules and styles, plotly's and DataTables'."""
