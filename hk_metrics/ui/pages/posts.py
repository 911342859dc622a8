"""Posts: what each reached, cost and brought, and what the good ones have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics import figures
from hk_metrics.figures import Chart
from hk_metrics.figures.times_of_day import hours
from hk_metrics.interchange import to_pandas
from hk_metrics.metrics import METRICS
from hk_metrics.posts.compared import RATES, Rate
from hk_metrics.present import Table
from hk_metrics.ui.doubts import to_review
from hk_metrics.ui.memory import remembered
from hk_metrics.ui.pages.post_words import lines
from hk_metrics.ui.parts.cards import cards, explanation
from hk_metrics.ui.parts.controls import choice, chosen
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import sentences
from hk_metrics.ui.state import State

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_KEY_FIGURES = ("posts", "reach", "engagement_rate", "revenue_per_post", "cost_per_post")
_FEEDS = {"all": "All posts", "undisclosed": "No ad disclosure", "sold": "With orders"}
_SHOWN = 1500
_TAGS = 12
_UNITS = {"date": "text", "reach": "count", "engagement_rate": "percent", "orders": "count",
         "revenue": "money", "cost": "money", "roas": "times"}  # fmt: skip
LABELS = {
    "name": "Influencer", "date": "Date", "caption": "Caption", "disclosure": "Disclosure",
    "reach": "Reach", "engagement_rate": "Engagement", "orders": "Orders", "revenue": "Revenue",
    "cost": "Cost", "roas": "ROAS", "platform": "Platform", "campaign": "Campaign",
    "signal": "Signal", "reason": "Why to look",
}  # fmt: skip
_FOLLOWED = {"title": "Orders and revenue that followed", "lines": [
    "An influencer's orders are shared among the posts of the 60 days before, more to near and "
    "strong ones. Credit, not lift."]}  # fmt: skip
_COST = {"title": "Cost", "lines": [
    "What was paid per post, and this post's part of what was paid per order."]}  # fmt: skip
_TONES = {"disclosure": {"missing": "poor", "yes": "good"}}


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    labels = {name: METRICS[name].label for name in RATES}
    return [
        row(cards(_KEY_FIGURES)),
        bar(choice(state, "posts_by", "Compare posts by", labels, next(iter(labels)))),
        row(_times(), _stand_out()),
        row(_hashtags(), _lengths()),
        bar(choice(state, "feed", "Show", _FEEDS, "all")),
        row(feed_table()),
        row(_review()),
    ]


def _feed(answers: PanelAnswers) -> pd.DataFrame:
    """Return the posts of the view; those of the whole dataset are worked out once.

    What the data does not hold at all is not known of any post.
    """

    return remembered(answers.view, "feed", lambda: to_pandas(_posts(answers)))


def _posts(answers: PanelAnswers) -> pl.DataFrame:
    from hk_metrics.posts.feed import credited_posts, kept

    whole = answers.dataset.view()
    every = remembered(whole, "posts", lambda: credited_posts(answers.dataset))
    return remembered(answers.view, "kept_posts", lambda: kept(every, answers.view))


def _groups(answers: PanelAnswers) -> dict[str, pd.DataFrame]:
    """Return the groups that posts are compared by, worked out once for the page."""
    from hk_metrics.posts.stats import groups

    rate = _rate(answers)
    return remembered(
        answers.view, "post_groups", lambda: groups(_posts(answers), rate), rate.metric
    )


def _rate(answers: PanelAnswers) -> Rate:
    """Return what posts are compared by."""
    return RATES[chosen(answers.state, "posts_by", RATES, next(iter(RATES)))]


def _unknown(answers: PanelAnswers, rate: Rate) -> str:
    """Return why the rate is not known in this dataset; empty where it may be of some posts."""
    return answers.dataset.view().gaps([rate.metric])


def _times() -> Panel:
    """Return the rate by weekday and hour; by weekday where no hours were recorded."""

    def draw(answers: PanelAnswers) -> Chart:
        from hk_metrics.posts.stats import WEEKDAYS

        rate, title = _rate(answers), "When posts do well"
        if why := _unknown(answers, rate):
            return Chart([], title=title, empty=why)
        frame = _groups(answers)["hour"]
        if len(frame) and not frame.attrs["has_hours"]:
            drawn = _ranges("weekday", answers, title, "")
            words = "The posts carry no time of day. "
            return replace(drawn, subtitle=words + drawn.subtitle)
        label = METRICS[rate.metric].label
        return hours(
            frame, rate.metric, WEEKDAYS, settings=answers.settings,
            title=title, subtitle=f"{label} by weekday and hour of posting",
        )  # fmt: skip

    return chart(draw, span=7, height=320, late=True)


def _stand_out() -> Panel:
    """Return in words what stands out, and what must be looked at."""

    def draw(answers: PanelAnswers) -> list[dict[str, str]]:
        rate = _rate(answers)
        known = {} if _unknown(answers, rate) else _groups(answers)
        return lines(_feed(answers), answers, known, rate.metric)

    return sentences("What stands out", draw, span=5, late=True)


def _ranges(by: str, answers: PanelAnswers, title: str, empty: str, most: int = 99) -> Chart:
    """Return groups of posts with their intervals, and a line at what all posts of them have."""
    rate = _rate(answers)
    if why := _unknown(answers, rate):
        return Chart([], title=title, empty=why)
    middle = rate.overall(_posts(answers))
    drawn = figures.intervals(
        _groups(answers)[by].head(most), unit=METRICS[rate.metric].unit,
        settings=answers.settings, title=title, mark=middle,
    )  # fmt: skip
    words = f"{METRICS[rate.metric].label}; whiskers: 90 % interval, dotted: all posts"
    return replace(drawn, subtitle=words, empty=drawn.empty and empty)


def _hashtags() -> Panel:
    """Return the rate by hashtag, for those used most."""

    def draw(answers: PanelAnswers) -> Chart:
        title = f"The {_TAGS} hashtags used most"
        return _ranges("hashtag", answers, title, "No hashtags in this view.", _TAGS)

    return chart(draw, span=6, height=340, late=True)


def _lengths() -> Panel:
    """Return the rate by the length of captions."""

    def draw(answers: PanelAnswers) -> Chart:
        title = "Length of captions, characters"
        return _ranges("length", answers, title, "No captions in this view.")

    return chart(draw, span=6, height=340, late=True)


def feed_table(*, own: bool = False) -> Panel:
    """Return the feed, most followed revenue first; with ``own`` all of one influencer's."""

    def draw(answers: PanelAnswers) -> Table:
        every = _feed(answers)
        rows = every if own else _chosen(every, chosen(answers.state, "feed", _FEEDS, "all"))
        shown = rows.head(_SHOWN)
        names = answers.catalog.names
        frame = shown.assign(
            name=[names.get(str(i), str(i)) for i in shown["influencer_id"]],
            date=shown["date"].dt.normalize(),
            disclosure=shown["disclosed"].map({True: "yes", False: "missing"}),
        )
        known = [c for c in LABELS if c in frame and not (len(frame) and frame[c].isna().all())]
        columns = [c for c in known if not (own and c == "name")]
        more = f" The {_SHOWN:,} with most revenue are listed." if len(rows) > _SHOWN else ""
        return Table(
            "Posts" if own else "Feed", frame[columns],
            subtitle=f"{len(rows):,} of {len(every):,} posts.{more}",
            units=_UNITS, labels=LABELS, tones=_TONES,
            note=answers.dataset.view().gaps(("posts", "engagement_rate", "orders", "roas")),
            pick="" if own else "influencer_id", length=8 if own else 12,
            keys=shown["influencer_id"].tolist(),
            explain={"orders": _FOLLOWED, "revenue": _FOLLOWED, "cost": _COST,
                     "engagement_rate": explanation("engagement_rate", answers),
                     "roas": {"title": "ROAS", "formula": "revenue followed ÷ cost"}},
        )  # fmt: skip

    return table(draw, late=True)


def _chosen(rows: pd.DataFrame, which: str) -> pd.DataFrame:
    if which == "undisclosed":
        return rows[rows["disclosed"].eq(False)]
    sold = rows["orders"].fillna(rows["revenue"]) > 0
    return rows[sold] if which == "sold" else rows


def _review() -> Panel:
    """Return unusual numbers for a person to look at."""

    def draw(answers: PanelAnswers) -> Table:
        found = to_review(answers.dataset)
        by_person = answers.view.by("influencer_id", ["posts"]).index
        here = {str(i) for i in by_person}
        found = found[found["influencer_id"].isin(here)]
        names = answers.catalog.names
        frame = found.assign(name=[names.get(str(i), str(i)) for i in found["influencer_id"]])
        return Table(
            "To review", frame[["name", "signal", "reason"]],
            subtitle="Unusual numbers, each with an innocent explanation at least as likely",
            labels=LABELS, keys=found["influencer_id"].tolist(), pick="influencer_id", length=8,
            note="" if len(found) else answers.dataset.view().gaps(["posts", "orders"])
            or "Nothing stands out in this view.",
        )  # fmt: skip

    return table(draw, late=True)
