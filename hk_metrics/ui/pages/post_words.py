"""What stands out among posts, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.metrics import METRICS, Metric
from hk_metrics.ui.parts.panels import PanelAnswers
from hk_metrics.wording import uncapped

if TYPE_CHECKING:
    import pandas as pd

_MOST = 3  # of a kind that are told
Line = dict[str, str]


def lines(
    feed: pd.DataFrame, answers: PanelAnswers, known: Mapping[str, pd.DataFrame], metric: str
) -> list[Line]:
    """Return the sentences; one that says so where there are no posts.

    Parameters
    ----------
    feed
        Posts (`hk_metrics.posts.feed.posts`).
    known
        Groups of posts (`hk_metrics.posts.stats.groups`); empty where the metric is not known.
    metric
        Name of what they are compared by.
    """
    whole = answers.dataset.view()
    if feed.empty:
        text = whole.gaps(["posts"]) or "There are no posts in this view."
        return [{"text": text, "tone": ""}]
    lacking = whole.gaps(["engagement_rate", "revenue"])
    return [
        *([{"text": lacking, "tone": "fair"}] if lacking else []),
        *_undisclosed(feed, answers),
        *(_unlike_chance(known, answers, METRICS[metric]) if known else []),
        *([] if whole.gaps(["revenue"]) else _sold(feed)),
        *([] if whole.gaps(["reach"]) else _never_reached(feed)),
        {"text": "What goes with it need not cause it: try one thing at a time.",
         "tone": ""},
    ]  # fmt: skip


def _undisclosed(feed: pd.DataFrame, answers: PanelAnswers) -> list[Line]:
    checked = feed["disclosed"].dropna()
    missing = feed[feed["disclosed"].eq(False)]
    if checked.empty:
        return [{"text": "No captions: whether ads are disclosed cannot be told.", "tone": "fair"}]
    if missing.empty:
        return [{"text": "Every caption discloses that it is an ad.", "tone": "good"}]
    counts = missing["influencer_id"].value_counts()
    first = str(counts.index[0])
    name = answers.catalog.names.get(first, first)
    share = fmt.percent(len(missing) / len(checked))
    text = (f"{len(missing):,} posts ({share}) carry no ad disclosure (ASCI: #ad, #sponsored, "
            f"#collab …); most by {name}, {counts.iloc[0]:,}.")  # fmt: skip
    return [{"text": text, "tone": "poor"}]


def _unlike_chance(
    known: Mapping[str, pd.DataFrame], answers: PanelAnswers, metric: Metric
) -> list[Line]:
    """Return hours, days, hashtags and lengths that chance does not explain, largest first."""
    from hk_metrics.posts.stats import WEEKDAYS

    times = known["hour"]
    named = times.set_axis(
        [f"{WEEKDAYS[int(d)]} at {int(h):02d}:00"
         for d, h in zip(times["weekday"], times["hour"], strict=True)]
    )  # fmt: skip
    kinds = {
        "weekday": known["weekday"],
        **({"hour": named} if times.attrs["has_hours"] else {}),
        "hashtag": known["hashtag"],
        "length of captions": known["length"],
    }
    label, found = uncapped(metric.label), []
    for kind, table in kinds.items():
        sure = table[table["stands_out"].eq(True)]
        apart = (sure["estimate"] - sure["rest"]).abs().sort_values(ascending=False)
        found += [
            _sentence(kind, str(n), sure.loc[n], answers, metric) for n in apart.index[:_MOST]
        ]
    if found:
        return found
    text = (f"By {label}, no {' or '.join([', '.join([*kinds][:-1]), [*kinds][-1]])} stands out "
            "from what chance among influencers explains.")  # fmt: skip
    return [{"text": text, "tone": ""}]


def _sentence(kind: str, name: str, group: Any, answers: PanelAnswers, metric: Metric) -> Line:
    """Return what a group of posts has more or less of than the rest, with its interval."""
    settings = answers.settings
    numbers = [float(group[c]) for c in ("estimate", "lower", "upper", "rest")]
    if metric.unit == "money":
        value, low, high, rest = (fmt.compact_money(v, settings) for v in numbers)
    else:
        value, low, high, rest = (fmt.text(metric.unit, v, settings) for v in numbers)
    more = group["estimate"] > group["rest"]
    called = f"Captions of {name} characters" if kind == "length of captions" else name
    text = (f"{called}: {uncapped(metric.label)} {value} ({low} to {high}) over "
            f"{int(group['posts']):,} posts, against {rest} of the others.")  # fmt: skip
    return {"text": text, "tone": "good" if more else "poor"}


def _sold(feed: pd.DataFrame) -> list[Line]:
    revenue = float(feed["revenue"].sum())
    if revenue <= 0:
        return [{"text": "No order followed a post in this view.", "tone": "fair"}]
    tenth = max(1, len(feed) // 10)
    share = float(feed["revenue"].nlargest(tenth).sum()) / revenue
    text = f"The top {tenth:,} of {len(feed):,} posts bring {fmt.percent(share)} of the revenue."
    return [{"text": text, "tone": ""}]


def _never_reached(feed: pd.DataFrame) -> list[Line]:
    none = int((~(feed["reach"] > 0)).sum())
    text = f"{none:,} posts have no reach: their engagement rate cannot be told."
    return [{"text": text, "tone": "fair"}] if none else []
