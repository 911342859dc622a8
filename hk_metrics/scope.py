"""A part of a dataset for those who may see no more: built on the whole, then cut.

The ledger is cut where it is whole, so that spend lies where it was spread; the tables are cut
to the rows that the ledger's part comes from. What belongs to the part only by a share is there
with that share, and without its text.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from hk_metrics.access import Scope, scope_text
from hk_metrics.dataset import Dataset
from hk_metrics.errors import NotAllowedError
from hk_metrics.ledger import Ledger, event_platform, is_organic
from hk_metrics.ledger.brands import known_brands, with_brand
from hk_metrics.ledger.costs import PAYOUTS
from hk_metrics.ledger.events import profiles
from hk_metrics.ledger.lookups import lookups_of
from hk_metrics.ledger.posts import POST_MEASURES
from hk_metrics.quality import QualityReport, finding

if TYPE_CHECKING:
    import polars as pl

_LEAST = 1e-9
_TEXTS = ("url", "caption")
_NAMED = ("campaign", "brand", "platform")
# Of these, the rows that name the whole scope belong to the part; of others nobody knows.
_NAMED_WHOLE = ("daily_sales", "costs", "deliverables")
_UNITS = ("orders", "posts", "total_payout")


def within(dataset: Dataset, scope: Scope, identity: str = "") -> Dataset:
    """Return the part of a dataset that a scope lets through.

    Parameters
    ----------
    dataset
        The whole.
    scope
        Dimension → values; all dimensions must hold.
    identity
        Of the part; what was cut from another whole has another one.

    Returns
    -------
    Dataset
        Its ledger is the whole's where the scope holds, its tables the rows behind that. Names,
        findings and rejected rows of the whole are not in it.

    Raises
    ------
    NotAllowedError
        If the data has nothing in the scope.
    """
    ledger = dataset.ledger
    if not set(scope) <= set(ledger.dimensions):
        raise _empty(scope)
    cut = _ledger(ledger, scope)
    if cut.rows.head(1).collect().is_empty():
        raise _empty(scope)
    tables = _tables(dataset, cut, scope)
    part = finding("part", part=scope_text(scope))
    name = scope_text(scope).capitalize()
    return Dataset(tables, dataset.settings, QualityReport((part,)), identity, name, built=cut)


def _empty(scope: Scope) -> NotAllowedError:
    return NotAllowedError(
        f"You may see {scope_text(scope)}, and the data has nothing of it yet. Whoever runs the "
        "dashboard can say whether that is how the data writes it."
    )


def _holds(scope: Scope, rename: dict[str, str] | None = None) -> nw.Expr:
    """Return the scope as a condition that is true or false for every row."""
    parts = [
        nw.col((rename or {}).get(name, name)).cast(nw.String).is_in(list(values)).fill_null(False)
        for name, values in scope.items()
    ]
    return reduce(lambda one, other: one & other, parts)


def _ledger(ledger: Ledger, scope: Scope) -> Ledger:
    """Return the rows and events in the scope, with their own numbers for repeated text."""
    rows = _apart(ledger.rows.filter(_holds(scope)))
    there = set(ledger.events.collect_schema().names())
    profile = [c for c in ledger.columns if c not in there and c not in POST_MEASURES]
    people = ledger.rows.select("influencer_id", *[c for c in profile if c in scope]).unique()
    events = ledger.events
    if not set(scope) <= there:
        events = events.join(people, on="influencer_id", how="left")
    return replace(ledger, rows=rows, events=_apart(events.filter(_holds(scope)).select(*there)))


def _apart(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    import polars as pl

    native: pl.DataFrame = frame.collect().to_native()
    coded = [name for name, kind in native.schema.items() if kind == pl.Categorical]
    plain = native.with_columns(pl.col(coded).cast(pl.String))
    return nw.from_native(plain.lazy().with_columns(pl.col(coded).cast(pl.Categorical)))


def _tables(dataset: Dataset, cut: Ledger, scope: Scope) -> dict[str, pl.DataFrame]:
    import polars as pl

    tables = dict(dataset.tables)
    rows: pl.DataFrame = cut.rows.collect().to_native()
    seen = rows["influencer_id"].cast(pl.String).unique().drop_nulls()
    kept = {
        "influencers": tables["influencers"].filter(pl.col("id").is_in(seen.implode())),
        "posts": _posts(tables["posts"], rows, scope),
        "tracking_data": _tracking(dataset, scope),
        "payouts": _payouts(tables["payouts"], rows, scope),
    }
    for name in _NAMED_WHOLE:
        table = tables.get(name)
        if table is not None and set(scope) <= set(table.columns):
            kept[name] = nw.from_native(table).filter(_holds(scope)).to_native()
    if (margins := tables.get("margins")) is not None:
        named = [n for n in ("product", "brand") if n in scope and n in margins.columns]
        own = [pl.col(n).is_in(list(scope[n])) | pl.col(n).is_null() for n in named]
        kept["margins"] = margins.filter(own)
    customers = tables.get("customers")
    if customers is not None:
        theirs = kept["tracking_data"]["user_id"].unique().drop_nulls()
        kept["customers"] = customers.filter(pl.col("user_id").is_in(theirs.implode()))
    return kept


def _tracking(dataset: Dataset, scope: Scope) -> pl.DataFrame:
    """Return the events in the scope, by the dimensions that the ledger gives them."""
    tables = {name: nw.from_native(t).lazy() for name, t in dataset.tables.items()}
    profile = profiles(tables["influencers"])
    own = tables["tracking_data"].collect_schema().names()
    whole = lookups_of(tables)
    known = known_brands(whole.brands, dataset.settings)
    events = with_brand(tables["tracking_data"], known, dataset.settings)
    theirs = [n for n in profile.collect_schema().names() if n in scope and n not in own]
    people = profile.select("influencer_id", "home_platform", *theirs)
    known_dims = events.with_columns(is_organic()).join(people, on="influencer_id", how="left")
    known_dims = known_dims.with_columns(event_platform(whole.source_platforms))
    if "basis" in scope:
        basis = dataset.ledger.rows.select("influencer_id", "basis").unique()
        plain = basis.with_columns(nw.col("influencer_id", "basis").cast(nw.String))
        known_dims = known_dims.join(plain, on="influencer_id", how="left")
    kept = list(dict.fromkeys([*own, "brand"]))
    found: pl.DataFrame = known_dims.filter(_holds(scope)).select(kept).collect().to_native()
    return found


def _posts(posts: pl.DataFrame, rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return the posts that the part has a share in, with that share, and their text if whole."""
    import polars as pl

    keys = ["influencer_id", "__day", "platform"]
    there = _plain(rows.filter(pl.col("kind") == "post"))
    counted = there.group_by("influencer_id", pl.col("date").alias("__day"), "platform").agg(
        __in_part=pl.col("posts").sum()
    )
    dated = posts.with_columns(__day=pl.col("date").dt.truncate("1d"), __amount=pl.lit(1.0))
    shared = _shared(dated, counted, keys, there, scope)
    measures = [c for c in POST_MEASURES if c in posts.columns]
    scaled = [(pl.col(c) * pl.col("__share")).round().cast(posts.schema[c]) for c in measures]
    texts = [pl.when(_whole()).then(pl.col(c)).alias(c) for c in _TEXTS if c in posts.columns]
    return shared.with_columns(*texts, *scaled).select(posts.columns)


