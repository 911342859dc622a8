"""What stands out among posts, in sentences with their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics import formatting as fmt
from hk_metrics.ui.parts.panels import PanelAnswers

if TYPE_CHECKING:
    import pandas as pd

# Below this many posts an hour or a hashtag is not called best.
_ENOUGH = 5
Line = dict[str, str]


def lines(feed: pd.DataFrame, answers: PanelAnswers) -> list[Line]:
    """Return the sentences; one that says so where there are no posts."""
    whole = answers.dataset.view()
    if feed.empty:
        text = whole.gaps(["posts"]) or "There are no posts in this view."
        return [{"text": text, "tone": ""}]
    lacking = whole.gaps(["engagement_rate", "revenue"])
    engaging = not whole.gaps(["engagement_rate"])
    return [
        *([{"text": lacking, "tone": "fair"}] if lacking else []),
        *_undisclosed(feed, answers),
        *(_best_time(feed) if engaging else []),
        *(_best_hashtag(feed) if engaging else []),
        *([] if whole.gaps(["revenue"]) else _sold(feed)),
        *([] if whole.gaps(["reach"]) else _never_reached(feed)),
        {"text": "What goes with engagement need not cause it: try one thing at a time.",
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


def _best_time(feed: pd.DataFrame) -> list[Line]:
    from hk_metrics.posts.stats import WEEKDAYS, by_time, by_weekday

    times = by_time(feed)
    if times.empty:
        return []
    days = by_weekday(times)
    found = []
    many = days[days["posts"] >= _ENOUGH].dropna(subset=["engagement_rate"])
    if len(many) > 1:
        best = many.nlargest(1, "engagement_rate").reset_index().to_dict("records")[0]
        rate = fmt.percent(best["engagement_rate"])
        found.append({"text": f"{best['weekday']} engages most: {rate}.", "tone": "accent"})
    cells = times[times["posts"] >= _ENOUGH].dropna(subset=["engagement_rate"])
    if times.attrs["has_hours"] and len(cells):
        cell = cells.nlargest(1, "engagement_rate").to_dict("records")[0]
        when = f"{WEEKDAYS[int(cell['weekday'])]} at {int(cell['hour']):02d}:00"
        rate = fmt.percent(cell["engagement_rate"])
        text = f"The best hour with at least {_ENOUGH} posts is {when}: {rate}."
        found.append({"text": text, "tone": "accent"})
    return found


def _best_hashtag(feed: pd.DataFrame) -> list[Line]:
    from hk_metrics.posts.stats import by_hashtag

    used = by_hashtag(feed, _ENOUGH).dropna(subset=["engagement_rate"])
    if len(used) < 2:
        return []
    best = used.nlargest(1, "engagement_rate").reset_index().to_dict("records")[0]
    rate = fmt.percent(best["engagement_rate"])
    text = f"{best['hashtag']} goes with most engagement: {rate} over {best['posts']:,} posts."
    return [{"text": text, "tone": "accent"}]


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
