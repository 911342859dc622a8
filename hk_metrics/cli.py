"""The command line: `hk-metrics generate | import | check | totals | serve | demo | report`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hk_metrics.access.commands import token
from hk_metrics.commands import export_command, list_plugins
from hk_metrics.errors import HkMetricsError, ParameterError
from hk_metrics.extras import advice
from hk_metrics.ui.serve.command import demo, serve

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset
    from hk_metrics.settings import Settings
    from hk_metrics.view import View

_DATE_ORDERS = click.Choice(["day_first", "month_first"])


class _Commands(click.Group):
    """Turns errors that users can repair into a message and exit code 1, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an `HkMetricsError` ends it with its message alone."""
        try:
            return super().invoke(ctx)
        except HkMetricsError as error:
            click.echo(f"hk-metrics: {error}", err=True)
            ctx.exit(1)
        except ModuleNotFoundError as missing:
            advised = advice(missing)
            if advised is None:
                raise
            click.echo(f"hk-metrics: {advised}", err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hk-metrics")
def main() -> None:
    """What did each influencer rupee really bring?"""


main.add_command(token)
main.add_command(serve)
main.add_command(demo)
main.add_command(list_plugins)
main.add_command(export_command)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", default=7, show_default=True, help="Same seed, same data.")
@click.option("--influencers", default=120, show_default=True)
@click.option("--days", default=180, show_default=True)
@click.option("--events", default=40_000, show_default=True, help="About how many tracked events.")
@click.option("--in-pieces", type=click.Choice(["csv", "parquet"]),
              help="Write tracked events as a folder of such files, a piece at a time: any number "
                   "of events fits.")  # fmt: skip
@click.option("--with", "beside", multiple=True,
              type=click.Choice(["costs", "deliverables", "margins", "customers"]),
              help="An optional table to add; again for another.")  # fmt: skip
def generate(
    folder: Path, seed: int, influencers: int, days: int, events: int, in_pieces: Any,
    beside: tuple[str, ...],
) -> None:  # fmt: skip
    """Write sample data with a known truth to FOLDER, one CSV per table."""
    from hk_metrics.simulate import simulate_tables, write_csv
    from hk_metrics.simulate.in_pieces import write_in_pieces

    if in_pieces and beside:
        raise click.UsageError(
            "--with adds to a sample that is written whole: leave --in-pieces out"
        )
    if in_pieces:
        for path in write_in_pieces(folder, seed, influencers, days, events, kind=in_pieces):
            click.echo(path)
        return
    tables, _ = simulate_tables(
        seed=seed, influencers=influencers, days=days, events=events, beside=beside
    )
    for path in write_csv(tables, folder):
        click.echo(path)


def _load(
    path: str,
    mapping: Sequence[str],
    date_order: Any,
    reject: bool,
    keep_unknown: bool,
    settings: Settings | None = None,
) -> Dataset:
    from hk_metrics.ingest import load

    pairs = (_pair(text, "--map HEADER=COLUMN") for text in mapping)
    answers = {name: column or None for name, column in pairs}
    progress = _progress if sys.stderr.isatty() else None
    return load(
        path,
        mapping=answers or None,
        on_error="reject" if reject else "raise",
        date_order=date_order,
        progress=progress,
        unknown_influencers="keep" if keep_unknown else "ask",
        settings=settings,
    )


def _progress(step: str, share: float) -> None:
    click.echo(f"\r\x1b[K{share:4.0%} {step}", nl=share >= 1, err=True)


def _pair(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ParameterError(f"{text!r}: write {form}")
    return name, value


def _loading(command: Any) -> Any:
    """Add the options of every command that reads files."""
    for option in (
        click.option("--date-order", type=_DATE_ORDERS,
                     help="For dates that can be read two ways."),
        click.option("--reject", is_flag=True, help="Leave unusable rows out and report them."),
        click.option("--map", "mapping", multiple=True, metavar="HEADER=COLUMN",
                     help="What a header means, where its name does not tell; FILE:HEADER=COLUMN "
                          "for one file's, FILE=TABLE for a whole file, HEADER= to leave one out."),
        click.option("--keep-unknown", is_flag=True,
                     help="Keep the rows of influencers that have no profile."),
    ):  # fmt: skip
        command = option(command)
    return command


@main.command("import")
@click.argument("path")
@click.option("--into", "store", type=click.Path(path_type=Path), required=True,
              help="Folder of the store.")  # fmt: skip
@click.option("--append", is_flag=True, help="Add to the current dataset instead of replacing it.")
@click.option("--yes", is_flag=True, help="Commit without asking.")
@click.option("--memory", metavar="4GB", help="What reading may take; larger files go through the "
              "disk in pieces. The setting HK_METRICS_MEMORY where not given.")  # fmt: skip
@_loading
def import_(
    path: str,
    store: Path,
    append: bool,
    yes: bool,
    memory: str | None,
    **reading: Any,
) -> None:
    """Read PATH, show what was understood, and commit it as the store's current dataset."""
    from hk_metrics.store import Store

    data = _load(path, **reading, settings=_within(memory, store))
    _show(data)
    if not yes and not click.confirm(f"Commit to {store}?"):
        click.echo("Nothing was changed.")
        return
    version = Store(store).commit(data, mode="append" if append else "replace")
    click.echo(f"Committed {version.id} to {store}.")


