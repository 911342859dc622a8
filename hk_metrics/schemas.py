"""The tables, column by column: names, types, units, and what refers to what.

This is plain data and cheap to import; `hk_metrics.ingest` checks tables against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "date", "count", "money", "number", "flag"]

# What the name of a profile begins with that was made for an id without one.
UNKNOWN_INFLUENCER = "Unknown influencer"


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    Parameters
    ----------
    name
        Canonical name.
    kind
        ``id`` and ``text`` are strings, ``date`` a naive local date-time, ``count`` a number ≥ 0,
        ``money`` a number in the settings' currency, ``number`` any number, ``flag`` a boolean.
    required
        Whether the table is unusable without the column.
    doc
        One line with the unit.
    nullable
        Whether a single row may leave it empty.
    negative
        Whether values below zero are allowed (refunds).
    without
        What cannot be shown where a file lacks the column. A file without it is taken as it is,
        unless one of its other columns may be it.
    omissible
        Whether the table may hold no value of it at all: then nothing is told that needs it. A
        single empty cell beside others stays an error.
    breaks
        The kind of finding of a number below ``least`` or above ``most``, whose row is left out.
    least, most
        The smallest and the largest number that is one.
    """

    name: str
    kind: Kind
    required: bool
    doc: str
    nullable: bool = False
    negative: bool = False
    without: str = ""
    omissible: bool = False
    breaks: str = ""
    least: float = float("-inf")
    most: float = float("inf")


