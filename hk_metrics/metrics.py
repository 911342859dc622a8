"""Every metric, declared once: label, unit, formula and bands for all surfaces.

A *measure* is a sum over the ledger, a *ratio* one sum over another (never a mean of ratios), a
*distinct* metric counts users and is not additive. Fractions inside, per cent only when shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hk_metrics import plugins
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.schemas import COST_KINDS
from hk_metrics.settings import Settings
from hk_metrics.wording import ObjectSummary

_GROUP = "hk_metrics.metrics"
Unit = Literal["money", "count", "percent", "chance", "times"]
Terms = Mapping[str, float]


@dataclass(frozen=True)
class Measure:
    """An additive metric: a weighted sum of ledger columns.

    Parameters
    ----------
    name
        How code and links call it.
    terms
        Ledger column → factor.
    label, unit, formula, note
        What people read.
    optional
        Columns of ``terms`` that count only where the data has them.
    higher_is_better
        Direction for colours and rankings; None where neither is.

    Examples
    --------
    >>> Measure("touches", {"likes": 1, "comments": 2}, "Touches").additive
    True
    """

    name: str
    terms: Terms
    label: str
    unit: Unit = "count"
    formula: str = ""
    note: str = ""
    optional: tuple[str, ...] = ()
    higher_is_better: bool | None = True
    additive: bool = field(default=True, init=False)

    def resolve(self, settings: Settings) -> Terms:
        """Return the terms under these settings (margin, baseline share, rate card)."""
        adjust = _ADJUSTED.get(self.name)
        return adjust(self.terms, settings) if adjust else self.terms


@dataclass(frozen=True)
class Ratio:
    """A sum divided by a sum; NaN where the denominator is 0 or not available.

    Parameters
    ----------
    name
        How code and links call it.
    numerator, denominator
        Names of metrics (measures or distinct counts).
    label, unit, note
        What people read; ``label`` defaults to the name.
    scale
        Factor on the result, e.g. 1000 for a cost per thousand.

    Examples
    --------
    >>> Ratio("cpv", "spend", "video_views", unit="money").formula
    'spend ÷ video_views'
    """

    name: str
    numerator: str
    denominator: str
    label: str = ""
    unit: Unit = "times"
    scale: float = 1.0
    note: str = ""
    higher_is_better: bool | None = True
    formula: str = ""
    additive: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if not self.formula:
            times = f"{self.scale:g} × " if self.scale != 1 else ""
            text = f"{times}{self.numerator} ÷ {self.denominator}"
            object.__setattr__(self, "formula", text)
        if not self.label:
            object.__setattr__(self, "label", self.name.replace("_", " ").capitalize())


@dataclass(frozen=True)
class Distinct:
    """A count of distinct users; the parts of a breakdown may add to more than the whole."""

    name: str
    label: str
    formula: str
    unit: Unit = "count"
    note: str = "not additive"
    higher_is_better: bool | None = True
    additive: bool = field(default=False, init=False)


Metric = Measure | Ratio | Distinct


def _left(settings: Settings) -> Terms:
    """Return what is left of revenue; a column of its own where that depends on the row."""
    return {"gross_margin": 1.0} if settings.margin_by_row else {"revenue": settings.margin or 1.0}


def _profit(_: Terms, settings: Settings) -> Terms:
    return {**_left(settings), "spend": -1.0}


def _gross_margin(_: Terms, settings: Settings) -> Terms:
    return _left(settings) if settings.knows_margin else {}


def _contribution(terms: Terms, settings: Settings) -> Terms:
    return _profit(terms, settings) if settings.knows_margin else {}


def _without_margin(terms: Terms, settings: Settings) -> Terms:
    return terms if settings.margins and settings.margin is None else {}


def _above_baseline(_: Terms, settings: Settings) -> Terms:
    return {"revenue": 1.0 - settings.baseline_share}


def _rate_card(_: Terms, settings: Settings) -> Terms:
    return settings.emv_rates


_ADJUSTED = {
    "profit": _profit,
    "gross_margin": _gross_margin,
    "contribution": _contribution,
    "revenue_without_margin": _without_margin,
    "incremental_revenue": _above_baseline,
    "emv": _rate_card,
}


def _sum(name: str, label: str, unit: Unit = "count", note: str = "") -> Measure:
    return Measure(name, {name: 1.0}, label, unit, f"Σ {name}", note)


def _cost(name: str, label: str, formula: str, note: str = "") -> Measure:
    return Measure(name, {name: 1.0}, label, "money", formula, note, higher_is_better=None)


class Catalogue(MutableMapping[str, Metric]):
    """The metrics by name, with those that installed packages add; an unknown name is told the
    nearest.
    """

    def __init__(self, metrics: tuple[Metric, ...]) -> None:
        self._known: dict[str, Metric] = {m.name: m for m in metrics}
        self._complete = False

    @property
    def _metrics(self) -> dict[str, Metric]:
        """Ours; when first asked for, what packages add beside them."""
        if not self._complete:
            self._complete = True  # a package that asks while it is loaded sees ours
            self._known |= plugins.added(_GROUP, _read, self._known)
        return self._known

    def __getitem__(self, name: str) -> Metric:
        if name not in self._metrics:
            raise UnknownNameError.of("metric", name, self._metrics)
        return self._metrics[name]

    def __contains__(self, name: object) -> bool:
        return name in self._metrics

    def __setitem__(self, name: str, metric: Metric) -> None:
        self._metrics[name] = metric

    def __delitem__(self, name: str) -> None:
        del self._metrics[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._metrics)

    def __len__(self) -> int:
        return len(self._metrics)

    def __repr__(self) -> str:
        return self._card.text()

    def _repr_html_(self) -> str:
        return self._card.html()

    @property
    def _card(self) -> ObjectSummary:
        described = {m.name: f"{m.label}, {m.unit}: {m.formula or m.note}" for m in self.values()}
        return ObjectSummary(f"{len(self)} metrics", described)


METRICS = Catalogue(
    (
        _sum("revenue", "Revenue", "money", "attributed orders only"),
        _sum("orders", "Orders"),
        Measure("spend", {"spend": 1.0}, "Spend", "money", "Σ payouts, spread over what they paid "
                "for", "with the other costs where settings say that spend means all costs",
                higher_is_better=None),
        Measure("spend_due", {"spend_due": 1.0}, "Spend still due", "money",
                "Σ payouts that are earned and not yet paid",
                "part of spend: cost follows the activity, not the bank", higher_is_better=None),
        _cost("payouts", "Payouts", "Σ total_payout"),
        _cost("costs", "Costs beside payouts", "Σ amount of costs, spread over what they are for"),
        Measure("all_costs", {"payouts": 1.0, "costs": 1.0}, "Payouts and costs", "money",
                "payouts + costs", higher_is_better=None),
        *(_cost(f"cost_{kind}", f"{kind.capitalize()} costs", f"Σ amount of {kind}")
          for kind in COST_KINDS),
        _cost("market_value", "Market value of gifts", "Σ market value", "never spend"),
        Measure("profit", {"revenue": 1.0, "spend": -1.0}, "Profit", "money", "revenue − spend",
                "gross of cost of goods unless a margin is set; then it is the contribution"),
        Measure("gross_margin", {"gross_margin": 1.0}, "Gross margin", "money",
                "Σ margin × revenue, discounts off once",
                "what is left after the cost of goods: the margin of the product, else of its "
                "brand, else of all; of list prices, the whole discount goes off the margin"),
        Measure("contribution", {"gross_margin": 1.0, "spend": -1.0}, "Contribution", "money",
                "gross margin − spend", "what is left after goods, discounts and spend"),
        Measure("revenue_without_margin", {"revenue_without_margin": 1.0},
                "Revenue without a margin", "money", "Σ revenue of which no margin is known",
                "counted before the cost of goods", higher_is_better=None),
        Ratio("break_even_roas", "revenue", "gross_margin", "Break-even ROAS", "times",
              note="from this ROAS on, what is left of revenue pays for the spend",
              higher_is_better=False),
        Ratio("poas", "gross_margin", "spend", "Margin ROAS (POAS)", "times",
              note="gross margin per rupee of spend; breaks even at 1"),
        Ratio("roas", "revenue", "spend", "ROAS", "times", note="return on ad spend"),
        Ratio("roi", "profit", "spend", "ROI", "percent", formula="(revenue − spend) ÷ spend"),
        Measure("incremental_revenue", {"revenue": 0.8}, "Incremental revenue (assumed)", "money",
                "(1 − baseline share) × revenue",
                "you set the baseline share; nothing in the data supports it"),
        Ratio("incremental_roas", "incremental_revenue", "spend", "Incremental ROAS (assumed)",
              "times", note="from the baseline share you set; view(lift=…) estimates it"),
        Measure("matured_revenue", {"matured_revenue": 1.0}, "Matured revenue", "money",
                "Σ revenue × share that stands in the end",
                "orders that came back count 0, open ones by the share of orders of their age, "
                "payment mode and brand that stand; at equal age in every period"),
        Measure("open_revenue", {"open_revenue": 1.0}, "Revenue still open", "money",
                "Σ revenue of orders that may still come back", higher_is_better=None),
        Ratio("matured_roas", "matured_revenue", "spend", "Matured ROAS", "times",
              note="of what is left once open orders have come home"),
        Ratio("aov", "revenue", "orders", "Average order value", "money"),
        Ratio("cpo", "spend", "orders", "Cost per order", "money", higher_is_better=False),
        _sum("posts", "Posts"),
        _sum("reach", "Reach"),
        _sum("boosted_reach", "Boosted reach", note="people reached by paying the platform"),
        Measure("organic_reach", {"reach": 1.0, "boosted_reach": -1.0}, "Organic reach", "count",
                "reach − boosted reach"),
        _sum("impressions", "Impressions"),
        _sum("likes", "Likes"),
        _sum("comments", "Comments"),
        _sum("shares", "Shares"),
        _sum("saves", "Saves"),
        _sum("video_views", "Video views"),
        _sum("clicks", "Clicks"),
        Measure("engagements", {"likes": 1.0, "comments": 1.0, "shares": 1.0, "saves": 1.0},
                "Engagements", "count", "likes (+ comments, shares and saves where present)",
                optional=("comments", "shares", "saves")),
        Ratio("engagement_rate", "engagements", "reach", "Engagement rate", "percent"),
        Measure("post_followers", {"post_followers": 1.0}, "Followers × posts", "count",
                "Σ followers of the influencer, once per post", higher_is_better=None),
        Ratio("engagement_rate_by_followers", "engagements", "post_followers",
              "Engagement rate by followers", "percent",
              formula="engagements ÷ (posts × followers)"),
        Ratio("conversion_rate", "orders", "reach", "Conversion rate", "percent"),
        Ratio("cpm_reach", "spend", "reach", "Cost per 1,000 reached", "money", 1000,
              "reach, not impressions: not a CPM", higher_is_better=False),
        Ratio("cpm", "spend", "impressions", "CPM", "money", 1000, higher_is_better=False),
        Ratio("cpe", "spend", "engagements", "Cost per engagement", "money",
              higher_is_better=False),
        Ratio("cpc", "spend", "clicks", "Cost per click", "money", higher_is_better=False),
        Ratio("cost_per_post", "spend", "posts", "Cost per post", "money",
              higher_is_better=False),
        Ratio("revenue_per_post", "revenue", "posts", "Revenue per post", "money"),
        Ratio("revenue_per_1k_reach", "revenue", "reach", "Revenue per 1,000 reached", "money",
              1000),
        Measure("emv", {}, "Earned media value", "money", "Σ rate × reach, likes, comments …",
                "off unless a rate card is set"),
        _sum("discount", "Discount", "money"),
        Measure("returned", {"returned": 1.0}, "Returned orders", "count", "Σ returned orders",
                higher_is_better=False),
        Ratio("return_rate", "returned", "orders", "Return rate", "percent",
              higher_is_better=False),
        Distinct("customers", "Customers", "distinct users with an order"),
        Distinct("new_customers", "New customers",
                 "users whose first order in the data lies in the view",
                 note="not additive; new to this data, where no table of earlier customers is"),
        Distinct("repeat_customers", "Repeat customers", "users with at least 2 purchases",
                 note="not additive; a row of several orders is one purchase, and where orders "
                 "have no numbers so is a day"),
        Ratio("cac", "spend", "new_customers", "Cost per new customer", "money",
              higher_is_better=False),
        Ratio("new_customer_share", "new_customers", "customers", "Share of new customers",
              "percent", higher_is_better=None),
        Ratio("repeat_rate", "repeat_customers", "customers", "Repeat rate", "percent"),
    )
)  # fmt: skip


def formula_of(name: str, settings: Settings) -> str:
    """Return a metric's formula under settings: with a margin, what is left stands for revenue.

    >>> formula_of("profit", Settings()), formula_of("profit", Settings(margin=0.4))
    ('revenue − spend', 'gross margin − spend')
    """
    formula = METRICS[name].formula
    if name not in ("profit", "roi") or not settings.knows_margin:
        return formula
    return formula.replace("revenue", "gross margin")


def register(metric: Metric) -> Metric:
    """Add a metric of one's own; it then shows in every picker, table and export.

    Parameters
    ----------
    metric
        A `Ratio` of existing metrics or a `Measure` over ledger columns.

    Returns
    -------
    Metric
        The same metric.

    Raises
    ------
    UnknownNameError
        If a ratio refers to a metric that does not exist.
    ParameterError
        If a ratio refers to a ratio, which has no sum to divide.

    Examples
    --------
    >>> register(Ratio("likes_per_post", "likes", "posts", "Likes per post", "count")).label
    'Likes per post'
    >>> del METRICS["likes_per_post"]
    """
    _check(metric, METRICS)
    METRICS[metric.name] = metric
    return metric


def _check(metric: Metric, known: Mapping[str, Metric]) -> None:
    """Refuse a ratio of what is not there, or is itself a ratio."""
    if not isinstance(metric, Ratio):
        return
    for name in (metric.numerator, metric.denominator):
        if name not in known:
            raise UnknownNameError.of("metric", name, known)
        if isinstance(known[name], Ratio):
            raise ParameterError(
                f"metric {metric.name!r}: {name!r} is itself a ratio; a ratio divides sums. "
                "Use the measures it is made of."
            )


def _read(given: Any) -> list[tuple[str, Metric]]:
    """Return the metrics that an entry point names; of users only the ledger knows how to count."""
    read: dict[str, Metric] = {}
    takes: Callable[[Any], list[Measure | Ratio]] = plugins.all_of(Measure, Ratio)
    for metric in takes(given):
        _check(metric, {**METRICS, **read})
        read[metric.name] = metric
    return list(read.items())


def register_from(settings: Settings) -> None:
    """Add the ratios that the settings file declares, once.

    Raises
    ------
    ParameterError
        If a declaration lacks a name, a numerator or a denominator, or has an unknown field.
    """
    for declared in settings.extra_metrics:
        try:
            metric = Ratio(**declared)  # type: ignore[arg-type]
        except TypeError as error:
            raise ParameterError(
                f"settings, extra_metrics {dict(declared)!r}: {error}. A ratio has name, "
                "numerator, denominator and, if you like, label, unit, scale and note"
            ) from None
        if metric.name not in METRICS:
            register(metric)


def parts(name: str) -> tuple[str, ...]:
    """Return the names of the sums and counts that a metric is made of.

    >>> parts("roas")
    ('revenue', 'spend')
    """
    metric = METRICS[name]
    return (metric.numerator, metric.denominator) if isinstance(metric, Ratio) else (name,)