@main.command()
@click.argument("path")
@_loading
def check(path: str, **reading: Any) -> None:
    """Say what PATH holds and what is wrong with it; exit code 1 if rows cannot be used, or money
    may be counted wrongly and nobody was asked.
    """
    data = _load(path, **reading)
    _show(data)
    if doubts := data.quality.doubts:
        lines = "\n".join(f"  {doubt}" for doubt in doubts)
        click.echo(f"money may be counted wrongly, and nobody was asked:\n{lines}", err=True)
    if data.quality.errors or doubts:
        sys.exit(1)


def _within(memory: str | None, store: Path) -> Settings:
    """Return the settings for an import into a store that may take so much memory."""
    from pydantic import ValidationError

    from hk_metrics.settings import default_settings

    settings = default_settings().model_copy(update={"store": store})
    if memory is None:
        return settings
    try:
        return settings.model_validate({**settings.model_dump(), "memory": memory})
    except ValidationError as error:
        raise ParameterError(f"--memory is {memory!r}: write a size like 4GB") from error


def _show(data: Dataset) -> None:
    from hk_metrics.formatting import count, money
    from hk_metrics.interchange import heights
    from hk_metrics.present.card import still_due

    click.echo(str(data.quality))
    for name, rows in heights(data.tables).items():
        rejected = data.quality.rejected.get(name)
        lost = f", {count(rejected.height, data.settings)} rejected" if rejected is not None else ""
        click.echo(f"{name}: {count(rows, data.settings)} rows{lost}")
    totals = data.view().totals(["revenue", "spend", "spend_due", "orders"])
    owed = still_due(float(totals["spend_due"]), data.settings)
    click.echo(
        f"revenue {money(totals['revenue'], data.settings)}, "
        f"spend {money(totals['spend'], data.settings)}{f' ({owed})' if owed else ''}, "
        f"orders {count(totals['orders'], data.settings)}"
    )


@main.command()
@click.argument("path")
@click.option("--where", multiple=True, metavar="DIMENSION=VALUE",
              help="Only this value; again for more. date=FIRST..LAST: a period.")  # fmt: skip
@click.option("--by", help="One row per value of this dimension.")
@click.option("--metric", "metrics", multiple=True, help="Only these metrics.")
@click.option("--attribution", help="Model that credits orders.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text")
@_loading
def totals(
    path: str,
    where: tuple[str, ...],
    by: str | None,
    metrics: tuple[str, ...],
    attribution: str | None,
    form: str,
    **reading: Any,
) -> None:
    """Print the metrics of PATH."""
    data = _load(path, **reading)
    view = data.view(attribution=attribution).where(**_filters(where))
    click.echo(_written(view, by, metrics, form))
    lacking = view.gaps(metrics or view.metrics, [by] if by else [])
    for note in [*view.notes, *([lacking] if lacking else [])]:
        click.echo(note, err=True)


def _filters(where: tuple[str, ...]) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    for text in where:
        name, value = _pair(text, "--where DIMENSION=VALUE")
        if name in ("date", "follower_count"):
            first, _, last = value.partition("..")
            filters[name] = (first, last or first)
        else:
            filters.setdefault(name, []).append(value)
    return filters


