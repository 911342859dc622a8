"""One influencer's page: shown on the page of influencers when the filter holds just one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart, label_of
from hk_metrics.metrics import METRICS
from hk_metrics.ui.cards import cards
from hk_metrics.ui.components import Facts
from hk_metrics.ui.panels import Answers, Panel, Row, chart, row
from hk_metrics.ui.state import State
from hk_metrics.ui.tables import Grid, table
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

KEY_FIGURES = (
    "revenue", "spend", "roas", "orders", "posts",
    "reach", "engagement_rate", "conversion_rate", "aov", "cpo",
)  # fmt: skip
PEERS = ("revenue", "spend", "roas", "orders", "engagement_rate", "conversion_rate")
NEAREST = 8


def one(state: State) -> bool:
    """Return whether the filter holds exactly one influencer."""
    chosen = state.filters.get("influencer_id", ())
    return len(chosen) == 1 and chosen[0] is not None


def several(state: State) -> bool:
    """Return whether the filter leaves more than one influencer."""
    return not one(state)


def who(state: State) -> str:
    """Return the influencer's id."""
    return str(state.filters["influencer_id"][0])


def rows(state: State) -> list[Row]:
    """Return the rows of an influencer's page."""
    return [
        row(profile(state), when=one),
        row(cards(KEY_FIGURES), when=one),
        row(by_day(), by("product"), by("source"), when=one),
        row(posts(), payouts(), when=one),
        row(peers(), when=one),
    ]


def profile(state: State) -> Panel:
    """Return what is known of the influencer, and the way back to all."""
    widget = Facts(back="All influencers")
    widget.add_class("hk-span-12")
    widget.on_msg(
        lambda _, m, __: state.select("influencer_id", []) if m.get("event") == "back" else None
    )

    def draw(answers: Answers) -> None:
        key = who(answers.state)
        widget.title = answers.catalog.names.get(key, key)
        profiles = answers.catalog.profiles
        facts = profiles.loc[key] if key in profiles.index else profiles.iloc[0:0].sum()
        widget.subtitle = f"Influencer {key}"
        widget.pairs = [[label_of(n), _fact(v)] for n, v in facts.items() if n != "name"]

    return Panel(widget, draw)


def _fact(value: object) -> str:
    if isinstance(value, int | float):
        return fmt.count(float(value))
    return fmt.DASH if value is None or value != value else str(value)


def by_day() -> Panel:
    """Return revenue and spend by day."""

    def draw(answers: Answers) -> Chart:
        names = ("revenue", "spend")
        return figures.trend(
            answers.trend("D"), names, settings=answers.settings, title="Revenue and spend by day"
        )

    return chart(draw, Query(("revenue", "spend"), freq="D"), span=6, height=280)


def by(dimension: str) -> Panel:
    """Return revenue by a dimension of the orders."""

    def draw(answers: Answers) -> Chart:
        frame = answers.by(dimension)
        return figures.bars(frame[frame.index != "(none)"], "revenue", **answers.look())

    return chart(draw, Query(("revenue",), (dimension,)), span=3, height=280)


def _own(answers: Answers, name: str) -> pd.DataFrame:
    import polars as pl

    frame = answers.dataset.tables[name]
    return frame.filter(pl.col("influencer_id") == who(answers.state)).to_pandas()


def posts() -> Panel:
    """Return the influencer's posts."""

    def draw(answers: Answers) -> Grid:
        frame = _own(answers, "posts").sort_values("date", ascending=False)
        frame["engagement_rate"] = (frame["likes"] + frame["comments"]) / frame["reach"].where(
            frame["reach"] > 0
        )
        names = ["date", "platform", "caption", "reach", "likes", "comments", "engagement_rate"]
        units = {
            "reach": "count",
            "likes": "count",
            "comments": "count",
            "engagement_rate": "percent",
        }
        return Grid(
            frame[names], "Posts", units=units, labels={n: label_of(n) for n in names}, length=8
        )

    return table(draw, span=7)


def payouts() -> Panel:
    """Return what the influencer was paid, as the payouts table says."""

    def draw(answers: Answers) -> Grid:
        frame = _own(answers, "payouts").drop(
            columns=["influencer_id", "payout_id"], errors="ignore"
        )
        units = {
            "rate": "money",
            "total_payout": "money",
            "orders": "count",
            "commission_rate": "percent",
        }
        known = frame[[c for c in frame.columns if not frame[c].isna().all()]]
        labels = {str(c): label_of(str(c)) for c in known.columns}
        return Grid(known, "Payouts", units=units, labels=labels, length=8)

    return table(draw, span=5)


def peers() -> Panel:
    """Return the influencers most like this one: same category and platform, near in followers."""

    def draw(answers: Answers) -> Grid:
        key = who(answers.state)
        profiles = answers.catalog.profiles
        like = nearest(profiles, key)
        view = answers.view.where(influencer_id=[key, *like])
        frame = view.by("influencer_id", PEERS).loc[lambda f: f.index != "(none)"]
        frame.insert(0, "name", [answers.catalog.names.get(str(i), str(i)) for i in frame.index])
        frame.insert(1, "follower_count", profiles["follower_count"].reindex(frame.index))
        return Grid(
            frame, "Peers", subtitle="Same category and platform, nearest in followers",
            units={**{m: METRICS[m].unit for m in PEERS}, "follower_count": "count"},
            labels={**{m: METRICS[m].label for m in PEERS}, "name": "Influencer", "follower_count": "Followers"},
        )  # fmt: skip

    return table(draw)


def nearest(profiles: pd.DataFrame, key: str) -> list[str]:
    """Return the ids of at most 8 influencers like one: category, platform, then followers."""
    import numpy as np

    if key not in profiles.index:
        return []
    own = profiles.loc[key]
    others = profiles.drop(index=key)
    alike = (others["category"] == own["category"]).astype(int) + (
        others["platform"] == own["platform"]
    ).astype(int)
    sizes = np.log1p(others["follower_count"].astype(float).fillna(0.0))
    distance = (sizes - np.log1p(float(own["follower_count"] or 0))).abs()
    order = others.assign(alike=-alike, distance=distance).sort_values(["alike", "distance"])
    return [str(i) for i in order.index[:NEAREST]]
