"""Credit against what is known: published tables, axioms, conservation, and a known truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import polars as pl

from hk_metrics.attribution import MODELS, attribute, attribute_paths, post_credit
from hk_metrics.settings import Settings

Row = dict[str, Any]
START = np.datetime64("2025-01-01")
DAY = 86_400_000_000

# Source, paths, conversions, failures, model, and the published credit of each player.
PUBLISHED: tuple[tuple[str, list[str], list[int], list[int], str, dict[str, float]], ...] = (
    ("analyzecore.com 2016, part 1", ["C1 > C2 > C3", "C1", "C2 > C3"], [1, 0, 0], [0, 1, 1],
     "markov", {"C1": 0.2, "C2": 0.4, "C3": 0.4}),
    ("serhiipuzyrov.com 2019", ["google ads", "mailing", "google ads > mailing", "google ads"],
     [2, 1, 1, 0], [0, 0, 0, 1], "markov", {"google ads": 2.4, "mailing": 1.6}),
    ("pychattr README (simulated 1.991, 1.009)",
     ["A > B > A > B > B > A", "A > B > B > A > A", "A > A"], [1, 1, 1], [0, 0, 0],
     "markov", {"A": 2.0, "B": 1.0}),
    ("mta package, tests/test_shapley.py", ["a", "a > b"], [4, 6], [0, 0],
     "shapley", {"a": 7.0, "b": 3.0}),
    ("mta package, tests/test_shapley.py", ["a > b > c > d"], [10], [0],
     "shapley", {"a": 2.5, "b": 2.5, "c": 2.5, "d": 2.5}),
    ("towardsdatascience.com, Data-Driven Marketing Attribution, in tomgorb/misc",
     ["F", "O", "L", "F > O", "F > L", "F > L > O"], [20, 10, 17, 17, 30, 6], [0] * 6,
     "shapley", {"F": 45.5, "L": 34.0, "O": 20.5}),
    *(("mtapy package, test_heuristics.py", ["a", "b > c", "c > a > b"], [2, 1, 5], [0] * 3,
       model, credit) for model, credit in (
        ("first_touch", {"a": 2.0, "b": 1.0, "c": 5.0}),
        ("last_touch", {"a": 2.0, "b": 5.0, "c": 1.0}),
        ("linear", {"a": 2 + 5 / 3, "b": 0.5 + 5 / 3, "c": 0.5 + 5 / 3}),
        ("position_based", {"a": 3.0, "b": 2.5, "c": 2.5}))),
    *(("mta package, test_heuristic_models.py",
       ["search > social > email", "search > email", "direct"], [5, 3, 2], [0] * 3,
       model, credit) for model, credit in (
        ("linear", {"direct": 2.0, "search": 19 / 6, "email": 19 / 6, "social": 5 / 3}),
        ("position_based", {"direct": 2.0, "search": 3.5, "email": 3.5, "social": 1.0}))),
)  # fmt: skip


@dataclass(frozen=True)
class Data:
    tables: dict[str, pl.DataFrame]
    settings: Settings = field(default_factory=Settings)


def run(quick: bool = False) -> list[Row]:
    """Return rows of several tables, each row naming its ``table``."""
    repeats = 20 if quick else 200
    rows = [
        *published(), *conservation(repeats), *shapley(repeats), *removal(repeats),
        *intervals(60 if quick else 300), *orders(10 if quick else 100),
        *posts(3 if quick else 12),
    ]  # fmt: skip
    return [plain(row) for row in rows]


def plain(row: Row) -> Row:
    """Return a row with Python's own numbers and truths."""
    return {k: v.item() if isinstance(v, np.generic) else v for k, v in row.items()}


def published() -> Iterator[Row]:
    for source, path, conversions, null, model, credit in PUBLISHED:
        ours = attribute_paths({"path": path, "conversions": conversions, "null": null}, model)
        for player, value in credit.items():
            found = float(ours.loc[player, "conversions"])
            yield {
                "table": "attribution: published examples", "source": source, "model": model,
                "player": player, "published": value, "ours": round(found, 6),
                "holds": abs(found - value) < 1e-9,
            }  # fmt: skip


