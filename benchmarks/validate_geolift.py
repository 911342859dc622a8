"""Cities beside GeoLift's walkthrough: its data, its selection and its estimate.

The peer is `causal-marketing`, which carries the data of Meta's GeoLift walkthrough (40 cities, 90
days before and 15 of the test) and reproduces its augmented synthetic control. Its search takes tens
of minutes, so what it selects is taken from the walkthrough's own table.

Source: https://facebookincubator.github.io/GeoLift/docs/GettingStarted/Walkthrough
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from hk_metrics.experiments.cities import selected, standard_error
from hk_metrics.experiments.panel import CityPanel, effect

Row = dict[str, Any]

DAYS, BEGIN = 15, 90
TESTED = ("chicago", "portland")
FIRST = ("chicago", "cincinnati", "houston", "portland")
PUBLISHED = 155.556
LIFTS = (0.0, 0.03, 0.05, 0.10)
# Ends of stretches of the past on which a lift is planted (days from the first).
ENDS = range(60, 91, 3)


def run(quick: bool = False) -> Iterator[Row]:
    """Yield what both find of the test, and what both choose for it."""
    from causal_marketing import load_geolift_example

    example = load_geolift_example()
    past, tested = panel(example.pretest.df), panel(example.test.df)
    yield estimate(tested, PUBLISHED if quick else theirs_of(example))
    ours = tuple(selected(past, DAYS, (2, 3, 4, 5))["cities"].iloc[0])
    yield from powers(past, ours, LIFTS[::2] if quick else LIFTS)


def panel(frame: Any) -> CityPanel:
    table = pl.from_pandas(frame).select(
        city="location", date=pl.col("date").cast(pl.Datetime("us")),
        orders=pl.col("Y").cast(pl.Float64),
    )  # fmt: skip
    return CityPanel.of(table, "orders")


def estimate(tested: CityPanel, peer: float) -> Row:
    """Compare the effect per city and day in the cities of the walkthrough."""
    found = effect(tested, tested.place(TESTED), BEGIN, BEGIN + DAYS)
    cells = len(TESTED) * DAYS
    lower, upper = (end / cells for end in found.interval())
    ours = found.mean / cells
    return {"table": "cities: GeoLift's walkthrough", "cities": ", ".join(TESTED),
            "per city and day": float(ours), "lower": float(lower), "upper": float(upper),
            "peer": peer, "published": PUBLISHED,
            "holds": bool(lower <= peer <= upper)}  # fmt: skip


def theirs_of(example: Any) -> float:
    from causal_marketing import GeoLiftDesign

    design = GeoLiftDesign(
        primary_metric="Y", estimator="augsynth", runtime_weeks=DAYS,
        estimator_parameters={"seed": 42},
        assigner="manual", assigner_parameters={"treated": list(TESTED)},
    )  # fmt: skip
    design.assign(example.pretest)
    table, _ = design.analyze(example.test, treatment_start_date="2021-04-01")
    return float(table["point_estimate"].iloc[0])


def powers(past: CityPanel, ours: Sequence[str], lifts: Sequence[float]) -> Iterator[Row]:
    """Plant lifts of known size on stretches of the past: in which cities are they told?"""
    both = {"ours": ours, "GeoLift's first": FIRST, "GeoLift's tested": TESTED}
    found = {
        name: {lift: told(past, cities, lift) for lift in lifts} for name, cities in both.items()
    }
    for name, cities in both.items():
        sold = float(past.values[:, past.place(cities)].mean(axis=0).sum()) * DAYS
        row: Row = {"table": "cities: selection, and how often a lift is told", "whose": name,
                    "cities": ", ".join(cities),
                    "standard error ÷ sales": standard_error(past, past.place(cities), DAYS) / sold,
                    **{f"{lift:.0%}": found[name][lift] for lift in lifts}}  # fmt: skip
        if name == "ours":
            same = any(set(ours) == set(cities) for cities in (FIRST, TESTED))
            more = all(found["ours"][s] >= found[other][s] for other in both for s in lifts if s)
            row["holds"] = bool(same or more)
        yield row


def told(past: CityPanel, cities: Sequence[str], lift: float) -> float:
    place = past.place(cities)
    claims = []
    for end in ENDS:
        values = past.values[:end].copy()
        values[end - DAYS :, place] *= 1 + lift
        lower, upper = effect(
            CityPanel(past.cities, past.first, values), place, end - DAYS, end
        ).interval()
        claims.append(lower > 0 or upper < 0)
    return float(np.mean(claims))