def _payouts(payouts: pl.DataFrame, rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return the payouts with the part of each that was spent within the scope."""
    import polars as pl

    there = _plain(rows)
    paid = PAYOUTS if PAYOUTS in there.columns else "spend"
    spent = there.group_by("influencer_id").agg(__in_part=pl.col(paid).sum())
    amount = pl.col("total_payout").cast(pl.Float64).fill_null(0.0)
    shared = _shared(payouts.with_columns(__amount=amount), spent, ["influencer_id"], there, scope)
    units = [c for c in _UNITS if c in payouts.columns]
    scaled = [pl.col(c) * pl.col("__share") for c in units]
    return shared.with_columns(scaled).select(payouts.columns)


def _shared(
    frame: pl.DataFrame,
    in_part: pl.DataFrame,
    keys: list[str],
    there: pl.DataFrame,
    scope: Scope,
) -> pl.DataFrame:
    """Return the rows that have a share in the part, with ``__share``.

    Parameters
    ----------
    frame
        Rows with ``__amount``, what is shared out.
    in_part
        Per key ``__in_part``, the amount that the ledger's part has.
    keys
        Columns of both.
    there
        The rows of the ledger's part.
    scope
        What the part is.

    Notes
    -----
    A row that names the scope lies in it whole, and one that names what the part does not have
    of its influencer not at all; of the others of a key each gives the same share, so that they
    sum to the ledger's part.
    """
    import polars as pl

    named = [n for n in scope if n in frame.columns]
    inside = pl.lit(len(named) == len(scope))
    for n in named:
        inside = inside & pl.col(n).is_in(list(scope[n])).fill_null(False)
    marked = frame.join(in_part, on=keys, how="inner", nulls_equal=True)
    missing = pl.lit(False)
    for n in (n for n in _NAMED if n in frame.columns):
        pairs = there.select("influencer_id", n).unique().with_columns(pl.lit(True).alias(f"__{n}"))
        marked = marked.join(pairs, on=["influencer_id", n], how="left")
        missing = missing | (pl.col(n).is_not_null() & pl.col(f"__{n}").is_null())
    marked = marked.filter(~missing).with_columns(__inside=inside)
    amount = pl.col("__amount")
    surely = pl.when("__inside").then(amount).otherwise(0.0).sum().over(keys)
    loosely = pl.when("__inside").then(0.0).otherwise(amount).sum().over(keys)
    left = (pl.col("__in_part") - surely).clip(lower_bound=0.0)
    fair = pl.when(loosely > _LEAST).then(left / loosely).otherwise(0.0).clip(0.0, 1.0)
    share = pl.when("__inside").then(1.0).otherwise(fair)
    return marked.with_columns(__share=share).filter(pl.col("__share") > _LEAST)


def _whole() -> pl.Expr:
    import polars as pl

    return pl.col("__share") > 1 - _LEAST


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows whose names are text, to be joined with tables."""
    import polars as pl

    return rows.with_columns(pl.col("influencer_id", *_NAMED).cast(pl.String))
