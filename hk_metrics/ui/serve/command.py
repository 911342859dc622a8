"""The command that serves the dashboard."""

from __future__ import annotations

from typing import Any

import click

from hk_metrics.access import ROLES
from hk_metrics.access.commands import file_option
from hk_metrics.ui.serve.proxy import Proxy


@click.command()
@click.option("--data", help="Folder, file or store to open; else the store, else the sample.")
@click.option("--port", default=8866, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--base-url", default="/", show_default=True, help="Behind a reverse proxy.")
@click.option("--token", envvar="HK_METRICS_TOKEN",
              help="One token of an admin; people's own: hk-metrics token add.")  # fmt: skip
@file_option
@click.option("--read-only", is_flag=True, help="Everybody only looks.")
@click.option(
    "--allow-host",
    multiple=True,
    envvar="HK_METRICS_ALLOW_HOST",
    metavar="NAME",
    help="Answer to this name, too; *.example.com for all below it.",
)
@click.option(
    "--trust-proxy",
    multiple=True,
    metavar="ADDRESS",
    help="Believe the headers of a proxy at this address or network.",
)
@click.option("--user-header", default="", metavar="HEADER", help="In which it says who asks.")
@click.option("--role-header", default="", metavar="HEADER", help="In which it says their role.")
@click.option(
    "--scope-header",
    default="",
    metavar="HEADER",
    help="In which it says their part: brand=Gritzo; platform=YouTube.",
)
@click.option(
    "--proxy-role",
    type=click.Choice(ROLES),
    default="viewer",
    show_default=True,
    help="Role of those about whose role the proxy says nothing.",
)
@click.option(
    "--sign-out-url",
    default="",
    metavar="ADDRESS",
    help="Where the proxy signs people out, e.g. /oauth2/sign_out.",
)
@click.option("--pool", default=2, show_default=True, help="Sessions kept warm.")
@click.option("--sessions", default=40, show_default=True, help="Open sessions at most.")
@click.option("--each", default=24, show_default=True, help="Open sessions of one visitor at most.")
@click.option("--idle-minutes", default=60.0, show_default=True)
def serve(**options: Any) -> None:
    """Serve the dashboard and print its address."""
    from hk_metrics.ui.serve.server import serve as serve_dashboard

    proxy = Proxy(
        trusted=options.pop("trust_proxy"),
        user=options.pop("user_header"),
        role=options.pop("role_header"),
        scope=options.pop("scope_header"),
        default_role=options.pop("proxy_role"),
        sign_out=options.pop("sign_out_url"),
    )
    options["allow_hosts"] = options.pop("allow_host")
    tokens = options.pop("tokens")
    serve_dashboard(**options, **({"tokens": tokens} if tokens else {}), proxy=proxy)


@click.command()
@click.option("--port", default=8866, show_default=True)
def demo(port: int) -> None:
    """Serve the dashboard on generated data; what is imported there lasts until the next time."""
    from hk_metrics.ui.serve.demo import serve_demo

    serve_demo(port)
