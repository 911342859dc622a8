"""Fifty texts that would like to be more than text, and a dataset made of them."""

from __future__ import annotations

import polars as pl

import hk_metrics as hk
from hk_metrics.dataset import Dataset

RUN = "window.hkRan=1"
STRINGS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<img src=x-hk onerror={RUN}>",
    f'"><img src="x-hk" onerror="{RUN}">',
    f"'><img src='x-hk' onerror='{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:parent.{RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<math><mtext></p><img src=x-hk onerror={RUN}>",
    f"<a href=javascript:{RUN}>click</a>",
    f'<a href="javascript:{RUN}">plotly link</a>',
    f"<b>bold</b><br><a href='JaVaScRiPt:{RUN}'>x</a>",
    f"javascript:{RUN}",
    f" java\tscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "https://x-hk.example/?q=<script>",
    "<img src=https://x-hk.example/pixel.png>",
    "<link rel=stylesheet href=https://x-hk.example/a.css>",
    "<style>@import 'https://x-hk.example/b.css'; * { display: none !important }</style>",
    "<base href=https://x-hk.example/>",
    "<meta http-equiv=refresh content='0;url=https://x-hk.example/'>",
    f"<form action=https://x-hk.example/><button onclick={RUN}>",
    "{{constructor.constructor('" + RUN + "')()}}",
    "{{ 7 * 7 }}{% for x in range(9) %}",
    "${" + RUN + "}",
    "`${" + RUN + "}`",
    "%{customdata[0]}<extra></extra>",
    "%{x}<br>%{y}",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    "&amp;&#60;&#x3C;img src=x-hk&#62;",
    f"]]><!--<script>{RUN}</script>-->",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    "\u202eevas\u202c \u2066right to left\u2069",
    "Z\u0351\u036b\u0343\u036aa\u0302\u036b\u0301l\u0300\u0301g\u0303o \u200b\ufeff",
    "'; DROP TABLE orders; --",
    'O\'Brien "quoted" \\ backslash',
    f"[link](javascript:{RUN}) ![i](https://x-hk.example/c.png)",
    "$$\\href{javascript:" + RUN + "}{x}$$ \\(\\frac{1}{0}\\)",
    '=HYPERLINK("https://x-hk.example/","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1|x",
    "@SUM(1+1)*cmd|' /C calc'!A0" + " very long" * 60,
)


def hostile() -> Dataset:
    """Return a dataset whose names, captions, campaigns and the rest are these texts."""
    made, _ = hk.simulate(seed=7, influencers=60, days=60, events=1500)
    tables = dict(made.tables)
    people, posts, orders = (tables[n] for n in ("influencers", "posts", "tracking_data"))
    tables["influencers"] = people.with_columns(
        _cycled("name", people.height),
        _cycled("<img src=x-hk onerror=window.hkRan=1>", people.height, 7),
        _renamed(people, "category", 0), _renamed(people, "city", 10),
    )  # fmt: skip
    tables["posts"] = posts.with_columns(
        _cycled("caption", posts.height), _cycled("url", posts.height, 3),
        _renamed(posts, "campaign", 20), _renamed(posts, "brand", 2),
    )  # fmt: skip
    tables["tracking_data"] = orders.with_columns(
        _renamed(orders, "campaign", 20), _renamed(orders, "brand", 2),
        _renamed(orders, "product", 30), _renamed(orders, "source", 40),
    )  # fmt: skip
    tables["payouts"] = tables["payouts"].drop("campaign")
    tables.pop("daily_sales", None)
    return hk.load(tables, on_error="reject")


def _cycled(name: str, length: int, start: int = 0) -> pl.Series:
    return pl.Series(name, [STRINGS[(n + start) % len(STRINGS)] for n in range(length)])


def _renamed(table: pl.DataFrame, column: str, start: int) -> pl.Expr:
    known = table[column].drop_nulls().unique().sort().to_list()
    names = {old: STRINGS[(n + start) % len(STRINGS)] for n, old in enumerate(known)}
    return pl.col(column).replace(names)