def _written(view: View, by: str | None, metrics: tuple[str, ...], form: str) -> str:
    """Return the totals (one row per metric) or a breakdown (one row per value) as text."""
    table = (
        view.by(by, metrics)
        if by
        else view.totals(metrics).rename_axis("metric").to_frame("totals")
    )
    if form == "csv":
        from hk_metrics.present.csv import csv_bytes
        from hk_metrics.present.table import Table

        # Sums of floats carry noise far below a paisa; a reader of the file should not see it.
        flat = table.rename(columns={"totals": "value"}).round(9)
        return csv_bytes(Table("totals", flat)).decode("utf-8-sig").rstrip()
    if form == "json":
        found = json.loads(table.reset_index().to_json(orient="records", double_precision=15))
        content = found if by else {row["metric"]: row["totals"] for row in found}
        return json.dumps(content, indent=2, ensure_ascii=False)
    from hk_metrics.formatting import text
    from hk_metrics.metrics import METRICS

    settings = view.ledger.settings
    wide = table if by else table.T
    shown = wide.apply(lambda c: c.map(lambda v: text(METRICS[str(c.name)].unit, v, settings)))
    return str((shown if by else shown.T.rename(columns={"totals": ""})).to_string())


@main.group()
def report() -> None:
    """Scheduled reports: run, list, history, schedule, check."""


_config = click.option("--config", type=click.Path(path_type=Path), help="reports.toml")


@report.command("run")
@click.argument("name", required=False)
@click.option("-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for runs and history.")
@click.option("--format", "formats", multiple=True,
              type=click.Choice(["html", "pdf", "xlsx", "csv", "ipynb"]))  # fmt: skip
@click.option("--due", is_flag=True, help="Only what is planned and has not run yet.")
@click.option("--no-deliver", is_flag=True, help="Write the files, send nothing.")
@click.option("--force", is_flag=True, help="Again, even if the same run is done.")
@_config
def report_run(
    name: str | None,
    parameters: tuple[str, ...],
    output: Path | None,
    formats: tuple[str, ...],
    due: bool,
    no_deliver: bool,
    force: bool,
    config: Path | None,
) -> None:
    """Make the report NAME and hand it over; exit code 1 if that failed."""
    from hk_metrics import report as reports

    if due:
        results = reports.run_due(name, config=config)
    elif name is None:
        raise ParameterError("which report? Name one (hk-metrics report list), or use --due")
    else:
        given = reports.assignments(parameters)
        results = reports.run_each(
            name, given, config=config, output=output, formats=formats,
            deliver=not no_deliver, force=force,
        )  # fmt: skip
    for result in results:
        click.echo(str(result))
    if not results:
        click.echo("nothing is due")
    if not all(result.ok for result in results):
        sys.exit(1)


@report.command("list")
@_config
def report_list(config: Path | None) -> None:
    """List the reports that are declared."""
    from hk_metrics.report import list_reports

    _print(list_reports(config), "no reports are declared")


@report.command("history")
@click.argument("name", required=False)
@_config
def report_history(name: str | None, config: Path | None) -> None:
    """List the runs of NAME, or of all reports, the latest first."""
    from hk_metrics.report import history

    _print(history(name, config), "nothing has run yet")


def _print(table: Any, empty: str) -> None:
    click.echo(empty if table.empty else table.to_string(index=False))


@report.command("schedule")
@click.argument("name", required=False)
@click.option("--kind", type=click.Choice(["cron", "systemd"]), default="cron", show_default=True)
@click.option("--install", is_flag=True, help="Put the lines of all reports into the crontab.")
@click.option("--remove", is_flag=True, help="Take them out of the crontab.")
@_config
def report_schedule(
    name: str | None, kind: Any, install: bool, remove: bool, config: Path | None
) -> None:
    """Print the lines that make cron or systemd run what is due, or install them in the crontab."""
    from hk_metrics import report as reports

    if install or remove:
        if name or kind != "cron" or (install and remove):
            raise ParameterError(
                "--install and --remove are for all reports and cron: give one of them alone"
            )
        click.echo(reports.install(config, remove=remove))
        return
    click.echo(reports.schedule(name, config, kind=kind))


@report.command("test")
@click.argument("name")
@_config
def report_test(name: str, config: Path | None) -> None:
    """Send one line to who gets a report, to see that it arrives; exit code 1 if it does not."""
    from hk_metrics.report.subscriptions import send_test

    outcome = send_test(name, config)
    for delivery, done in outcome.items():
        click.echo(f"{delivery}: {done.status} {done.error}".rstrip())
    if any(done.error for done in outcome.values()):
        sys.exit(1)


@report.command("check")
@click.option("--no-deliver", is_flag=True, help="Print alerts, send nothing.")
@_config
def report_check(no_deliver: bool, config: Path | None) -> None:
    """Say what did not come, failed or breaks a rule; exit code 1 if anything does."""
    from hk_metrics.report import check as check_reports

    problems = check_reports(config, deliver=not no_deliver)
    for sentence in problems:
        click.echo(sentence)
    if problems:
        sys.exit(1)
    click.echo("all reports are well")
