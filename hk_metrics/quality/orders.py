"""Kinds of findings about posts and orders that count, and what is to know of them."""

from __future__ import annotations

from hk_metrics.quality.kind import Kind

_KEPT = "{influencers} without a profile ({shown}), kept as '{named}': {places}"

KINDS = (
    Kind("no_table", "warning", "{there} {of}: {effect}", "{repair}"),
    Kind("no_values", "warning", "no row of {of} has {column}: {effect}",
         "fill in the column {column!r}"),
    Kind("kept_unknown", "warning", _KEPT, "add them to the influencers file"),
    Kind(
        "kept_unknown.all", "warning", _KEPT,
        "hand in a file of influencers with these ids, to compare them by more than their id",
    ),
    Kind("influencer_named", "note", "{influencers} in other words: {shown}"),
    Kind(
        "several_codes", "warning",
        "{orders} with the codes of several influencers, such as {code!r}: each counts for the "
        "first of them",
        "keep the one code that brought the order",
        doubts_money=True,
    ),
    Kind(
        "engagement_above_reach", "warning", "{posts} with more likes and comments than reach",
        "check whether reach and impressions were mixed up; they are counted as they are",
    ),
    Kind(
        "hidden_engagement", "warning", "{posts} without likes or comments, counted as none",
        "fill them in if they are known; engagement rates are too low without them",
    ),
    Kind("future_date", "warning", "{rows} dated in the future, up to {last}",
         "check the year, and whether day and month were swapped"),
    Kind(
        "revenue_without_orders", "warning",
        "{rows} with revenue but 0 orders: {revenue} that counts as revenue and belongs to no "
        "order, so that order values come out too high",
        "give them their number of orders, or no revenue where nothing was bought",
    ),
    Kind(
        "order_far_beyond", "warning",
        "{orders} of more than {times} times the usual order value ({usual}), the largest {most}: "
        "counted as given in every sum, and cut in rankings",
        "see whether the amount is right: a missing point, another currency, a wholesale order?",
        doubts_money=True,
    ),
    Kind(
        "unused_platform", "note",
        "{rows} from {sources}, where no influencer is and no post: counted for the influencer's "
        "own platform, where that is known",
        "check the platform of the influencers or the source of the orders",
    ),
    Kind(
        "clicks_twice", "note",
        "clicks are in posts ({of_posts:,g}) and in tracking data ({of_events:,g}): those of posts "
        "are counted",
    ),
    Kind(
        "orders_in_one_row", "note",
        "{rows} with several orders of one customer each: a row is one purchase, so that a repeat "
        "customer is one with a second row",
    ),
    Kind(
        "customers_unknown", "warning",
        "the {customers} of the list of earlier customers are none of those who bought here, so "
        "that all of these count as new",
        "write customers in the list as the orders have them",
    ),
    Kind("refund", "note", "{rows} of negative revenue: refunds"),
    Kind(
        "spelling_variants", "warning",
        "{names} in {column!r} written in several ways, counted apart: {ways}",
        "write them in one way",
    ),
    Kind(
        "organic", "note",
        "{count:,} of {rows} belong to no influencer: {by_source}. They are the baseline, counted "
        "for no influencer",
    ),
    Kind(
        "organic_influencer", "warning",
        "{rows} of the source {value!r} that name an influencer: {revenue} of revenue that counts "
        "for no influencer, as the source says",
        "where the influencer did bring them, give them the source that they came by",
        doubts_money=True,
    ),
    Kind("brand_spelling", "note", "brands written in several ways are one: {ways}", changes=True),
    Kind("brand_told", "note", "no column says the brand of an order: it is told by {by}"),
    Kind(
        "brand_contradiction", "warning",
        "{rows} whose {column} and campaign name different brands: {value!r} is of {brand}, the "
        "campaign {campaign!r} of {campaign_brand}; the {column} decides over {revenue} of revenue",
        "add a column 'brand' that says which one counts",
        doubts_money=True,
    ),
    Kind("order_status", "note", "{column!r} says what became of each order; {words}"),
    Kind("unknown_status", "note", "words in {column!r} that are not understood: {words}; they "
         "count", "leave out the rows that are no orders", doubts_money=True),
    Kind(
        "declined_commission", "error",
        "{orders} with {revenue} of revenue whose commission {column!r} says was declined, "
        "although {sale!r} says that the sale stands.",
        "if they are no sales of the influencer, say so with mapping={{{sale!r}: None}}; on the "
        "command line --map '{sale}='",
        "if they are no sales of the influencer, leave {sale!r} out in the list of its file's "
        "columns",
    ),
    Kind(
        "refund_followed", "note",
        "{rows} that take {revenue} of revenue back name no influencer: they follow the number of "
        "their order to its influencer",
    ),
    Kind(
        "order_lines", "note",
        "{rows} are lines of {orders}: an order counts once, with its dearest line, and every line "
        "keeps its revenue",
    ),
    Kind(
        "pending_orders", "warning",
        "{orders} not yet paid or sent: {revenue} of revenue, counted all the same",
        "hand the file in again once they are settled, or leave their rows out",
        doubts_money=True,
    ),
    Kind("returned_orders", "note", "{orders} that came back ({revenue}), marked as returned"),
    Kind(
        "returned_orders.unpaid", "warning",
        "{orders} that came back ({revenue}), marked as returned; the revenue stands, as no row "
        "takes it back",
        "add a row of negative revenue and 0 orders for what was repaid",
        doubts_money=True,
    ),
)  # fmt: skip
