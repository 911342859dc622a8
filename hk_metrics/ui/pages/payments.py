"""Tables of the page of payouts: rates, bases, people, single payments, and what is in doubt."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.settings import Settings
from hk_metrics.ui.pages.paid import MEASURES, paid
from hk_metrics.ui.parts.cards import explanation
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.parts.tables import table, with_change
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

_PER = {"post": "per post", "order": "per order", "commission": "of revenue", "hybrid": "per post"}
LABELS = {
    "name": "Influencer", "category": "Category", "platform": "Platform", "basis": "Basis",
    "campaign": "Campaign", "period": "Period", "payment_date": "Paid on", "status": "Status",
    "rate": "Rate",
    "units": "Units", "expected": "Rate × units", "paid": "Paid", "difference": "Difference",
    "orders": "Orders tracked", "revenue": "Revenue tracked", "what": "What", "amount": "In doubt",
    "detail": "Detail", "payments": "Payments", "total": "Total", "average": "Average",
    "least": "Least", "middle": "Middle", "most": "Most",
}  # fmt: skip
_MONEY = dict.fromkeys(("expected", "paid", "difference", "revenue", "amount", "total", "average"),
                      "money")  # fmt: skip


def rates() -> Panel:
    """Return the least, middle and largest rate of each basis, with what was paid on it."""

    def draw(answers: PanelAnswers) -> Table:
        return Table(
            "Rates by basis", rate_table(paid(answers).payments, answers.settings),
            labels=LABELS, units={**_MONEY, "payments": "count"},
            note=answers.view.gaps(["spend"])
            or "A hybrid's rate is per post; its share of revenue comes on top.",
        )  # fmt: skip

    return table(draw, span=6)


def rate_table(payments: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return one row per basis: payments, average (money), and its rates as text.

    Parameters
    ----------
    payments
        One row per payment: ``basis``, ``rate``, ``paid`` (money).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"basis": ["post", "post"], "rate": [100.0, 300.0], "paid": [1., 2.]})
    >>> rate_table(rows, Settings())["middle"].tolist()
    ['₹200 per post']
    """
    groups = payments.groupby("basis")
    ends = groups["rate"].agg(least="min", middle="median", most="max")
    ends_as_text = {c: [rate_words(v, b, settings) for b, v in ends[c].items()] for c in ends}
    sums = groups["paid"].agg(payments="size", average="mean")
    table: pd.DataFrame = sums.assign(**ends_as_text).reset_index()
    return table


def rate_words(rate: float, basis: object, settings: Settings) -> str:
    """Return a rate as text: money per post or order, or a share of revenue."""
    if rate != rate:
        return fmt.DASH
    number = fmt.percent(rate) if basis == "commission" else fmt.money(rate, settings)
    return f"{number} {_PER.get(str(basis), '')}".strip()


def by_basis() -> Panel:
    """Return cost metrics by basis."""
    names = ("spend", "orders", "cpo", "cpm_reach", "roas")

    def draw(answers: PanelAnswers) -> Table:
        frame = paid(answers).frames.get("basis")
        if frame is None:
            frame = paid(answers).people.head(0).rename_axis("basis")
        shown = frame[list(names)].reset_index()
        described = Table(
            "Cost by basis", shown, units={n: METRICS[n].unit for n in names},
            labels={**LABELS, **{n: METRICS[n].label for n in names}},
            explain={n: explanation(n, answers, "basis") for n in names},
            note=answers.view.gaps(names, ["basis"]), keys=shown.iloc[:, 0].tolist(), pick="basis",
        )  # fmt: skip
        narrowed = any(answers.state.option(n, "") for n in ("payee", "paid"))
        return described if narrowed else with_change(described, answers, "basis")

    return table(draw, Query(("spend",), ("basis",)), span=6, compares=True)


