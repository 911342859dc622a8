"""What leaves the program as a file: CSV, XLSX, PDF, all through one safe choke-point.

`sheet.Sheet` is a table with its units; `csv` and `xlsx` write sheets, `workbook` makes the sheets
of a view, `pdf` prints a page of HTML. Text is neutralised in `safe`, nowhere else.
"""

from hk_metrics.export.sheet import Sheet

__all__ = ["Sheet"]
