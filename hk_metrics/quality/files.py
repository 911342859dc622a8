"""Kinds of findings about whole files: read, refused, recognised, taken apart, left out."""

from __future__ import annotations

from hk_metrics.quality.kind import Kind

_CHOOSE = "if it is a table all the same, choose which beside its name on import"
_UNLIKE = "this file fits none of the tables; its columns are {headers}."
_SAY = (
    "if it is a table all the same, say which with mapping={{{file!r}: 'its table'}}; on the "
    "command line --map '{file}=its table'"
)


def _refused(code: str) -> Kind:
    """What stands against reading a file at all, as the reader that met it says it."""
    return Kind(code, "error", "{why}", "{repair}")


KINDS = (
    *map(
        _refused,
        ("too_large", "too_many_columns", "too_many_rows", "damaged_file", "encrypted",
         "expands_too_much", "empty_file", "unreachable"),
    ),
    Kind("not_a_table", "error", "{why}", "{repair}", _CHOOSE, of_file=True),
    Kind(
        "not_a_table.by_name", "note",
        "left out: it is no table by its name, and its first lines hold none", of_file=True,
    ),
    Kind("not_a_table.unlike", "note", f"left out: {_UNLIKE}", of_file=True),
    Kind("not_a_table.list", "note", "{why}; left out", _SAY, of_file=True),
    Kind("no_data", "note",
         "{files} of prose, programs or configuration, no data: {shown}; left out"),
    Kind(
        "stray_files", "warning",
        "left out: {files}; a folder below holds the whole of what they hold a part of",
        "if they are to count too, put them beside the files of that folder",
        doubts_money=True,
    ),
    Kind("known_format", "note", "this is {form}", of_file=True),
    Kind(
        "known_format.unnamed", "error",
        "no column says whose the rows are, and the file's name names no influencer, or several",
        "put the influencer's name or handle, as in the profiles, into the name of the file",
    ),
    Kind("known_format.rows", "note", "left out: {rows} of something else than {words}"),
    Kind(
        "keyless_sums", "warning",
        "a summary: it has no date and no id, only totals, counts and ratios; left out",
        _SAY, _CHOOSE, of_file=True,
    ),
    Kind(
        "not_read", "warning", "files in folders below are not read: {files}",
        "put all files in one folder, or load a list of them",
        doubts_money=True,
    ),
    Kind("not_read.views", "note", "{why}", "{repair}"),
    Kind("quoting", "note", "quotation marks do not pair; read line by line"),
    Kind("encoding", "note", "read as {encoding} text"),
    Kind(
        "encoding.damaged", "warning", "some bytes are no valid text and are shown as �",
        "save the file as CSV (UTF-8) again",
    ),
    Kind("delimiter", "note", "cells are parted by a {delimiter}"),
    Kind("header_row.below", "note", "{lines} above the header skipped"),
    Kind("header_row.of_sheet", "note", "the header is in row {header}"),
    Kind("remembered", "note", "read as you answered at an earlier import"),
    Kind(
        "unrecognised_file", "error",
        _UNLIKE,
        "name its columns as in the templates, or say which table it is with "
        "mapping={{{file!r}: {nearest!r}}}, or None to leave it out; on the command line "
        "--map '{file}={nearest}'",
        "on import, choose its table beside its name, or leave it out",
    ),
    Kind(
        "incomplete_file", "error",
        "it looks like {of}, but has no column {lacking}, as {other} has.",
        "if it only sums up other files, leave it out with mapping={{{file!r}: None}}, on the "
        "command line --map '{file}='; else add what it lacks",
        "if it only sums up other files, agree to leave it out; else add what it lacks",
    ),
    Kind("same_file", "warning", "{its_rows} {other}; left out{lost}", of_file=True),
    Kind("summary", "warning", "its {rows} of {of} sum up {others}; left out", of_file=True),
    Kind(
        "summary.profiles", "note",
        "its profiles of influencers are not used: {others} has them", of_file=True,
    ),
    Kind(
        "summary.unlike", "warning",
        "its {of} ({measure} {mine}) are not added to those of {others} ({measure} {theirs}); left "
        "out",
        "if they are others, hand them in as a file of their own, without {others}'s rows",
        of_file=True,
        doubts_money=True,
    ),
    Kind(
        "doubled_sums", "error",
        "two files hold sums for the same influencers, and they are not added up: which file holds "
        "{what}, {first} ({theirs}) or this ({mine})?",
        "leave one out with mapping={{{file!r}: None}}, on the command line --map '{file}='; where "
        "they are of different times, name the times in a column 'period'",
        "leave one of the files out; where they are of different times, add a column 'period'",
        of_file=True,
    ),
    Kind(
        "sums_beside", "error",
        "sums by influencer ({measure} {mine}) beside {others} ({measure} {theirs}): do they sum "
        "up the same, or come on top?",
        "leave the sums out with mapping={{{part!r}: None}}, on the command line --map '{part}='; "
        "where they come on top, add its rows to {others}",
        "if they sum up the same, agree to leave them out; where they come on top, add the file's "
        "rows to the other",
        of_file=True,
    ),
    Kind("flat_file", "note", "a flat file of sums, split into {tables}.{dates}", of_file=True),
    Kind("flat_file.columns", "note", "read {columns}", of_file=True),
    Kind(
        "flat_posts", "warning",
        "the number of posts is not in the file: each row counts as one post",
        "add a column 'posts'",
    ),
    Kind(
        "merged_file", "note", "{rows} in which tables were joined: {held}{repeated}",
        of_file=True,
    ),
    Kind("joined_payouts", "note",
         "{amount!r} is what each row cost: payouts are taken from here too"),
    Kind("joined_profiles", "note", "influencers are taken from here too: {headers}"),
    Kind(
        "shopify", "note",
        "a Shopify export: {lines} of {orders}; revenue is 'Total', refunds are rows of their own, "
        "the discount code names the influencer",
        of_file=True,
    ),
    Kind("shopify_lines", "note", "{orders} of several products, counted under the dearest"),
)  # fmt: skip