def people() -> Panel:
    """Return every influencer with what was paid and what came of it."""

    def draw(answers: PanelAnswers) -> Table:
        frame = paid(answers).people[list(MEASURES)].copy()
        frame.insert(0, "name", _names(frame.index, answers))
        profiles = answers.catalog.profiles
        for place, column in enumerate(c for c in ("category", "platform") if c in profiles):
            frame.insert(1 + place, column, profiles[column].reindex(frame.index))
        described = Table(
            "Payouts by influencer", frame, subtitle="Click a name for the statement",
            units={m: METRICS[m].unit for m in MEASURES},
            labels={**LABELS, **{m: METRICS[m].label for m in MEASURES}},
            explain={m: explanation(m, answers, "influencer_id") for m in MEASURES},
            note=answers.view.gaps(MEASURES), keys=list(frame.index), pick="influencer_id",
            order=("spend", False),
        )  # fmt: skip
        return with_change(described, answers, "influencer_id")

    return table(draw, Query(("spend",), ("influencer_id",)), compares=True)


def single() -> Panel:
    """Return single payments with what their rates explain."""

    def draw(answers: PanelAnswers) -> Table:
        import pandas as pd

        rows = paid(answers).payments
        columns = ["basis", "campaign", "period", "payment_date", "status", "rate", "units",
                   "expected", "paid", "difference", "orders", "revenue"]  # fmt: skip
        pairs = zip(rows["rate"], rows["basis"], strict=True)
        rates = [rate_words(rate, basis, answers.settings) for rate, basis in pairs]
        shown = rows.assign(period=pd.array(_periods(rows), dtype=object), rate=rates)
        shown = shown[[c for c in columns if c in shown and not shown[c].isna().all()]]
        shown.insert(0, "name", _names(rows["influencer_id"], answers))
        total = fmt.money(float(rows["paid"].sum()), answers.settings)
        lacking = answers.view.gaps(["spend"])
        return Table(
            "Single payments", shown,
            subtitle="" if lacking else f"{len(rows):,} payments, {total} in all",
            units={**_MONEY, "units": "count", "orders": "count"}, labels=LABELS,
            explain={"expected": {"title": "Rate × units", "lines": [
                "Posts or orders that the payment says it is for, else posts, orders or revenue "
                "within its dates and names, times its rate. What was paid is trusted; this "
                "only says whether the rate explains it."]}},
            keys=rows["influencer_id"].tolist(), pick="influencer_id", order=("paid", False),
            note=answers.view.gaps(["spend", "orders", "revenue"]), paper=True,
        )  # fmt: skip

    return table(draw, late=True)


def _names(ids: object, answers: PanelAnswers) -> list[str]:
    names = answers.catalog.names
    return [names.get(str(i), str(i)) for i in ids]  # type: ignore[attr-defined]


def _periods(rows: pd.DataFrame) -> list[str | None]:
    """Return the day or period that each payment is for, in words."""
    from hk_metrics.payouts.payments import periods

    return [fmt.period(*days) if any(days) else None for days in periods(rows)]


def doubts() -> Panel:
    """Return what does not add up."""
    from hk_metrics.payouts.audit import KINDS

    def draw(answers: PanelAnswers) -> Table:
        rows = paid(answers).doubts
        shown = rows[["amount"]].copy()
        shown.insert(0, "name", _names(rows["influencer_id"], answers))
        shown.insert(1, "what", [KINDS[k] for k in rows["kind"]])
        shown["detail"] = [_doubt(r, answers.settings) for r in rows.to_dict("records")]
        lacking = answers.dataset.view().gaps(["spend", "orders", "revenue", "posts"])
        nothing = "" if len(rows) else "Rate and activity explain every payment in this view."
        return Table(
            "What does not add up", shown,
            subtitle="To be looked at, not a verdict: what was paid is trusted everywhere else",
            note=lacking or nothing,
            units=_MONEY, labels=LABELS, keys=rows["influencer_id"].tolist(), pick="influencer_id",
            length=8, order=("amount", False),
        )  # fmt: skip

    return table(draw, late=True)


def _doubt(row: Mapping[Hashable, Any], settings: Settings) -> str:
    """Return a doubt in words."""
    money = [fmt.money(row[c], settings) for c in ("paid", "expected")]
    counts = [fmt.count(row[c], settings) for c in ("paid", "expected", "units")]
    return {
        "rate": f"paid {money[0]}; its rate makes {money[1]}",
        "orders": f"paid for {counts[0]} orders, {counts[1]} tracked",
        "idle": f"paid {money[0]}, with no post and no order in the payment's scope",
        "unpaid": f"{counts[2]} orders and no payment: the revenue looks free",
        "twice": f"{money[0]} again, for the same, at the same rate and time",
    }[str(row["kind"])]
