"""The ledger and the tables of a dataset as files that BI tools read: Parquet, DuckDB, YAML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.ledger import MEASURES
from hk_metrics.present import atomic
from hk_metrics.semantic.definitions import KEY, LEDGER, exported, metricflow, osi, sql
from hk_metrics.view import View

if TYPE_CHECKING:
    import polars as pl

    from hk_metrics.dataset import Dataset

FORMATS = ("metricflow", "osi", "parquet", "duckdb")
_NAMES = {"metricflow": "metricflow.yml", "osi": "osi.yml", "duckdb": "influencer_return.duckdb"}


@dataclass(frozen=True)
class Written:
    """What an export wrote.

    Parameters
    ----------
    paths
        The files.
    metrics
        Names of the metrics that are defined in them.
    left_out
        Metrics of the dataset that SQL over one table cannot say.
    """

    paths: tuple[Path, ...]
    metrics: tuple[str, ...]
    left_out: tuple[str, ...]


def export(data: Dataset, folder: str | Path, formats: str | Iterable[str] = FORMATS) -> Written:
    """Write definitions and data of a dataset for a semantic layer, a warehouse or a BI tool.

    Parameters
    ----------
    data
        A dataset; of a scope, what the scope sees.
    folder
        Where to; made where it is not there. Files of an earlier export are replaced.
    formats
        Of ``metricflow`` (dbt) and ``osi`` (Open Semantic Interchange), definitions as YAML;
        ``parquet``, a file per table; ``duckdb``, one file with a view per table, the ledger, and
        ``metrics``: every metric with its SQL. All by default.

    Returns
    -------
    Written
        Paths, metrics, and what is left out.

    Raises
    ------
    UnknownNameError
        For another format.
    ParameterError
        For a folder that is a file.

    Notes
    -----
    ``ledger`` holds the rows that count for influencers; ``ledger_all`` organic ones, too.
    Users are numbers in it, never addresses. A metric of ``metrics`` summed over ``ledger`` is
    the number of `hk_metrics.View.totals`, by any dimension that of `hk_metrics.View.by`.

    Examples
    --------
    >>> import hk_metrics as hk, tempfile
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> done = hk.export(data, tempfile.mkdtemp(), "metricflow")
    >>> done.paths[0].name, done.left_out
    ('metricflow.yml', ('repeat_customers', 'repeat_rate'))
    """
    chosen = (formats,) if isinstance(formats, str) else tuple(formats)
    for name in chosen:
        if name not in FORMATS:
            raise UnknownNameError.of("export format", name, FORMATS)
    target, view = Path(folder).expanduser(), data.view()
    if target.is_file():
        raise ParameterError(f"{target} is a file: name a folder to export into")
    target.mkdir(parents=True, exist_ok=True)
    paths = [path for name in chosen for path in _WRITERS[name](data, view, target)]
    names = tuple(m.name for m in exported(view))
    available = [n for n in view.metrics if not view.unavailable(n)]
    return Written(tuple(paths), names, tuple(n for n in available if n not in names))


def tables(data: Dataset) -> dict[str, pl.DataFrame]:
    """Return the tables to write: the canonical ones, and the ledger at full grain."""
    return {**{n: _plain(t) for n, t in data.tables.items()}, "ledger_all": _ledger(data)}


def _ledger(data: Dataset) -> pl.DataFrame:
    """Return the ledger with one row per order and its user, as a number."""
    import polars as pl

    rows = _plain(data.ledger.rows.collect().to_native()).filter(pl.col("kind") != "order")
    events = _plain(data.ledger.events.collect().to_native())
    whole = pl.concat([rows, events], how="diagonal_relaxed")
    sums = [c for c in MEASURES if c in whole.columns]
    return whole.with_columns(pl.col(sums).fill_null(0)).with_row_index(KEY)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose text is text, for tools that know no categories."""
    import polars as pl
    import polars.selectors as cs

    return frame.with_columns((cs.categorical() | cs.enum()).cast(pl.String))


def _yaml(content: dict[str, Any], path: Path) -> list[Path]:
    import yaml

    head = "# Written by hk-metrics export.\n"
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    atomic.write(path, (head + text).encode())
    return [path]


def _metricflow(_: Dataset, view: View, folder: Path) -> list[Path]:
    return _yaml(metricflow(view), folder / _NAMES["metricflow"])


def _osi(_: Dataset, view: View, folder: Path) -> list[Path]:
    return _yaml(osi(view), folder / _NAMES["osi"])


def _parquet(data: Dataset, _: View, folder: Path) -> list[Path]:
    import polars as pl

    written = []
    held = tables(data)
    held[LEDGER] = held["ledger_all"].filter(~pl.col("organic"))
    for name, table in held.items():
        path = folder / f"{name}.parquet"
        table.write_parquet(path)
        written.append(path)
    return written


def _duckdb(data: Dataset, view: View, folder: Path) -> list[Path]:
    """Write one file: the data in a schema of its own, and a view per table for people."""
    import duckdb

    path = folder / _NAMES["duckdb"]
    draft = path.with_name(f"{atomic.TEMPORARY}{path.name}")
    draft.unlink(missing_ok=True)
    with duckdb.connect(str(draft)) as base:
        base.execute("CREATE SCHEMA data")
        for name, table in {**tables(data), "metrics": _catalogue(view)}.items():
            _fill(base, name, table)
        base.execute(f"CREATE VIEW {LEDGER} AS SELECT * FROM data.ledger_all WHERE NOT organic")
    draft.replace(path)
    return [path]


def _fill(base: Any, name: str, table: pl.DataFrame) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "table.parquet"
        table.write_parquet(file)
        base.execute(f'CREATE TABLE data."{name}" AS SELECT * FROM read_parquet(?)', [str(file)])
    base.execute(f'CREATE VIEW "{name}" AS SELECT * FROM data."{name}"')


def _catalogue(view: View) -> pl.DataFrame:
    import polars as pl

    rows = [
        {"name": m.name, "label": m.label, "unit": m.unit, "formula": m.formula, "note": m.note,
         "sql": sql(m, view.ledger)}
        for m in exported(view)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict.fromkeys(
        ("name", "label", "unit", "formula", "note", "sql"), pl.String))  # fmt: skip


_WRITERS = {"metricflow": _metricflow, "osi": _osi, "parquet": _parquet, "duckdb": _duckdb}