def random_paths(rng: np.random.Generator, players: int = 6, rows: int = 15) -> dict[str, Any]:
    names = [chr(65 + n) for n in range(players)]
    return {
        "path": [list(rng.choice(names, rng.integers(1, 6))) for _ in range(rows)],
        "conversions": [1, *rng.integers(0, 5, rows - 1)],
        "null": list(rng.integers(0, 5, rows)),
    }


def random_events(rng: np.random.Generator, rows: int = 400) -> Data:
    orders = rng.integers(0, 3, rows)
    who = rng.choice(["A", "B", "C", "D", ""], rows)
    tracking = pl.DataFrame(
        {
            "source": np.where(who == "", "Organic", "BioLink"),
            "campaign": rng.choice(["x", "y"], rows),
            "influencer_id": who,
            "user_id": rng.integers(0, 60, rows).astype(str),
            "product": rng.choice(["p", "q"], rows),
            "date": rng.integers(0, 90, rows) * DAY,
            "orders": orders,
            "revenue": np.where(orders > 0, rng.lognormal(6, 1, rows), 0.0),
        }
    ).with_columns(
        pl.col("date").cast(pl.Datetime("us")), pl.col("influencer_id").replace("", None)
    )
    influencers = pl.DataFrame({"id": list("ABCD"), "platform": ["Instagram"] * 4})
    posts_ = pl.DataFrame({"platform": ["Instagram"]})
    return Data({"tracking_data": tracking, "influencers": influencers, "posts": posts_})


