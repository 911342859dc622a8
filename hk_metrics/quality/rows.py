"""Kinds of findings about cells and rows that cannot be used as they are."""

from __future__ import annotations

from hk_metrics.quality.kind import Kind

KINDS = (
    Kind(
        "not_a_number", "error", "{cells} in {column!r} without a readable number: {values}",
        "write a number, or leave the cell empty if the column allows it",
        reason="not a number", leaves_out="cell",
    ),
    Kind(
        "other_currency", "error", "{cells} in {column!r} in another currency: {values}",
        "convert them to {currency} first, or set the currency in the settings",
        reason="another currency", leaves_out="row",
    ),
    Kind(
        "not_a_date", "error", "{cells} in {column!r} without a readable date: {values}",
        "write dates as YYYY-MM-DD", reason="not a date", leaves_out="cell",
    ),
    Kind(
        "impossible_date", "error", "{cells} in {column!r} with a day that cannot be: {values}",
        "correct the dates; YYYY-MM-DD cannot be mistaken",
        reason="no such day", leaves_out="cell",
    ),
    Kind(
        "not_a_flag", "error", "{cells} in {column!r} that say neither yes nor no: {values}",
        "write yes or no", reason="neither yes nor no", leaves_out="cell",
    ),
    Kind(
        "unknown_basis", "error",
        "{cells} in {column!r} with unknown words for what is paid: {values}",
        "use post, order, commission or hybrid", reason="unknown basis", leaves_out="row",
    ),
    Kind(
        "empty_cell", "error", "{empty} in {column!r}", "fill in every row",
        reason="empty", leaves_out="cell",
    ),
    Kind(
        "negative", "error", "{cells} in {column!r} below zero: {values}",
        "correct them; only revenue (a refund), payouts (taken back) and costs (credited) may be "
        "negative",
        reason="below zero", leaves_out="cell",
    ),
    Kind(
        "below_zero", "error", "{cells} in {column!r} below zero: {values}",
        "write 0 or more, or leave the cell empty",
        reason="below zero", leaves_out="row",
    ),
    Kind(
        "no_share", "error", "{cells} in {column!r} that are no share of 0 to 1: {values}",
        "write each margin as a share (0.35), or each as per cent (35)",
        reason="no share of 0 to 1", leaves_out="row",
    ),
    Kind(
        "margin_twice", "error",
        "{rows} with another margin than a row before has for the same product and brand: {values}",
        "keep one margin for each", reason="another margin before", leaves_out="row",
    ),
    Kind(
        "percent_margin", "note",
        "margins above 1 are read as per cent: {value} is {value} %", changes=True,
    ),
    Kind(
        "margins_unknown", "warning",
        "{of} with a margin and without an order: {names}",
        "write them as the orders have them, or leave them out if nobody buys them",
    ),
    Kind(
        "ends_before_start", "error", "{rows} that end before they begin, in {column!r}: {values}",
        "put the earlier day first, or leave the end empty where it is open",
        reason="ends before it begins", leaves_out="row",
    ),
    Kind(
        "duplicate_id", "error", "{rows} with an id that another row has: {values}",
        "keep one row for {row_is}", reason="id used twice", leaves_out="row",
    ),
    Kind(
        "two_data_sets", "error",
        "{rows} whose id another of the files gives to somebody else: {values}. These are two sets "
        "of data in one place, whose ids must not be mixed",
        "hand in one set at a time: its folder, or a list of its files",
        reason="an id of another set of data", leaves_out="row",
    ),
    Kind(
        "unknown_influencer", "error",
        "{ids} not in influencers: {values}; {rows} without a profile",
        "add them to the influencers file, correct the ids, or import them as 'Unknown influencer' "
        "(unknown_influencers='keep'; on the command line --keep-unknown)",
        on_page="add them to the influencers file, correct the ids, or on import keep unknown "
        "influencers",
        reason="no such influencer", leaves_out="row",
    ),
    Kind(
        "ragged_row", "error", "{rows} with more cells than the header; beyond it: {values}",
        "put text that contains the delimiter in quotation marks",
        reason="more cells than the header", leaves_out="line",
    ),
    Kind(
        "broken_quote", "error", "{rows} with a quotation mark that nothing closes",
        "close it, or double it where it belongs to the text",
        reason="quotation mark not closed", leaves_out="line",
    ),
    Kind(
        "long_cell", "error",
        "{rows} with a cell of more characters than is allowed, in {column!r}",
        "shorten it; a quotation mark may be missing before it",
        reason="cell too long", leaves_out="row",
    ),
    Kind(
        "overlap", "error", "{rows} already in another of the files, cell by cell",
        "hand in each period once; the copies are left out",
        reason="already in another file", leaves_out="row",
    ),
    Kind(
        "overlap.stored", "warning",
        "{table}: {count:,} of {rows} already there, not added again",
        "if they are new events that look the same, give them an id",
    ),
    Kind(
        "same_row", "warning",
        "{rows} already in another of the files, id and all; counted once",
        reason="already in another file", leaves_out="row",
    ),
    Kind(
        "later_count", "warning",
        "{rows} of posts that another of the files has with other counts: {values}; the larger "
        "reach counts",
        reason="in another file with larger counts", leaves_out="row",
    ),
    Kind(
        "updated_row", "error",
        "{rows} with the id of a row in another of the files, but other numbers: {values}",
        "hand in the newest export only; of a refund the larger one counts",
        reason="in another file with other numbers", leaves_out="row",
    ),
    Kind(
        "other_version", "error",
        "{rows} that another of the files has too, with other numbers: influencers {values}",
        "hand in one version only; the rows of the first file are used",
        reason="in another file with other numbers", leaves_out="row",
    ),
    Kind(
        "duplicate_row", "error", "{rows} copied from an earlier one, id included",
        "remove the copies", reason="copy of an earlier row", leaves_out="row",
    ),
    Kind(
        "equal_rows", "warning", "{rows} equal to an earlier one, counted all the same",
        "if they are copies, remove them, or give every row an id",
        doubts_money=True,
    ),
    Kind(
        "total_row", "warning", "{rows} of totals, left out",
        reason="a line of totals", leaves_out="line",
    ),
    Kind(
        "remark_row", "warning", "{rows} below the table with a remark only, left out",
        reason="a remark", leaves_out="line",
    ),
    Kind(
        "header_row", "warning", "{rows} with the header again, left out",
        reason="the header again", leaves_out="line",
    ),
    Kind(
        "failed_payout", "warning",
        "{rows} of payouts that came to nothing by {column!r} ({at_stake}), no spend: {values}",
        "if they were paid all the same, leave the column out with mapping={{{column!r}: None}}",
        on_page="if they were paid all the same, on import leave the column out in the list of its "
        "file's columns",
        reason="a payout that came to nothing", leaves_out="line",
    ),
    Kind(
        "cancelled_order", "warning",
        "{rows} of cancelled, failed or void orders by {column!r} ({at_stake} of revenue), left "
        "out: {values}",
        "if they count all the same, leave the column out with mapping={{{column!r}: None}}",
        on_page="if they count all the same, on import leave the column out in the list of its "
        "file's columns",
        reason="a cancelled order", leaves_out="line",
    ),
    Kind(
        "cancelled_elsewhere", "warning",
        "{rows} of orders that another of the files says were cancelled ({at_stake} of revenue), "
        "left out: {values}",
        reason="cancelled, says another file", leaves_out="line",
    ),
)  # fmt: skip
