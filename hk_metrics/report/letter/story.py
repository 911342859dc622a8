"""What a letter is about: one view of one dataset, and the period that it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hk_metrics import formatting
from hk_metrics.dataset import Dataset
from hk_metrics.present.card import without_free_costs
from hk_metrics.report.letter.caveats import caveats
from hk_metrics.report.rules import check
from hk_metrics.report.source import open_data
from hk_metrics.settings import Settings, default_settings
from hk_metrics.view import Comparison, View
from hk_metrics.view import period as periods
from hk_metrics.view.noise import change_noise

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.figures import Palette

KEY_FIGURES = (
    "revenue",
    "spend",
    "spend_due",
    "profit",
    "roas",
    "roi",
    "orders",
    "aov",
    "cpo",
    "reach",
    "engagements",
    "engagement_rate",
    "conversion_rate",
    "customers",
)

_HALF = 0.5
_NAMED = 3  # values of filters that a subject names


@dataclass(frozen=True, eq=False)
class Story:
    """One view, and what it is compared with.

    Parameters
    ----------
    data
        The dataset.
    view
        The part of it that the letter is about.
    compare
        The period that changes are measured against; None for none.
    alerts
        What rules found in the data, as sentences.
    """

    data: Dataset
    view: View
    compare: Comparison | None = "previous_period"
    alerts: tuple[str, ...] = ()

    @property
    def settings(self) -> Settings:
        """Currency, grouping, bands."""
        return self.view.ledger.settings

    @cached_property
    def before(self) -> View | None:
        """The view that this one is compared with, if the data has all of its days."""
        return None if self._incomparable else self._earlier

    @cached_property
    def _earlier(self) -> View | None:
        """The view over the days to compare with, whatever the data has of them."""
        return self.view.before(self.compare) if self.compare else None

    @cached_property
    def _incomparable(self) -> str:
        """Why there is nothing to compare with; empty where there is."""
        earlier, data = self._earlier, self.view.ledger.period
        if earlier is None or earlier.period is None:
            return "nothing"
        if data is None or earlier.period[0] < data[0]:
            return "nothing: the data does not go back that far"
        if _rowless(earlier):
            return f"nothing: there is no row of {formatting.period(*earlier.period)}"
        return ""

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Key figures: one row per metric; ``current``, ``previous``, ``change_pct`` (fraction)."""
        import pandas as pd

        names = [n for n in KEY_FIGURES if n in self.view.metrics]
        now = without_free_costs(self.view.totals(names))
        if not now.get("spend_due"):
            names = [n for n in names if n != "spend_due"]
            now = now.reindex(names)
        then = (
            without_free_costs(self.before.totals(names)) if self.before else pd.Series(dtype=float)
        )
        frame = pd.DataFrame({"current": now, "previous": then.reindex(names)})
        frame["change_pct"] = (now - frame["previous"]) / frame["previous"].abs()
        return frame.rename_axis("metric").replace([float("inf"), float("-inf")], float("nan"))

    def value(self, metric: str, which: str = "current") -> float:
        """Return one number of `totals`; NaN where there is none."""
        column = self.totals[which]
        return float(column.loc[metric]) if metric in column.index else float("nan")

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Influencer id → display name; the id where there is none."""
        import polars as pl

        table = self.data.tables["influencers"].select("id", pl.coalesce("name", "id"))
        return dict(table.iter_rows())

    @cached_property
    def palette(self) -> Palette:
        """The colour of each value, the same as on the dashboard."""
        from hk_metrics.figures import Palette

        dims = [d for d in self.view.dimensions if d in ("brand", "campaign", "platform", "source")]
        return Palette.of({d: self.view.values(d) for d in dims})

    @property
    def period_text(self) -> str:
        """The days that the letter is about."""
        return formatting.period(*self.view.period) if self.view.period else "no dated rows"

    @property
    def compared_text(self) -> str:
        """The days that it is compared with, or why there are none."""
        if self.before is None or self.before.period is None:
            return self._incomparable
        return formatting.period(*self.before.period)

    @property
    def filters_text(self) -> str:
        """The filters in words, the period aside."""
        chosen = {n: v for n, v in self.view.filters.items() if n != "date"}
        shown = [
            f"{name.replace('_', ' ')}: {', '.join(str(v or '(none)') for v in values)}"
            for name, values in chosen.items()
        ]
        return "; ".join(shown) or "none"

    @cached_property
    def paid(self) -> tuple[float, int, float]:
        """ROAS of influencers with spend, how many they are, and their share of revenue."""
        if self.view.gaps(["revenue", "spend"]):
            return float("nan"), 0, 1.0
        each = self.view.by("influencer_id", ["revenue", "spend"]).fillna(0.0)
        with_spend = each[each["spend"] > 0].sum()
        whole = float(each["revenue"].sum())
        roas = with_spend["revenue"] / with_spend["spend"] if with_spend["spend"] else float("nan")
        share = float(with_spend["revenue"]) / whole if whole else 1.0
        return float(roas), int((each["spend"] > 0).sum()), share

    @cached_property
    def steady(self) -> bool:
        """Whether days alone bring as much of a change of revenue as there was."""
        sides = [v.trend("D", ["revenue"])["revenue"] for v in (self.before, self.view) if v]
        change = self.value("revenue") - self.value("revenue", "previous")
        return len(sides) == 2 and bool(abs(change) <= change_noise(*(d.to_numpy() for d in sides)))

    @property
    def unpaid(self) -> bool:
        """Whether most revenue comes from influencers without a payout in the data."""
        return self.paid[1] > 0 and self.paid[2] < _HALF

    @property
    def scope(self) -> str:
        """Whose numbers these are: the filters' values, else the dataset's name."""
        chosen = [v for n, values in self.view.filters.items() if n != "date" for v in values]
        named = [str(v or "(none)") for v in chosen]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        return ", ".join(named[:_NAMED]) + more or self.data.name or "All"

    @cached_property
    def is_empty(self) -> bool:
        """Whether the view has no row at all, so that a letter would be one of dashes."""
        return _rowless(self.view)

    @cached_property
    def notes(self) -> list[str]:
        """What a reader must know, as sentences."""
        return [*caveats(self.view, is_empty=self.is_empty), *self.view.notes]

    @cached_property
    def about(self) -> dict[str, str]:
        """What a file's first sheet says: which data, days and filters, and when it was made."""
        made = datetime.now(ZoneInfo(self.settings.timezone))
        return {
            "Dataset": self.data.name or "unnamed",
            "Data version": self.data.id or "not kept",
            "Period": self.period_text,
            "Compared with": self.compared_text,
            "Filters": self.filters_text,
            "Currency": self.settings.currency,
            "Made": f"{made.day} {made:%b %Y %H:%M} ({self.settings.timezone})",
        }


