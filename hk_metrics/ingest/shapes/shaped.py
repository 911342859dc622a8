"""The tables that a file of a declared format holds, read as its record says."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics.ingest.answers import Answers
from hk_metrics.ingest.headers.names import plain
from hk_metrics.ingest.headers.payout_words import says_payout_outcomes
from hk_metrics.ingest.headers.status_words import status_headers
from hk_metrics.ingest.log import Log
from hk_metrics.ingest.raw import ROW, RawTable
from hk_metrics.ingest.shapes.format import Format, Part
from hk_metrics.ingest.splitting.codes import creditors, owners
from hk_metrics.ingest.values.addresses import poster_of
from hk_metrics.ingest.values.numbers import parse_number
from hk_metrics.quality import finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_CURRENCY = ("currency", "currencycode")


def shaped(
    raw: RawTable,
    form: Format,
    others: Sequence[RawTable],
    answers: Answers,
    currency: str,
    log: Log,
) -> list[RawTable]:
    """Return the tables that an export of a known format holds.

    Parameters
    ----------
    raw
        The file.
    form
        Its format.
    others
        The other files of the import, whose profiles say whose a promo code is.
    answers
        What the user said of its columns, which goes before what the format says.
    currency
        ISO code of the dataset.
    log
        The name of the format is added to it.
    """
    named = f"{_article(form.name)} {form.name}" + (f"; {form.note}" if form.note else "")
    log.findings.append(finding("known_format", form=named, file=raw.file))
    given = _taken(replace(raw, frame=_translated(raw, form.words)), form, log)
    there = _headers(raw)
    parts = [form.parts[0], *(p for p in form.parts[1:] if _has_amount(p, there))]
    first, *rest = (_part(given, form, part, others, answers, currency, log) for part in parts)
    return [first, *(replace(p, file=f"{raw.file} › {p.name}", part_of=raw.file) for p in rest)]


def _article(name: str) -> str:
    return "an" if name[0] in "AEIOUaeioX" else "a"


def _headers(raw: RawTable) -> dict[str, str]:
    return {plain(h): h for h in reversed(raw.headers)}


def _of(ways: str, there: Mapping[str, str]) -> list[str]:
    """Return the headers of the file that ``a|b`` names."""
    return list(dict.fromkeys(there[plain(w)] for w in ways.split("|") if plain(w) in there))


def _has_amount(part: Part, there: Mapping[str, str]) -> bool:
    """Whether the file has what a further part is about: what was paid, or any of its columns."""
    paid = [h for h, c in part.columns.items() if c == "total_payout"] or list(part.columns)
    return any(_of(h.replace(" + ", "|"), there) for h in paid)


def _translated(raw: RawTable, words: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """Write the words of statuses that only this format has in those that are known."""
    import polars as pl

    frame, there = raw.frame, _headers(raw)
    for ways, meanings in words.items():
        by_plain = {plain(w): meaning for w, meaning in meanings.items()}
        for header in _of(ways, there):
            cells = frame[header].cast(pl.String)
            translations = {
                c: by_plain[plain(c)] for c in cells.unique() if c and plain(c) in by_plain
            }
            frame = frame.with_columns(cells.replace(translations).alias(header))
    return frame


def _taken(raw: RawTable, form: Format, log: Log) -> RawTable:
    """Leave out the rows that are of something else, and say how many."""
    import polars as pl

    for ways, words in form.only.items():
        for header in _of(ways, _headers(raw))[:1]:
            known = {plain(w) for w in words}
            cells = raw.frame[header].cast(pl.String)
            fits = [w for w in cells.unique() if w and plain(w) in known]
            kept = cells.is_in(fits).fill_null(False)
            if other := int((~kept).sum()):
                log.findings.append(
                    finding("known_format.rows", rows=counted(other, "row"), file=raw.file,
                            column=header, words=", ".join(words), count=other)
                )  # fmt: skip
            raw = replace(raw, frame=raw.frame.filter(kept))
    return raw


def _columns(part: Part, raw: RawTable, currency: str) -> tuple[dict[str, str], pl.DataFrame]:
    """Return header → column, and the file with the cells that are put together of several."""
    there, frame = _headers(raw), raw.frame
    columns: dict[str, str] = {}
    for ways, column in part.columns.items():
        terms = [found for term in ways.split(" + ") if (found := _of(term, there))]
        if not terms or terms[0][0] in columns or column in columns.values():
            continue
        columns[terms[0][0]] = column
        cells = [_first_filled(raw.frame, found) for found in terms]
        whole = cells[0] if len(cells) == 1 else _sum(cells, currency)
        frame = frame.with_columns(whole.alias(terms[0][0]))
    for header in (h for ways in part.negated for h in _of(ways, there)):
        frame = frame.with_columns(_negated(raw.frame[header]))
    return columns, frame


def _first_filled(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Return of each row the first of several cells that is filled."""
    import polars as pl

    if len(headers) == 1:
        return frame[headers[0]]
    texts = (pl.col(h).cast(pl.String).str.strip_chars() for h in headers)
    return frame.select(pl.coalesce(pl.when(t != "").then(t) for t in texts)).to_series()