def conservation(repeats: int) -> Iterator[Row]:
    rng = np.random.default_rng(1)
    worlds = [random_events(rng) for _ in range(repeats // 4)]
    for model in MODELS:
        worst = 0.0
        for data in worlds:
            tracking = data.tables["tracking_data"]
            own = tracking.filter(pl.col("influencer_id").is_not_null())
            table = attribute(data, model)
            for measure in ("orders", "revenue"):
                total = float(own[measure].sum())
                worst = max(worst, abs(table[measure].sum() / total - 1))
        yield {
            "table": "attribution: credits add up", "model": model, "datasets": len(worlds),
            "largest relative error": worst, "holds": worst < 1e-9,
        }  # fmt: skip


def shapley(repeats: int) -> Iterator[Row]:
    rng = np.random.default_rng(2)
    for players in (3, 6, 10):
        worst = 0.0
        for _ in range(max(repeats // 20, 2)):
            paths = random_paths(rng, players)
            ours = attribute_paths(paths, "shapley")["conversions"]
            names = sorted({p for path in paths["path"] for p in path})
            worth = list(zip(map(frozenset, paths["path"]), paths["conversions"], strict=True))
            expected = by_coalitions(worth, names)
            worst = max(worst, *(abs(ours[p] - expected[p]) for p in ours.index))
        yield {
            "table": "attribution: Shapley closed form against all coalitions", "players": players,
            "coalitions": 2**players, "largest error": worst, "holds": worst < 1e-9,
        }  # fmt: skip


def by_coalitions(worth: list[tuple[frozenset[str], int]], players: list[str]) -> dict[str, float]:
    """Return the Shapley value from its definition."""
    n = len(players)
    value = {
        frozenset(c): sum(v for members, v in worth if members <= set(c))
        for size in range(n + 1)
        for c in combinations(players, size)
    }
    weight = [factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)]
    return {
        p: sum(weight[len(c)] * (value[c | {p}] - v) for c, v in value.items() if p not in c)
        for p in players
    }


def removal(repeats: int) -> Iterator[Row]:
    rng = np.random.default_rng(3)
    worst = 0.0
    for _ in range(5 * repeats):
        # Few rows make moves certain, which tie in the factorisation; many make them mixed.
        paths = random_paths(rng, int(rng.integers(2, 7)), int(rng.integers(2, 16)))
        table = attribute_paths(paths, "markov")
        matrix, names = transitions(paths)
        whole = chance(matrix, names, None)
        for player in table.index:
            effect = 1 - chance(matrix, names, player) / whole
            worst = max(worst, abs(effect - table.loc[player, "removal_effect"]))
    yield {
        "table": "attribution: Markov from one factorisation against removal one at a time",
        "path tables": 5 * repeats, "largest error": worst, "holds": worst < 1e-9,
    }  # fmt: skip


def transitions(paths: dict[str, Any]) -> tuple[np.ndarray, dict[str, int]]:
    players = sorted({p for path in paths["path"] for p in path})
    names = {name: n for n, name in enumerate(["start", "order", "null", *players])}
    counts = np.zeros((len(names), len(names)))
    for path, yes, no in zip(paths["path"], paths["conversions"], paths["null"], strict=True):
        for end, times in (("order", yes), ("null", no)):
            steps = [names[s] for s in ("start", *path, end)]
            np.add.at(counts, (steps[:-1], steps[1:]), times)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300), names


def chance(matrix: np.ndarray, names: dict[str, int], without: str | None) -> float:
    """Return the chance of an order when nobody passes through a player."""
    cut = matrix.copy()
    if without is not None:
        cut[names[without]] = 0.0
    inner = [n for name, n in names.items() if name not in ("order", "null")]
    within, ends = cut[np.ix_(inner, inner)], cut[inner, names["order"]]
    return float(np.linalg.solve(np.eye(len(inner)) - within, ends)[0])


def intervals(series: int) -> Iterator[Row]:
    """Draw journeys from a known chain: how often do 90 % intervals hold the true shares?"""
    rng = np.random.default_rng(4)
    players = list("ABCDE")
    inside = []
    for journeys in (300, 3000):
        for _ in range(series):
            chain = rng.dirichlet(np.ones(7), 5)
            start = rng.dirichlet(np.ones(5))
            truth = true_shares(chain, start)
            paths = walk(rng, chain, start, journeys, players)
            table = attribute_paths(paths, "markov", interval=True, draws=200).reindex(players)
            total = table["conversions"].sum()
            due = truth * total
            holds = (table["orders_lower"] <= due) & (due <= table["orders_upper"])
            inside.append(holds.mean())
        rate = float(np.mean(inside))
        yield {
            "table": "attribution: 90 % intervals of Markov shares on chains of known truth",
            "journeys": journeys, "series": len(inside), "coverage": round(rate, 3),
            "holds": 0.84 <= rate <= 0.96,
        }  # fmt: skip
        inside = []


def orders(series: int) -> Iterator[Row]:
    """Draw journeys from chains that remember one touch or two: is the memory found?"""
    for memory in (1, 2):
        for journeys in (300, 3_000):
            found = [remembered(memory, journeys, seed) for seed in range(series)]
            right = float(np.mean([order == memory for order in found]))
            yield {
                "table": "attribution: order of the Markov chain by journeys left out",
                "true order": memory, "journeys": journeys, "series": series, "found": right,
                "holds": right >= 0.9,
            }  # fmt: skip


def remembered(memory: int, journeys: int, seed: int) -> int:
    """Return the order found in journeys over three players, whose ends hang on their memory."""
    rng = np.random.default_rng([seed, memory, journeys])
    moves = np.tile(rng.dirichlet(np.ones(5), 3), (4, 1, 1))
    moves = rng.dirichlet(np.ones(5), (4, 3)) if memory == 2 else moves
    before, state = np.zeros(journeys, dtype=int), rng.integers(0, 3, journeys)
    steps = [state]
    while (state < 3).any():
        going = state < 3
        chance = moves[before, np.minimum(state, 2)].cumsum(axis=1)
        after = np.minimum((rng.random(journeys)[:, None] > chance).sum(axis=1), 4)
        before, state = np.where(going, state + 1, 0), np.where(going, after, state)
        steps.append(np.where(going, after, 5))
    paths = [["ABC"[s] for s in walked if s < 3] for walked in np.stack(steps, axis=1)]
    ends = {"conversions": (state == 3).astype(int), "null": (state == 4).astype(int)}
    found = attribute_paths({"path": paths, **ends}, "markov", order="held_out")
    return int(found.attrs["order"])


def true_shares(chain: np.ndarray, start: np.ndarray) -> np.ndarray:
    def order(cut: int | None) -> float:
        moves = chain[:, :5].copy()
        if cut is not None:
            moves[cut] = 0
        ends = np.where(np.arange(5) == cut, 0.0, chain[:, 5])
        return float(start @ np.linalg.solve(np.eye(5) - moves, ends))

    effect = 1 - np.array([order(p) for p in range(5)]) / order(None)
    return effect / effect.sum()


def walk(
    rng: np.random.Generator, chain: np.ndarray, start: np.ndarray, journeys: int, names: list[str]
) -> dict[str, Any]:
    """Walk all journeys a step at a time until each ends."""
    paths = [[names[s]] for s in rng.choice(5, journeys, p=start)]
    state = np.array([names.index(p[0]) for p in paths])
    ended = np.zeros(journeys, dtype=int)
    while (going := np.flatnonzero(state < 5)).size:
        draw = rng.random(going.size)
        state[going] = (draw[:, None] > chain[state[going]].cumsum(axis=1)).sum(axis=1).clip(0, 6)
        for n in going:
            if state[n] < 5:
                paths[n].append(names[state[n]])
            else:
                ended[n] = state[n]
    return {
        "path": paths,
        "conversions": (ended == 5).astype(int),
        "null": (ended == 6).astype(int),
    }


def posts(seeds: int) -> Iterator[Row]:
    """Share of orders credited to a wrong post, by half-life of the response."""
    for half_life in (1.0, 3.0, 7.0):
        runs = np.array([wrong_posts(half_life, seed) for seed in range(seeds)])
        ours, latest, found = runs.mean(axis=0)
        yield {
            "table": "attribution: which post brought the order (share on a wrong post)",
            "half-life (days)": half_life, "found": round(found, 2), "ours": round(ours, 3),
            "latest post": round(latest, 3), "series": seeds, "holds": ours < latest / 2,
        }  # fmt: skip


def wrong_posts(half_life: float, seed: int) -> tuple[float, float, float]:
    rng = np.random.default_rng(seed)
    influencers, per, days = 100, 10, 180
    who = np.repeat(np.arange(influencers), per)
    day = rng.integers(0, days, len(who))
    reach = rng.lognormal(9, 0.8, len(who))
    skill = rng.lognormal(0, 0.5, influencers)[who] * rng.gamma(4, 0.25, len(who))
    post = np.repeat(np.arange(len(who)), rng.poisson(20 * reach / reach.mean() * skill))
    bought = day[post] + rng.geometric(1 - 0.5 ** (1 / half_life), len(post)) - 1
    post, bought = post[bought < days], bought[bought < days]
    tables = {
        "posts": pl.DataFrame({"influencer_id": who.astype(str), "date": dates(day),
                               "reach": reach}),
        "tracking_data": pl.DataFrame({"source": "BioLink", "influencer_id": who[post].astype(str),
                                       "date": dates(bought), "orders": 1, "revenue": 1.0}),
    }  # fmt: skip
    truth = np.bincount(post, minlength=len(who))
    table = post_credit(Data(tables))
    latest = latest_posts(who, day, who[post], bought)
    half = [np.abs(c - truth).sum() / 2 / len(post) for c in (table["orders"].to_numpy(), latest)]
    return half[0], half[1], table.attrs["half_life_days"]


def dates(day: np.ndarray) -> np.ndarray:
    return (START + day).astype("datetime64[us]")


def latest_posts(
    who: np.ndarray, day: np.ndarray, buyer: np.ndarray, bought: np.ndarray
) -> np.ndarray:
    """Credit each order to the influencer's latest post; posts of one day share it."""
    frame = pl.DataFrame({"who": who, "day": day}).with_row_index("post")
    groups = frame.group_by("who", "day").agg("post").sort("day")
    orders = pl.DataFrame({"who": buyer, "bought": bought}).sort("bought")
    joined = orders.join_asof(
        groups, left_on="bought", right_on="day", by="who", check_sortedness=False
    ).with_columns(share=1 / pl.col("post").list.len())
    credit = joined.explode("post").group_by("post").agg(pl.col("share").sum())
    every = frame.join(credit, on="post", how="left").sort("post")
    return every["share"].fill_null(0.0).to_numpy()
