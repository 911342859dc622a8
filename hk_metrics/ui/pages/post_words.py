"""What stands out among posts, in sentences with their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.metrics import METRICS
from hk_metrics.posts.compared import Rate
from hk_metrics.ui.parts.panels import PanelAnswers
from hk_metrics.wording import uncapped

if TYPE_CHECKING:
    import pandas as pd

# Fewer posts are no hashtag to speak of.
_ENOUGH = 5
_MOST = 3
Line = dict[str, str]


def lines(feed: pd.DataFrame, answers: PanelAnswers, rate: Rate) -> list[Line]:
    """Return the sentences; one that says so where there are no posts."""
    whole = answers.dataset.view()
    if feed.empty:
        text = whole.gaps(["posts"]) or "There are no posts in this view."
        return [{"text": text, "tone": ""}]
    lacking = whole.gaps(["engagement_rate", "revenue"])
    comparable = not whole.gaps([rate.metric])
    return [
        *([{"text": lacking, "tone": "fair"}] if lacking else []),
        *_undisclosed(feed, answers),
        *(_unlike_chance(feed, answers, rate) if comparable else []),
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


def _unlike_chance(feed: pd.DataFrame, answers: PanelAnswers, rate: Rate) -> list[Line]:
    """Return hours, days, hashtags and lengths that chance does not explain, largest first."""
    from hk_metrics.posts.stats import WEEKDAYS, by_hashtag, by_length, by_time, by_weekday

    times = by_time(feed, rate)
    hours = times.set_axis(
        [f"{WEEKDAYS[int(d)]} at {int(h):02d}:00"
         for d, h in zip(times["weekday"], times["hour"], strict=True)]
    )  # fmt: skip
    kinds = {
        "weekday": by_weekday(feed, rate),
        **({"hour": hours} if times.attrs["has_hours"] else {}),
        "hashtag": by_hashtag(feed, _ENOUGH, rate),
        "length of captions": by_length(feed, rate),
    }
    label, found = uncapped(METRICS[rate.metric].label), []
    for kind, table in kinds.items():
        sure = table[table["stands_out"].eq(True)]
        apart = (sure["estimate"] - sure["rest"]).abs().sort_values(ascending=False)
        found += [_sentence(kind, str(n), sure.loc[n], answers, rate) for n in apart.index[:_MOST]]
    if found:
        return found
    text = (f"By {label}, no {' or '.join([', '.join([*kinds][:-1]), [*kinds][-1]])} stands out "
            "from what chance among influencers explains.")  # fmt: skip
    return [{"text": text, "tone": ""}]


def _sentence(kind: str, name: str, group: Any, answers: PanelAnswers, rate: Rate) -> Line:
    """Return what a group of posts has more or less of than the rest, with its interval."""
    metric, settings = METRICS[rate.metric], answers.settings
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
