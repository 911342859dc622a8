"""Published path tables and chains of higher order, through the public door."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hk_metrics as hk
from hk_metrics.errors import InsufficientDataError, ParameterError, SchemaError, UnknownNameError

# The test suites of two packages: takuti/mtapy (a 2, b > c 1, c > a > b 5) and eeghor/mta.
MTAPY = {"path": ["a", "b > c", "c > a > b"], "conversions": [2, 1, 5]}
MTA = {
    "path": ["search > social > email", "search > email", "direct"],
    "total_conversions": [5, 3, 2],
    "total_null": [0, 0, 0],
}
# Companies that buy, by the channels that met them: towardsdatascience.com, "Data-Driven Marketing
# Attribution", with the worth of every coalition (organic, Facebook, LinkedIn) as printed there.
COMPANIES = {"path": ["F", "O", "L", "F > O", "F > L", "F > L > O"],
             "conversions": [20, 10, 17, 17, 30, 6]}  # fmt: skip
WORTH = {"": 0, "F": 20, "O": 10, "L": 17, "FO": 47, "FL": 67, "LO": 27, "FLO": 100}


@pytest.mark.parametrize(
    ("paths", "model", "credit"),
    [
        (MTAPY, "first_touch", {"a": 2, "b": 1, "c": 5}),
        (MTAPY, "last_touch", {"a": 2, "b": 5, "c": 1}),
        (MTAPY, "linear", {"a": 2 + 5 / 3, "b": 1 / 2 + 5 / 3, "c": 1 / 2 + 5 / 3}),
        (MTAPY, "position_based", {"a": 3.0, "b": 2.5, "c": 2.5}),
        (MTA, "first_touch", {"search": 8, "direct": 2, "email": 0, "social": 0}),
        (MTA, "last_touch", {"email": 8, "direct": 2, "search": 0, "social": 0}),
        (MTA, "linear", {"direct": 2, "search": 19 / 6, "email": 19 / 6, "social": 5 / 3}),
        (MTA, "position_based", {"direct": 2, "search": 3.5, "email": 3.5, "social": 1}),
    ],
)
def test_published_credit_is_met_to_the_digit(paths, model, credit):
    assert dict(hk.attribute_paths(paths, model)["conversions"]) == pytest.approx(credit, abs=1e-6)


def test_shapley_is_that_of_the_printed_worth_of_coalitions():
    found = hk.attribute_paths(COMPANIES, "shapley")["conversions"]
    # Three players: alone ⅓, after either other ⅙ each, last ⅓.
    for player, one, other in ("FOL", "OFL", "LFO"):

        def worth(names):
            return next(v for k, v in WORTH.items() if set(k) == set(names))

        added = [
            worth(player) / 3,
            (worth(player + one) - worth(one)) / 6,
            (worth(player + other) - worth(other)) / 6,
            (100 - worth(one + other)) / 3,
        ]
        assert found[player] == pytest.approx(sum(added))
    assert dict(found) == pytest.approx({"F": 45.5, "L": 34.0, "O": 20.5})


def test_markov_needs_no_order_where_it_does_not_matter():
    # analyzecore.com (2016): the pair C2, C3 is the same with and without C1 before it.
    paths = {"path": ["C1 > C2 > C3", "C1", "C2 > C3"], "total_conversions": [1, 0, 0],
             "total_null": [0, 1, 1]}  # fmt: skip
    for order in (1, 2):
        table = hk.attribute_paths(paths, "markov", order=order).sort_index()
        assert list(table["removal_effect"]) == pytest.approx([0.5, 1.0, 1.0])
    # Three touches back, all who buy have met all three.
    table = hk.attribute_paths(paths, "markov", order=3)
    assert list(table["removal_effect"]) == pytest.approx([1.0, 1.0, 1.0])


def test_markov_of_second_order_remembers_where_a_journey_came_from():
    # B after A always converts, at 100 a piece; B alone in 2 of 6, at 10. P = ¼ + ¾ · ⅓ = ½.
    # Second order: without A ¼ is left, so effects are ½ and 1; money per journey is 27.5, of which
    # 25 passes A. First order: B converts in 4 of 8 whoever came before, effects ¼ and 1.
    paths = {"path": ["A > B", "B"], "conversions": [2, 2], "value": [200.0, 20.0], "null": [0, 4]}
    second = hk.attribute_paths(paths, "markov", order=2).sort_index()
    assert list(second["removal_effect"]) == pytest.approx([0.5, 1.0])
    assert list(second["conversions"]) == pytest.approx([4 / 3, 8 / 3])
    assert list(second["value"]) == pytest.approx([220 * 25 / 52.5, 220 * 27.5 / 52.5])
    first = hk.attribute_paths(paths, "markov").sort_index()
    assert list(first["removal_effect"]) == pytest.approx([0.25, 1.0])


def chance_of_order(paths, without, order):
    """Return the chance of an order where windows of ``order`` touches follow one another.

    As the R package ChannelAttribution builds them: a path shorter than the order is one state.
    """
    counts: dict[tuple[str, ...], dict[tuple[str, ...], float]] = {}
    for path, conversions, null in zip(*paths.values(), strict=True):
        size = min(order, len(path))
        windows = [tuple(path[n : n + size]) for n in range(len(path) - size + 1)]
        for end, times in (("order", conversions), ("null", null)):
            for here, there in pairwise([("start",), *windows, (end,)]):
                row = counts.setdefault(here, {})
                row[there] = row.get(there, 0) + times
    states = list({s: None for here, row in counts.items() for s in (here, *row)})
    matrix = np.zeros((len(states), len(states)))
    for here, row in counts.items():
        total = sum(row.values())
        if total and without not in here:
            for there, times in row.items():
                matrix[states.index(here), states.index(there)] = times / total
    matrix[states.index(("order",)), states.index(("order",))] = 1.0
    power = np.linalg.matrix_power(matrix, 2**12)
    return power[states.index(("start",)), states.index(("order",))]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.lists(st.sampled_from("ABC"), min_size=1, max_size=6),
            st.integers(0, 4), st.integers(0, 4),
        ),
        min_size=1, max_size=8,
    ).filter(lambda rows: any(c for _, c, _ in rows)),
    order=st.integers(1, 4),
)  # fmt: skip
def test_markov_of_any_order_equals_removal_of_one_player_at_a_time(rows, order):
    paths = dict(zip(("path", "conversions", "null"), map(list, zip(*rows, strict=True)),
                     strict=True))  # fmt: skip
    table = hk.attribute_paths(paths, "markov", order=order)
    whole = chance_of_order(paths, None, order)
    assert table["conversions"].sum() == pytest.approx(sum(paths["conversions"]))
    for player in table.index:
        effect = 1 - chance_of_order(paths, player, order) / whole
        assert table.loc[player, "removal_effect"] == pytest.approx(effect, abs=1e-9)


def test_order_of_data_is_that_of_its_paths():
    data, _ = hk.simulate(seed=7, influencers=8, days=30, events=600)
    once, twice = (hk.attribute(data, "markov", "platform", order=n) for n in (1, 2))
    assert once["revenue"].sum() == pytest.approx(twice["revenue"].sum(), rel=1e-9)
    wide = hk.attribute(data, "markov", "platform", order=2, interval=True)
    inside = (wide["lower"] <= wide["revenue"]) & (wide["revenue"] <= wide["upper"])
    assert inside[wide["revenue"] > 0].all()


def test_order_is_chosen_by_journeys_left_out():
    # One in four begins with A. After it B always converts, and alone in one of three: an order
    # of 1 gives B 1/2 either way, one of 2 knows. Where B converts in half whoever came before,
    # looking back further foretells nothing more.
    remembered = {"path": ["A > B", "B", "B"], "conversions": [300, 300, 0], "null": [0, 0, 600]}
    table = hk.attribute_paths(remembered, "markov", order="held_out")
    assert table.attrs["order"] == 2
    told = table.attrs["held_out"]
    # Per journey: A or B first is not foretold; then 1/4 of them move A to B for certain, and of
    # the other 3/4 each end is log(1/3) in a third and log(2/3) in two.
    wanted = 0.75 * (np.log(1 / 3) / 3 + np.log(2 / 3) * 2 / 3)
    assert told[2] == pytest.approx(wanted, abs=0.01)
    forgotten = {"path": ["A > B", "B"], "conversions": [200, 200], "null": [200, 200]}
    assert hk.attribute_paths(forgotten, "markov", order="held_out").attrs["order"] == 1
    with pytest.raises(ParameterError, match="'held_out'"):
        hk.attribute_paths(forgotten, "markov", order="best")


def test_order_that_is_none_or_too_high_is_refused():
    paths = {"path": ["A > B"], "conversions": [1]}
    for order in (0, 1.5):
        with pytest.raises(ParameterError, match="whole number"):
            hk.attribute_paths(paths, "markov", order=order)
    with pytest.raises(UnknownNameError, match="order"):
        hk.attribute_paths(paths, "shapley", order=2)
    rng = np.random.default_rng(1)
    some = {"path": [list(map(str, rng.integers(0, 40, 40))) for _ in range(100)],
            "conversions": [1] * 100}  # fmt: skip
    with pytest.raises(ParameterError, match="takes too long"):
        hk.attribute_paths(some, "markov", order=2, interval=True)
    many = {"path": [list(map(str, rng.integers(0, 90, 40))) for _ in range(100)],
            "conversions": [1] * 100}  # fmt: skip
    with pytest.raises(ParameterError, match="choose a lower order"):
        hk.attribute_paths(many, "markov", order=2)


# -- what a table may look like ------------------------------------------------------------------


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, dict])
def test_customary_columns_are_understood_in_any_frame(frame):
    table = hk.attribute_paths(
        frame(
            {
                "Path": ["eta > iota > alpha > eta", "beta>eta", " iota >> "],
                "Total Conversions": [1, 2, 0],
                "total_conversion_value": [0.244, 2.402, None],
                "total_null": [3, 3, 2],
            }
        ),
        "last_touch",
    )
    assert table.loc["eta"].tolist() == pytest.approx([3.0, 2.646])
    assert set(table.index) == {"alpha", "beta", "eta", "iota"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"path": ["a", None, ""], "conversions": [1, 2, 3]}, "2 rows of the path table count"),
        ({"path": ["a", "b"], "conversions": [1, -2]}, "'conversions' of the path table has -2"),
        ({"path": ["a", "b"], "conversions": ["1", "x"]}, "has 'x': give plain numbers"),
        ({"path": ["a"], "conversions": [1], "value": ["1,200"]}, "'value' .* has '1,200'"),
        (
            {"path": ["a"], "conversions": [1], "conv": [1]},
            r"\['conversions', 'conv'\] .* the same",
        ),
        ({"path": [7], "conversions": [1]}, "a path is a text like 'A > B'"),
        ({"path": ["a"]}, "no column 'conversions'"),
        (["a > b"], "no path table"),
        ({"path": ["a", "b"], "conversions": [1]}, "no path table"),
    ],
)
def test_tables_that_cannot_be_read_are_refused_with_what_to_give(table, told):
    with pytest.raises(SchemaError, match=told):
        hk.attribute_paths(table)


def test_path_table_given_as_a_dataset_is_sent_to_the_right_door():
    with pytest.raises(ParameterError, match="give a table of paths to"):
        hk.attribute(pd.DataFrame(MTA), "markov")


def test_empty_table_has_no_path_that_converts():
    with pytest.raises(InsufficientDataError, match="no path converts"):
        hk.attribute_paths({"path": [], "conversions": []})


def test_money_paid_back_is_credited_as_such():
    paths = {"path": ["a > b", "b"], "conversions": [2, 1], "value": [-30.0, 10.0]}
    assert dict(hk.attribute_paths(paths, "linear")["value"]) == pytest.approx({"a": -15, "b": -5})


def test_shapley_of_failed_journeys_is_that_of_fractribution() -> None:
    paths = {"path": ["A > B", "A", "B"], "conversions": [3, 1, 2], "null": [7, 9, 8]}
    found = hk.attribute_paths(paths, "shapley", counterfactual=True)["conversions"]
    # Of A > B (.3) the loss of A leaves B's .2, that of B leaves A's .1: one of three, and two.
    assert found.to_dict() == pytest.approx({"A": 2.0, "B": 4.0})
    nobody = {"path": ["A > B", "A", "B"], "conversions": [1, 5, 5], "null": [9, 5, 5]}
    equal = hk.attribute_paths(nobody, "shapley", counterfactual=True)["conversions"]
    assert equal.to_dict() == pytest.approx({"A": 5.5, "B": 5.5})


def test_markov_tells_the_chance_of_an_order() -> None:
    paths = {"path": ["A > B", "B"], "conversions": [3, 1], "null": [7, 9]}
    # Every journey ends after B, four of twenty in an order.
    found = hk.attribute_paths(paths, "markov")
    assert found.attrs["conversion_probability"] == pytest.approx(0.2)
    assert found.loc["B", "removal_effect"] == pytest.approx(1.0)
