"""Tables of a Spark catalogue by their address: ``spark:SCHEMA`` or ``spark:SCHEMA.TABLE``."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hk_metrics.errors import MissingToolError, ParameterError
from hk_metrics.schemas import TABLES

_PREFIX = "spark:"
_EVENTS = "tracking_data"


def tables_at(address: str) -> dict[str, Any]:
    """Return the frames that an address names, by table name; none of their rows is read.

    Parameters
    ----------
    address
        ``spark:`` and a schema, of which the tables that are called as the product's are taken; or
        ``spark:`` and a table, which holds the tracked events, with such tables of its schema.

    Raises
    ------
    MissingToolError
        If Spark, or the Java that it runs on, is not there.
    ParameterError
        If the catalogue has no such table or schema.

    Notes
    -----
    The session is the one that is active (in a notebook, on Databricks, under ``spark-submit``);
    else one is started as Spark's own configuration says.
    """
    session = _session()
    name = address.removeprefix(_PREFIX).strip()
    catalog = session.catalog
    is_table = bool(name) and catalog.tableExists(name)
    schema = name.rpartition(".")[0] if is_table else name
    there = _names(session, schema or catalog.currentDatabase())
    found = {table: f"{schema}.{table}" if schema else table for table in there if table in TABLES}
    if is_table:
        found[_EVENTS] = name
    if _EVENTS not in found:
        raise ParameterError(
            f"{address} names no table with tracked events: "
            + (f"its tables are {', '.join(there)}. " if there else "Spark knows no such schema. ")
            + f"Write {_PREFIX}SCHEMA.TABLE, or {_PREFIX}SCHEMA where the table is called {_EVENTS}"
        )
    return {table: session.table(full) for table, full in found.items()}


def _names(session: Any, schema: str) -> list[str]:
    """Return what a schema's tables are called; none where there is no such schema."""
    from pyspark.errors import PySparkException

    with suppress(PySparkException):
        return sorted(table.name for table in session.catalog.listTables(schema))
    return []


def _session() -> Any:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingToolError(
            "tables on Spark are read with pyspark, which is not installed: "
            "pip install 'hk-metrics[spark]'"
        ) from error
    try:
        return SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise MissingToolError(
            f"Spark does not start ({str(error).splitlines()[0]}): it needs a Java runtime, such "
            "as Debian's default-jre-headless, and JAVA_HOME or java on the PATH"
        ) from error
