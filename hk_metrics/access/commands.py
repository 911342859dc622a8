"""The commands that give tokens out: `hk-metrics token add | list | revoke`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from hk_metrics.access.tokens import TokenFile
from hk_metrics.access.visitor import ROLES, scope_of, scope_text


def file_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that says where tokens are kept."""
    option = click.option(
        "--tokens", type=click.Path(path_type=Path), envvar="HK_METRICS_TOKENS",
        help="File of the tokens, of which it keeps hashes only.  [default: data/tokens.json]",
    )  # fmt: skip
    return option(command)


def _file(tokens: Path | None) -> TokenFile:
    from hk_metrics.places import tokens_file

    return TokenFile(tokens or tokens_file())


@click.group()
def token() -> None:
    """Who may open the dashboard: add, list, revoke."""


@token.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True)
@click.option("--scope", multiple=True, metavar="DIMENSION=VALUE",
              help="Only this part of the data; again for more.")  # fmt: skip
@file_option
def add(name: str, role: str, scope: tuple[str, ...], tokens: Path | None) -> None:
    """Make a token for NAME, and print it once."""
    seen = scope_of(scope)
    made = _file(tokens).add(name, role, seen)
    click.echo(made)
    click.echo(
        f"This is the token of {name} ({role}, sees {scope_text(seen)}). It is not shown again; "
        "a running dashboard takes it from now on.",
        err=True,
    )


@token.command("list")
@file_option
def list_(tokens: Path | None) -> None:
    """List whose tokens there are, and what they open."""
    found = _file(tokens).tokens()
    for entry in found:
        made = f"{entry.created:%Y-%m-%d}"
        click.echo(f"{entry.name}\t{entry.role}\t{scope_text(entry.scope)}\t{made}")
    if not found:
        click.echo("there are no tokens", err=True)


@token.command("revoke")
@click.argument("name")
@file_option
def revoke(name: str, tokens: Path | None) -> None:
    """Make the token of NAME worthless; the pages that it opened end within seconds."""
    _file(tokens).revoke(name)
    click.echo(f"The token of {name} opens nothing any more.")
