"""A column that names each row's currency: amounts in another one are never added up."""

from __future__ import annotations

from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.problems import problem_frame
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.sheet import Sheet
from hk_metrics.ingest.values.numbers import CURRENCIES

_HEADERS = frozenset({"currency", "currencycode", "curr", "ccy"})
_WITH_MONEY = frozenset({"tracking_data", "payouts", "daily_sales", "costs", "deliverables"})


def currency_headers(raw: RawTable, table: str) -> list[str]:
    """Return the headers that name the currency of a table's amounts."""
    return [h for h in raw.headers if plain(h) in _HEADERS] if table in _WITH_MONEY else []


def report_currency(sheet: Sheet, currency: str, log: Log) -> None:
    """Note the rows whose currency is not the dataset's (``other_currency``)."""
    import polars as pl

    headers = currency_headers(sheet.raw, sheet.table)
    if not headers:
        return
    stated = sheet.raw.frame[headers[0]].cast(pl.String).str.strip_chars().str.to_lowercase()
    own = rf"^({CURRENCIES.get(currency, currency.lower())})$"
    other = ~stated.str.contains(own) & (stated.str.len_bytes() > 0)
    rows = sheet.raw.frame.filter(other.fill_null(False))
    log.add_problems(
        sheet.table,
        problem_frame(sheet.raw.file, "other_currency", headers[0], rows[ROW], rows[headers[0]]),
    )
