"""Commands that belong to no room of their own: what is installed beside us, and what leaves."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from hk_metrics import plugins
from hk_metrics.extras import advice

# Group → the module that looks it up, and the name that makes it do so.
_HOMES = {
    "hk_metrics.metrics": ("hk_metrics.metrics", "METRICS"),
    "hk_metrics.attribution": ("hk_metrics.attribution", "MODELS"),
    "hk_metrics.estimators": ("hk_metrics.incrementality", "ESTIMATORS"),
    "hk_metrics.shapes": ("hk_metrics.ingest.shapes.known", "formats"),
    "hk_metrics.deliveries": ("hk_metrics.report.delivery", "KINDS"),
    "hk_metrics.pages": ("hk_metrics.ui.pages", "PAGES"),
}


@click.command("plugins")
def list_plugins() -> None:
    """List what installed packages add; exit code 1 if something of it cannot be used."""
    import sys
    import warnings

    warnings.simplefilter("ignore", plugins.PluginWarning)
    for group, (module, name) in _HOMES.items():
        try:
            home = getattr(import_module(module), name)
        except ModuleNotFoundError as missing:
            click.echo(f"{group}: not looked up, since {advice(missing) or missing}")
            continue
        _ = home() if callable(home) else len(home)
    for note in plugins.known():
        click.echo(note.problem or f"{note.package}: {plugins.GROUPS[note.group]} "
                   f"{', '.join(note.brings)}")  # fmt: skip
    if not plugins.known():
        click.echo("no installed package adds anything")
    if plugins.problems():
        sys.exit(1)


@click.command("export")
@click.argument("path")
@click.option("--into", "folder", type=click.Path(path_type=Path), required=True,
              help="Folder to write to.")  # fmt: skip
@click.option("--format", "formats", multiple=True,
              help="metricflow, osi, parquet or duckdb; again for more. All without.")  # fmt: skip
def export_command(path: str, folder: Path, formats: tuple[str, ...]) -> None:
    """Write the metrics' definitions and the ledger of PATH for BI tools and semantic layers."""
    from hk_metrics.ingest import load
    from hk_metrics.semantic import export
    from hk_metrics.semantic.warehouse import FORMATS

    done = export(load(path), folder, formats or FORMATS)
    for written in done.paths:
        click.echo(written)
    click.echo(f"{len(done.metrics)} metrics are defined.")
    if done.left_out:
        click.echo(f"Left out, since one sum over one table cannot say them: "
                   f"{', '.join(done.left_out)}.", err=True)  # fmt: skip
