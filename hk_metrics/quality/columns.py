"""Kinds of findings about columns: which is which, what is missing, how cells are read."""

from __future__ import annotations

from hk_metrics.quality.kind import Kind

_GIVEN_BY = "on import, choose the column that gives it in the list of its file's columns, or add "
_THE_ONE = (
    "if it is the one to use, say so with mapping={{{column!r}: {taken_as!r}}}; on the command "
    "line --map '{column}={taken_as}'"
)
_NOT_USED = (
    "{column!r} (sum {mine}) is not used beside {taken!r} (sum {theirs}), which is taken as {of}"
)
_CHOOSE = "if it is the one to use, on import choose so in the list of its file's columns"

KINDS = (
    Kind(
        "doubtful_column", "error", "column {column!r} looks like {maybe!r} ({sure:.0%}).",
        "say so with mapping={{{column!r}: {maybe!r}}}, or None to leave it out; on the command "
        "line --map '{column}={maybe}'",
        "on import, choose what it means in the list of its file's columns",
    ),
    Kind("columns_read", "note", "read {columns}"),
    Kind("ignored_column", "note", "columns not used: {headers}"),
    Kind("second_column", "note", _NOT_USED, _THE_ONE, _CHOOSE),
    Kind("second_column.spend", "warning", _NOT_USED, _THE_ONE, _CHOOSE, doubts_money=True),
    Kind(
        "kept_attribute", "note",
        "column {column!r} is kept as an attribute of its own; it looks like {maybe!r}.",
        "if it is that, say so with mapping={{{column!r}: {maybe!r}}}; on the command line "
        "--map '{column}={maybe}'",
        "if it is that, on import choose it in the list of its file's columns",
    ),
    Kind(
        "missing_description", "warning",
        "there is no column {column!r} ({doc}): {without}.", "add the column {column!r}",
        f"{_GIVEN_BY}it to the file",
    ),
    Kind(
        "missing_column", "error",
        "it looks like {of}, but there is no column {column!r} ({doc}).{hint}",
        "add the column {column!r}, or say which one it is with mapping={{'its header': "
        "{column!r}}}; on the command line --map 'its header={column}'",
        f"{_GIVEN_BY}it to the file", of_file=True,
    ),
    Kind(
        "missing_column.totals", "warning",
        "it has rates but no totals: spend stays empty.", "add the column 'total_payout'",
        of_file=True,
    ),
    Kind("names_as_ids", "note", "there is no column of ids: the names are taken for them"),
    Kind("ids_as_names", "note",
         "there is no column of names: {header!r} is taken for the name, too"),
    Kind("engagement", "note", "{header!r} is taken as likes: all that was done with a post"),
    Kind("platform_of_link", "note",
         "no column says the platform: it is told by the links in {header!r}"),
    Kind("named_by_code", "note",
         "{column!r} names the influencers: {word!r} is influencer {influencer!r}{rest}"),
    Kind("conversions", "note",
         "{header!r} are counted as the influencers' orders; their revenue is not known"),
    Kind("grouped_rows", "error", "{column!r} is filled in on the first row of each group only.",
         "fill it in on every row"),
    Kind("one_order_a_row", "note",
         "no column says how many orders a row is: each is counted as one"),
    Kind("one_order_a_row.numbered", "note",
         "no column says how many orders a row is: each order number is counted as one"),
    Kind(
        "one_order_a_row.asked", "error",
        "no column says how many orders a row is: each is counted as one.",
        "add a column 'orders', with 0 for a touch without an order",
    ),
    Kind("touches", "error", "no column says orders or revenue.", "add the columns that it lacks"),
    Kind(
        "ambiguous_dates", "error",
        "every date in {column!r} can be read day first or month first, e.g. {value!r}.",
        "say which with date_order='day_first' or date_order='month_first'; on the command line "
        "--date-order",
        "on import, choose whether the day or the month comes first",
    ),
    Kind("date_order", "note", "dates are read as {order}: {text!r} is {date:%-d %B %Y}"),
    Kind("date_serial", "note", "numbers were read as dates: {text} is {date:%-d %B %Y}",
         changes=True),
    Kind(
        "own_clock", "note",
        "times at {zones} stand as written, on the shop's own clock: {example}; they are not "
        "turned to {timezone}, the settings' timezone",
        "where they are not the shop's own clock, hand them in in UTC",
    ),
    Kind("time_zone", "note",
         "times at {zones} were turned to {timezone}, the settings' timezone: {example}",
         "if the shop's day is another, set timezone in the settings", changes=True),
    Kind("trimmed", "note", "spaces around the text were removed", changes=True),
    Kind("blank_word", "note", "{words} mean no value", changes=True),
    Kind("id_number", "note", "{written}: {text!r} is {id!r}", changes=True),
    Kind("id_mark", "note", "the # before order numbers is no part of them", changes=True),
    Kind("spelling", "note", "spellings were made one: {spellings}", changes=True),
    Kind("number_read", "note",
         "amounts written like {text!r} were read as {number:.10g}{style}", changes=True),
    Kind("number_read.rate", "note", "the rate in {text!r} is {rate:g}", changes=True),
    Kind("header_unit", "note",
         "the header {header!r} says so: amounts were multiplied by {factor:,.0f}"),
)  # fmt: skip