def _rowless(view: View) -> bool:
    return bool(view.rows.head(1).collect().is_empty())


def open_story(
    data: str,
    period: str = "all",
    start: str | date | None = None,
    end: str | date | None = None,
    compare: str = "previous_period",
    *,
    alerts: Sequence[str] | None = None,
    today: str | date | None = None,
    currency: str | None = None,
    grouping: str | None = None,
    attribution: str | None = None,
    **filters: Sequence[str] | str | None,
) -> Story:
    """Open a dataset and return what a letter about it needs.

    Parameters
    ----------
    data
        See `hk_metrics.report.source.open_data`.
    period
        In words (`hk_metrics.view.period.days`).
    start, end
        First and last day, inclusive, instead of the words.
    compare
        ``previous_period`` (of a whole month the month before), ``previous_month``,
        ``previous_quarter``, ``previous_year`` or ``none``.
    alerts
        Rules in words (`hk_metrics.report.rules.check_of`), checked against the whole dataset.
    today
        The day that words are said on; the real one without.
    currency, grouping
        Of the data's money, and how numbers are grouped; the settings' own without.
    attribution
        Model that credits orders.
    filters
        Dimension → values; a dimension of None is not filtered.

    Raises
    ------
    UnknownNameError
        A dimension or value that the data does not have.
    """
    chosen = {"currency": currency, "grouping": grouping}
    settings = default_settings().model_copy(update={k: v for k, v in chosen.items() if v})
    dataset = open_data(data, settings)
    day = date.fromisoformat(str(today)) if today else _today(settings)
    days = (start, end) if start or end else periods.days(period, day)
    view = dataset.view(attribution=attribution, date=days, **_given(filters))
    against = None if compare == "none" else compare
    found = check(alerts or (), dataset, day)
    return Story(dataset, view, against, tuple(found))  # type: ignore[arg-type]


def _given(filters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if value is not None}


def _today(settings: Settings) -> date:
    return datetime.now(ZoneInfo(settings.timezone)).date()