@dataclass(frozen=True)
class TableSchema:
    """One input table: what a row is, its columns, and its references.

    ``references`` maps a column of this table to ``(table, column)``; ``extra_columns`` says
    whether columns beyond the listed ones are kept as dimensions. A file is no such table,
    however well its others fit, without any of the columns of one group of ``known_by``, or with a
    column that another table, by ``never_with``, has for its own. Of each pair of ``ordered`` no
    row has the first day after the second.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    references: Mapping[str, tuple[str, str]]
    extra_columns: bool = False
    required: bool = True
    known_by: tuple[tuple[str, ...], ...] = ()
    never_with: tuple[tuple[str, str], ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, required first as declared."""
        return tuple(c.name for c in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(c.name for c in self.columns if c.required)

    def __getitem__(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def _required(
    name: str,
    kind: Kind,
    doc: str,
    nullable: bool = False,
    negative: bool = False,
    omissible: bool = False,
) -> Column:
    return Column(name, kind, True, doc, nullable, negative, omissible=omissible)


def _may_lack(name: str, kind: Kind, doc: str, without: str) -> Column:
    return Column(name, kind, True, doc, nullable=True, without=without)


def _optional(name: str, kind: Kind, doc: str) -> Column:
    return Column(name, kind, False, doc, nullable=True)


_INFLUENCER = {"influencer_id": ("influencers", "id")}

_INFLUENCERS = TableSchema(
    "influencers",
    "a creator",
    (
        _required("id", "id", "the influencer's id, unique"),
        _may_lack("name", "text", "display name", "influencers are called by their ids"),
        _may_lack("category", "text", "field of content", "there is no breakdown by category"),
        _may_lack("gender", "text", "as stated by the creator", "there is no breakdown by gender"),
        _may_lack(
            "follower_count", "count", "followers (people)", "there are no tiers by followers"
        ),
        _may_lack("platform", "text", "home platform", "many orders have no platform"),
        _optional("tier", "text", "Nano, Micro, Macro, Mega"),
        _optional("persona", "text", "segment of the creator"),
        _optional("city", "text", "home city"),
    ),
    {},
    extra_columns=True,
)

_POSTS = TableSchema(
    "posts",
    "a post",
    (
        _required("influencer_id", "id", "who posted"),
        _may_lack("platform", "text", "where", "posts have no platform"),
        _required("date", "date", "when it went live"),
        _may_lack("url", "text", "address of the post", "posts are listed without a link"),
        _may_lack(
            "caption", "text", "its text", "disclosure of ads, hashtags and lengths are not shown"
        ),
        _required("reach", "count", "people reached", omissible=True),
        _may_lack("likes", "count", "likes; empty where hidden", "engagement is without likes"),
        _may_lack(
            "comments", "count", "comments; empty where hidden", "engagement is without comments"
        ),
        _optional("post_id", "id", "id of the post"),
        _optional("brand", "text", "brand it is for"),
        _optional("campaign", "text", "campaign it belongs to"),
        _optional("format", "text", "reel, story, video …"),
        _optional("boosted_reach", "count", "people of the reach that were paid for"),
        _optional("impressions", "count", "times shown"),
        _optional("video_views", "count", "video views"),
        _optional("shares", "count", "shares"),
        _optional("saves", "count", "saves"),
        _optional("clicks", "count", "clicks on the link"),
    ),
    _INFLUENCER,
)

_TRACKING_DATA = TableSchema(
    "tracking_data",
    "a tracked event of one user: an order, or a touch (orders = 0)",
    (
        _may_lack(
            "source", "text", "how the user came: link, code …", "there is no breakdown by source"
        ),
        _may_lack("campaign", "text", "campaign", "there is no breakdown by campaign"),
        _required("influencer_id", "id", "who is credited; empty for organic", nullable=True),
        _may_lack("user_id", "id", "the customer", "customers are not counted"),
        _may_lack("product", "text", "what was bought", "there is no breakdown by product"),
        _required("date", "date", "when"),
        _required("orders", "count", "orders; 0 for a touch", omissible=True),
        _required(
            "revenue", "money", "order value; negative for a refund", negative=True, omissible=True
        ),
        _optional("brand", "text", "brand of the product"),
        _optional("tracking_id", "id", "id of the event"),
        _optional("discount", "money", "discount granted"),
        _optional("returned", "flag", "whether the order came back"),
        _optional("payment_mode", "text", "how it is paid: COD, prepaid …"),
        _optional("outcome", "text", "delivered, open or returned; read from its status"),
        _optional("clicks", "count", "clicks that were tracked; those of posts count before them"),
    ),
    _INFLUENCER,
)

_PAYOUTS = TableSchema(
    "payouts",
    "a payment to an influencer",
    (
        _required("influencer_id", "id", "who is paid"),
        _required("basis", "text", "post, order, commission or hybrid"),
        _may_lack(
            "rate", "number", "money per post or order; share of revenue", "rates cannot be checked"
        ),
        _may_lack("orders", "count", "orders paid for", "orders paid for cannot be checked"),
        _required(
            "total_payout", "money", "what was paid; trusted; negative if taken back", negative=True
        ),
        _optional("posts", "count", "posts paid for"),
        _optional("commission_rate", "number", "share of revenue beside a per-post rate"),
        _optional("payout_id", "id", "id of the payment"),
        _optional("date", "date", "the day it pays for"),
        _optional("period_start", "date", "first day it pays for"),
        _optional("period_end", "date", "last day it pays for"),
        _optional("payment_date", "date", "the day it was paid; says nothing of what for"),
        _optional("campaign", "text", "campaign it pays for"),
        _optional("brand", "text", "brand it pays for"),
        _optional("platform", "text", "platform it pays for"),
        _optional("status", "text", "paid, due …"),
        _optional("due", "flag", "whether it is earned and not yet paid"),
        _optional("due_date", "date", "the day by which it is to be paid"),
        _optional("approved_by", "text", "who approved it"),
    ),
    _INFLUENCER,
)

_DAILY_SALES = TableSchema(
    "daily_sales",
    "the shop's total sales of a day, tracked or not",
    (
        _required("date", "date", "the day"),
        _required("revenue", "money", "total revenue", negative=True),
        _required("orders", "count", "total orders"),
        _optional("brand", "text", "brand"),
        _optional("product", "text", "product"),
        _optional("city", "text", "city"),
    ),
    {},
    extra_columns=True,
    required=False,
)

_CUSTOMERS = TableSchema(
    "customers",
    "a customer who bought before, tracked or not",
    (
        _required("user_id", "id", "the customer, called as in tracking_data"),
        _required(
            "first_order",
            "date",
            "when she bought first; empty for some day before this data",
            nullable=True,
        ),
    ),
    {},
    required=False,
    known_by=(("user_id",), ("first_order",)),
    never_with=tuple(
        ("tracking_data", c)
        for c in ("influencer_id", "tracking_id", "source", "campaign", "product")
    ),
)

_COSTS = TableSchema(
    "costs",
    "a cost beside the payouts, or a gift",
    (
        _required("amount", "money", "what it cost; negative if credited", True, negative=True),
        _may_lack(
            "cost_kind",
            "text",
            "product, shipping, agency, boosting, rights or other",
            "all costs are of the kind other, gifts of the kind product",
        ),
        _may_lack("influencer_id", "id", "for whom; empty for a cost of all", "costs are of all"),
        _optional("date", "date", "the day it belongs to; of a gift the day it was sent"),
        _optional("period_start", "date", "first day it is for"),
        _optional("period_end", "date", "last day it is for"),
        Column(
            "market_value",
            "money",
            False,
            "what a gift sells for; shown beside, never spend",
            nullable=True,
            negative=True,
            breaks="below_zero",
            least=0.0,
        ),
        _optional("campaign", "text", "campaign it is for"),
        _optional("brand", "text", "brand it is for"),
        _optional("platform", "text", "platform it is for"),
        _optional("item", "text", "what was bought or sent"),
    ),
    _INFLUENCER,
    required=False,
    known_by=(("cost_kind", "market_value"),),
    ordered=(("period_start", "period_end"),),
)

_DELIVERABLES = TableSchema(
    "deliverables",
    "a promised post, or several alike",
    (
        _required("influencer_id", "id", "who promised"),
        _may_lack("format", "text", "reel, story, video …", "posts of any format keep a promise"),
        Column(
            "count",
            "count",
            True,
            "posts promised; 1 where empty",
            nullable=True,
            negative=True,
            without="each row is one post",
            breaks="below_zero",
            least=0.0,
        ),
        _may_lack("due_date", "date", "the last day to post", "nothing is late"),
        Column(
            "fee",
            "money",
            True,
            "agreed for all posts of the row",
            nullable=True,
            negative=True,
            without="the money of late and missing posts is not told",
            breaks="below_zero",
            least=0.0,
        ),
        _optional("agreed_on", "date", "the day it was agreed"),
        _optional("campaign", "text", "campaign it is for"),
        _optional("brand", "text", "brand it is for"),
        _optional("platform", "text", "platform it is for"),
        _optional("channel", "text", "where the content may be used"),
        _optional("ends_on", "date", "the last day that it may be used"),
    ),
    _INFLUENCER,
    required=False,
    known_by=(("due_date", "ends_on"), ("format", "count", "channel")),
    never_with=tuple(("payouts", c) for c in ("basis", "payment_date", "payout_id", "rate")),
    ordered=(("agreed_on", "due_date"), ("agreed_on", "ends_on")),
)

_MARGINS = TableSchema(
    "margins",
    "a product or brand with what it leaves of its revenue",
    (
        Column(
            "margin",
            "number",
            True,
            "share of revenue left after the cost of goods, 0 to 1 (or per cent)",
            breaks="no_share",
            least=0.0,
            most=1.0,
        ),
        _optional("product", "text", "the product, called as in tracking_data"),
        _optional("brand", "text", "the brand; of all products where none is named"),
    ),
    {},
    required=False,
    known_by=(("margin",), ("product", "brand")),
    never_with=(
        *(("tracking_data", c) for c in ("influencer_id", "user_id", "revenue", "orders")),
        ("posts", "reach"),
    ),
)

TABLES: Mapping[str, TableSchema] = {
    t.name: t
    for t in (
        *(_INFLUENCERS, _POSTS, _TRACKING_DATA, _PAYOUTS),
        *(_DAILY_SALES, _COSTS, _DELIVERABLES, _CUSTOMERS, _MARGINS),
    )
}

BASES = ("post", "order", "commission", "hybrid")
COST_KINDS = ("product", "shipping", "agency", "boosting", "rights", "other")
