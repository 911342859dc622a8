"""Kinds of findings about payouts: what they pay for, when, and what does not add up."""

from __future__ import annotations

from hk_metrics.quality.kind import Kind

_ADD_BASIS = "add a column 'basis' with post, order, commission or hybrid"

KINDS = (
    Kind("no_basis", "error", "no column says what the payouts pay for.", _ADD_BASIS),
    Kind("no_basis.told", "note", "no column says what the payouts pay for: {paid_for}",
         _ADD_BASIS),
    Kind(
        "repeated_payout", "error", "{column!r} is the same on every row of an influencer.",
        "hand in the payouts as a file of their own, or name the column 'commission' where it was "
        "paid for each row",
    ),
    Kind("basis", "note", "basis {value!r} is read as {basis!r}", changes=True),
    Kind("cost_kind", "note", "kind of cost {value!r} is read as {kind!r}", changes=True),
    Kind(
        "cost_kind.unknown", "warning",
        "{costs} of {money:,.2f} whose kind is none of product, shipping, agency, boosting and "
        "rights: {wordings}; taken as other",
        "write one of these in the column of the kind",
    ),
    Kind(
        "costs_beside", "note",
        "{costs} of {amount:,.2f}: they stand beside spend, which is payouts alone",
        "to count them as spend, set spend_means = \"all_costs\" in the settings",
        "to count them as spend, choose so on the page Payouts",
    ),
    Kind(
        "rate_is_share", "note",
        "{payouts} whose rate itself names a share of revenue: influencer {influencer} is paid per "
        "{basis} in name, and {value} by its rate. Read as {read_as}",
        changes=True,
    ),
    Kind(
        "order_rate_is_share", "note",
        "{payouts} per order in name, by a share of revenue in fact: {evidence}. Influencer "
        "{influencer} gets {rate:.2%} of revenue, {paid:,.2f}. Read as commission",
        changes=True,
    ),
    Kind(
        "percent_rate", "note",
        "commissions of 1 and more are read as per cent: {value} is {value} %", changes=True,
    ),
    Kind(
        "payment_date", "note",
        "{column!r} says when {done}, not what was paid for: it is kept, and spend follows all "
        "that the payout is for",
        "if it is the day that is paid for, say mapping={{{column!r}: 'period'}}; on the command "
        "line --map '{column}=period'",
        "if it is the day that is paid for, on import choose so in the list of its file's columns",
    ),
    Kind(
        "payment_date.read", "warning",
        "{payouts} of {money:,.2f} with a date on which most of their influencers have no post and "
        "no order: read as the day of payment, and spread over all activity that the payout is for",
        "name the column 'payment_date'; if it is the day that is paid for, name it 'period'",
    ),
    Kind("payout_status", "note", "{column!r} says what became of each payout; {words}"),
    Kind(
        "unknown_payout_status", "warning",
        "words in {column!r} that are not understood: {words}; their payouts count",
        "leave out the rows that were not paid and are not owed",
        doubts_money=True,
    ),
    Kind(
        "due_payouts", "note",
        "{money:,.2f} of spend in {payouts} is still due: it counts from the activity on, not from "
        "the day of payment",
    ),
    Kind(
        "unread_period", "warning",
        "{payouts} with a period that is not understood ({wordings}): spread over all activity",
        "write periods as 2025-03 or 2025-03-01/2025-03-31",
        doubts_money=True,
    ),
    Kind(
        "unmatched_period", "warning",
        "{money:,.2f} of spend in {payouts} finds no activity in its own period: influencer "
        "{influencer} was paid {paid:,.2f} for {period}, and has no post and no order then. It "
        "counts in totals, but on no day",
        "check the period, and whether posts and orders of that time are missing; if it is when "
        "the money was paid, name the column 'payment_date'",
    ),
    Kind("unpaid", "warning", "{influencers} with orders but no payout: they look free",
         "add their payouts, or read ROAS with care"),
    Kind("payout_arithmetic", "warning", "{payouts} other than rate times units: {example}",
         "the total is what counts; check the rate", doubts_money=True),
    Kind(
        "doubtful_basis", "warning",
        "{payouts} whose basis is in doubt: influencer {influencer} was paid {paid:,.2f} per "
        "{value} at {rate:,g}, which is {explains}, not {does_not}",
        "say in 'basis' whether posts or orders were paid for; until then the money goes where the "
        "file says",
        doubts_money=True,
    ),
    Kind(
        "payout_orders", "warning",
        "{influencers} paid for other orders than were tracked: influencer {influencer} was paid "
        "for {paid_for}, {tracked} tracked",
        "check the period of both files; tracked orders are what is counted",
    ),
    Kind(
        "payout_posts", "warning",
        "{influencers} paid for another number of posts than there are: influencer {influencer} "
        "was paid for {paid_for}, {there}",
        "check the period of both files, and whether posts are missing; what was paid is counted "
        "in full, over the posts in the data",
    ),
    Kind(
        "paid_without_posts", "warning",
        "{influencers} {were} paid per post and {have} no posts in the data: {shown}",
        "add their posts; until then what they were paid follows their orders, and is of no day "
        "where they have none",
    ),
)  # fmt: skip
