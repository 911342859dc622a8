"""Orders far beyond the usual value are told at import."""

from __future__ import annotations

import polars as pl

import hk_metrics as hk


def test_an_order_of_a_hundred_times_the_usual_is_told() -> None:
    data, _ = hk.simulate(seed=1, influencers=12, days=40, events=900)
    events = data.tables["tracking_data"]
    first = int(events.with_row_index().filter(pl.col("orders") > 0)["index"][0])
    wrong = events.with_columns(
        revenue=pl.when(pl.int_range(pl.len()) == first).then(1e8).otherwise("revenue")
    )
    others = {n: t.to_pandas() for n, t in data.tables.items()}
    found = [
        {f.code for f in hk.load({**others, "tracking_data": t.to_pandas()}).quality.warnings}
        for t in (events, wrong)
    ]
    assert "order_far_beyond" not in found[0]
    assert "order_far_beyond" in found[1]
