"""Posts one by one, on the worked example of the ledger."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.posts.compared import RATES, Rate
from hk_metrics.posts.feed import posts
from hk_metrics.posts.stats import by_hashtag, by_length, by_time, by_weekday
from tests.worked_example import TABLES


def data(**columns: object) -> Dataset:
    """The worked example with columns of its posts replaced: values, or one for all."""
    made = {
        name: value if isinstance(value, pl.Expr)
        else pl.Series(value) if isinstance(value, list) else pl.lit(value)
        for name, value in columns.items()
    }  # fmt: skip
    table = TABLES["posts"].with_columns(**made)
    return Dataset({**TABLES, "posts": table})


def test_posts_carry_all_credited_revenue_and_orders() -> None:
    feed = posts(data())
    # Every order follows a post of its influencer: Asha 1200, Bo 1000; 4 + 4 orders.
    assert feed["revenue"].sum() == pytest.approx(2200)
    assert feed["orders"].sum() == pytest.approx(8)


def test_posts_cost_what_was_paid_for_them() -> None:
    feed = posts(data()).set_index("caption")
    # Asha is paid 200 a post; Bo's 400 for orders lie on his only post. Cy's 90 has no post.
    assert feed["cost"].to_dict() == pytest.approx({"P1": 200, "P2": 200, "P3": 400})
    assert feed.loc["P3", "roas"] == pytest.approx(2.5)


def test_posts_of_a_period_are_those_in_it() -> None:
    example = data()
    march = posts(example, example.view(date=("2025-03-01", "2025-03-10")))
    assert sorted(march["caption"]) == ["P1", "P3"]


def test_posts_stay_under_a_filter_on_source() -> None:
    example = data()
    assert len(posts(example, example.view(source="SwipeUp"))) == 3


@pytest.mark.parametrize(
    ("caption", "disclosed"),
    [
        ("My whey #ad", True),
        ("Paid partnership with Gritzo", True),
        ("#PaidPartnership", True),
        ("#adventure awaits", False),
        ("I ship to Madrid", False),
    ],
)
def test_posts_tell_disclosed_captions(caption: str, disclosed: bool) -> None:
    assert posts(data(caption=caption))["disclosed"].tolist() == [disclosed] * 3


def test_posts_without_caption_are_not_judged() -> None:
    assert posts(data(caption=pl.lit(None, pl.String)))["disclosed"].isna().all()


def test_hashtags_count_each_post_once() -> None:
    tagged = data(caption=["#fit #fit #ad", "#fit", "none"])
    table = by_hashtag(posts(tagged), least=1)
    assert table["posts"].to_dict() == {"#fit": 2}
    # P1 and P2: (50 + 120) / (1000 + 3000).
    assert table.loc["#fit", "estimate"] == pytest.approx(170 / 4000)


def test_hashtags_in_devanagari_are_whole_words() -> None:
    assert by_hashtag(posts(data(caption="#सेहत #fit")), least=3).index.tolist() == ["#fit", "#सेहत"]


def test_lengths_are_in_their_order() -> None:
    table = by_length(posts(data(caption=["x" * 300, "x" * 60, "x"])))
    assert table.index.tolist() == ["under 60", "60 to 99", "300 and more"]


def test_times_know_when_no_hour_was_recorded() -> None:
    assert by_time(posts(data())).attrs["has_hours"] is False


def test_times_are_weekdays_and_hours() -> None:
    monday = datetime(2025, 3, 3, 18, 30)
    table = by_time(posts(data(date=pl.lit(monday))))
    assert table[["weekday", "hour", "posts"]].to_numpy().tolist() == [[0, 18, 3]]
    assert table.attrs["has_hours"] is True


def test_weekdays_have_names_and_rates() -> None:
    table = by_weekday(posts(data()))
    # P1 on Saturday 1 March, P3 on Wednesday 5 March (240 / 6000), P2 on Tuesday 11 March.
    assert table.index.tolist() == ["Tuesday", "Wednesday", "Saturday"]
    assert table.loc["Wednesday", "estimate"] == pytest.approx(0.04)


def world(seed: int, *, better: float = 1.0) -> pd.DataFrame:
    """Posts of 40 influencers of unlike strength, some of more, one hashtag ``better`` than others."""
    rng = np.random.default_rng(seed)
    count = rng.integers(3, 40, 40)
    who = np.repeat(np.arange(40), count)
    tags = [f"#t{n}" for n in range(8)]
    # Influencers use some hashtags more than others.
    liking = rng.dirichlet(np.full(8, 1.0), 40)
    tag = np.array([rng.choice(8, p=liking[i]) for i in who])
    reach = rng.lognormal(8, 1, len(who))
    strength = rng.lognormal(0, 0.4, 40)[who] * np.where(tag == 0, better, 1.0)
    engaged = reach * 0.03 * strength * rng.lognormal(0, 0.5, len(who))
    minutes = rng.integers(0, 180 * 24 * 60, len(who))
    return pd.DataFrame({
        "influencer_id": [f"I{i}" for i in who],
        "caption": [tags[t] for t in tag], "reach": reach, "engagements": engaged,
        "revenue": rng.gamma(0.3, 3000, len(who)) * strength,
        "date": pd.Timestamp("2025-01-01") + pd.to_timedelta(minutes, "min"),
    })  # fmt: skip


@pytest.mark.parametrize("rate", RATES.values(), ids=RATES)
def test_chance_among_influencers_stands_out_in_few_worlds(rate: Rate) -> None:
    worlds = [world(seed) for seed in range(60)]
    tables = [(by_hashtag(w, rate=rate), by_weekday(w, rate), by_time(w, rate)) for w in worlds]
    claimed = [any(t["stands_out"].any() for t in three) for three in tables]
    assert np.mean(claimed) <= 0.15
    # The hashtags' true rates are one; their intervals hold it.
    whole = [rate.overall(pl.from_pandas(w)) for w in worlds]
    held = [(t[0]["lower"] <= w) & (w <= t[0]["upper"]) for t, w in zip(tables, whole, strict=True)]
    assert 0.82 <= np.mean(np.concatenate(held)) <= 0.97


def test_what_is_better_stands_out() -> None:
    found = [by_hashtag(world(seed, better=2.0))["stands_out"]["#t0"] for seed in range(20)]
    assert np.mean(found) >= 0.8


def test_hashtag_of_one_influencer_has_no_interval_and_does_not_stand_out() -> None:
    feed = world(1)
    feed.loc[feed["influencer_id"] == "I3", "caption"] = "#mine"
    mine = by_hashtag(feed).loc["#mine"]
    assert pd.isna(mine["lower"]) and not mine["stands_out"]


def test_variance_is_that_of_a_resampling_of_influencers() -> None:
    feed = world(5)
    row = by_hashtag(feed).loc["#t1"]
    rng, rate = np.random.default_rng(0), RATES["engagement_rate"]
    sums = feed[feed["caption"] == "#t1"].groupby("influencer_id")[["engagements", "reach"]].sum()
    drawn = [sums.sample(frac=1, replace=True, random_state=rng).sum() for _ in range(800)]
    ratios = np.array([d["engagements"] / d["reach"] for d in drawn])
    assert rate.top == "engagements"
    width = (row["upper"] - row["lower"]) / 2
    assert width == pytest.approx(1.645 * ratios.std(), rel=0.35)


def test_posts_without_dates_bring_nothing() -> None:
    assert posts(data(date=pl.lit(None, pl.Datetime("us"))))["revenue"].sum() == 0


def test_no_posts_give_empty_tables() -> None:
    none = Dataset({**TABLES, "posts": TABLES["posts"].clear()})
    feed = posts(none)
    assert feed.empty
    assert by_time(feed).empty
    assert by_hashtag(feed).empty
    assert by_length(feed).empty