def _sum(terms: Sequence[pl.Series], currency: str) -> pl.Series:
    """Return the sum of several amounts; what cannot be read stays as it is, to be said later."""
    import polars as pl

    parsed = [parse_number(t, currency) for t in terms]
    bad = pl.select(
        pl.any_horizontal(pl.lit(False), *(m for p in parsed for m in p.failed.values()))
    )
    texts = pl.concat_str([t.cast(pl.String) for t in terms], separator=" + ", ignore_nulls=True)
    total = pl.sum_horizontal(p.values for p in parsed).cast(pl.String)
    return pl.select(pl.when(bad.to_series()).then(texts).otherwise(total)).to_series()


def _negated(amounts: pl.Series) -> pl.Series:
    import polars as pl

    texts = amounts.cast(pl.String).str.strip_chars()
    less = texts.str.starts_with("-")
    return pl.select(
        pl.when(less).then(texts.str.slice(1)).otherwise(pl.concat_str(pl.lit("-"), texts))
        .alias(amounts.name)
    ).to_series()  # fmt: skip


def _kept(form: Format, part: Part, raw: RawTable, columns: Container[str]) -> list[str]:
    """Return the headers that a part keeps besides its columns: outcomes, and the currency."""
    there = _headers(raw)
    stated = {h for ways in form.words for h in _of(ways, there)}
    free = [h for h in raw.headers if h not in columns]
    if part.table == "payouts":
        stated |= {h for h in free if says_payout_outcomes(raw.frame[h])}
    else:
        stated |= {*status_headers(raw, free)} if part.table == "tracking_data" else set()
    named = [h for h in free if plain(h).endswith(("status", "state")) or h in stated]
    own = _of(part.currency, there)
    currencies = [h for h in raw.headers if plain(h) in _CURRENCY and not own]
    return named + currencies


def _part(
    raw: RawTable,
    form: Format,
    part: Part,
    others: Sequence[RawTable],
    answers: Answers,
    currency: str,
    log: Log,
) -> RawTable:
    import polars as pl

    there = _headers(raw)
    columns, whole = _columns(part, raw, currency)
    answered = answers.columns_of(replace(raw, table=part.table), part.table)
    columns = {h: c for h, c in columns.items() if h not in answered and c not in answered.values()}
    columns |= {h: c for h, c in answered.items() if c is not None and h in raw.headers}
    outcomes = _kept(form, part, raw, columns)
    kept = (
        raw.headers if form.keeps else [*columns, *outcomes, *(h for h in answered if h in whole)]
    )
    frame = whole.select(ROW, *dict.fromkeys(kept))
    if part.table == "payouts" and "status" not in columns.values():
        columns |= {h: "status" for h in outcomes[:1] if plain(h) not in _CURRENCY}
    added = {c: pl.lit(v) for c, v in part.fixed.items() if c not in columns.values()}
    if part.table != "influencers" and "influencer_id" not in columns.values():
        added |= _creator(raw, part, others, log)
    frame = frame.with_columns(v.alias(c) for c, v in added.items())
    for header in _of(part.currency, there)[:1]:
        frame = frame.with_columns(raw.frame[header].alias("Currency"))
    columns |= {c: c for c in added}
    return replace(
        raw,
        name=part.table,
        frame=frame,
        table=part.table,
        columns=columns,
        order_lines=form.order_lines and part.table == "tracking_data",
        undated=part.table == "tracking_data" and "date" not in columns.values(),
        date_order=form.date_order,
    )


def _creator(raw: RawTable, part: Part, others: Sequence[RawTable], log: Log) -> dict[str, pl.Expr]:
    """Return who is credited, where a code, an address or the file's name says it."""
    import polars as pl

    there = _headers(raw)
    if code := _of(part.code, there):
        ids = creditors(raw.frame[code[0]].cast(pl.String), others, raw.file, code[0], log)
        return {"influencer_id": pl.lit(ids)}
    if link := _of(part.address, there):
        return {"influencer_id": pl.lit(poster_of(raw.frame[link[0]].cast(pl.String)))}
    if part.named_by_file:
        if owner := _named_in(raw.file, others):
            return {"influencer_id": pl.lit(owner)}
        log.findings.append(finding("known_format.unnamed", file=raw.file))
    return {}


def _named_in(file: str, others: Sequence[RawTable]) -> str:
    """Return the one influencer whose name or handle a file's name has; "" where none or several.

    A platform's own export of one channel names it nowhere else.
    """
    import polars as pl

    stem = re.sub(r"\.\w{2,5}$", "", file)
    words = [w for w in re.split(r"[\\/_\-\s›]+", stem) if w]
    runs = [" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, i + 4)]
    found = {*owners(pl.Series(runs, dtype=pl.String), others).ids.values()}
    return found.pop() if len(found) == 1 else ""
