"""What the visitor chose: traits without widgets, so that it can be tested without a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from textwrap import shorten
from typing import Any

import traitlets as t

from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError
from hk_metrics.view import View
from hk_metrics.view.period import last_complete

PRESETS = {
    "all": "All dates",
    "complete_month": "Last complete month",
    "complete_week": "Last complete week",
    "last_7": "Last 7 days",
    "last_28": "Last 28 days",
    "last_90": "Last 90 days",
    "this_month": "This month",
    "last_month": "Last month",
    "custom": "Custom",
}
# Of the presets, those that need whole months or weeks.
COMPLETE = {"complete_month": "month", "complete_week": "week"}
COMPARISONS = {
    "previous_period": "Previous period",
    "previous_month": "Same days a month before",
    "previous_quarter": "Same days a quarter before",
    "previous_year": "Same period a year before",
    "none": "No comparison",
}
SPEND_MEANS = {"payouts": "Payouts alone", "all_costs": "All costs"}
RANGE = "follower_count"
# What a page is a function of, beside its dataset and its name.
CHOSEN = (
    "filters", "followers", "preset", "first", "last", "compare", "options", "tables",
)  # fmt: skip


class State(t.HasTraits):
    """The choices that make a page: dataset, filters, period, comparison, page and its options.

    ``filters`` maps a dimension to the selected values (None for "(none)"); ``followers`` is a
    range of follower counts; ``options`` holds a page's own choices by name; ``tables`` how
    each table is set, by its name, a dot and what is set; ``parcel`` is the last file that a page
    hands out; ``spoke`` counts the changes of notes and tags that the visitor made, or took up.
    """

    dataset = t.Instance(Dataset, allow_none=True)
    page = t.Unicode("overview")
    filters = t.Dict()
    followers = t.Tuple(default_value=(None, None))
    preset = t.Enum(list(PRESETS), "all")
    first = t.Instance(date, allow_none=True)
    last = t.Instance(date, allow_none=True)
    compare = t.Enum(list(COMPARISONS), "previous_period")
    options = t.Dict()
    tables = t.Dict()
    parcel = t.Any(None)
    spoke = t.Int(0)

    def __init__(self, **choices: Any) -> None:
        super().__init__(**choices)
        if "preset" not in choices:
            self.preset = self.opening()

    @t.observe("dataset")
    def _opens_again(self, change: Any) -> None:
        """Open new data as it opens, where the old one was seen as it opens."""
        if isinstance(change.old, Dataset) and self.preset == _opening(change.old, self.page):
            self.preset = self.opening()

    def opening(self) -> str:
        """Return the preset that the page opens on, and that a link need not name.

        The Overview opens on the last complete month or week, as the settings say, where the data
        has one; what is looked into elsewhere begins with all dates.
        """
        return _opening(self.dataset, self.page)

    def period(self) -> tuple[date, date] | None:
        """Return the chosen first and last day; None for all dates."""
        span = self.dataset.ledger.period if self.dataset else None
        if self.preset == "all" or span is None:
            return None
        if self.preset == "custom":
            return self.first or span[0], self.last or span[1]
        if self.preset in COMPLETE:
            return _complete(self.dataset, self.preset)
        return preset_period(self.preset, span[1])

    def view(self) -> View:
        """Return the dataset's view under the filters.

        Filters and a model that this dataset cannot take (a link from another one) are left out;
        `misfits` names them.
        """
        assert self.dataset is not None
        view = self.dataset.view(attribution=self.model())
        if (means := self.option("spend", "")) in SPEND_MEANS:
            view = view.spending(means)  # type: ignore[arg-type]
        if (margin := self.margin()) is not None:
            view = view.at_margin(margin)
        for name, value in self._wanted().items():
            try:
                view = view.where(**{name: value})
            except HkMetricsError:
                continue
        return view

    def margin(self) -> float | None:
        """Return the chosen share of revenue kept before spend; None for that of the data."""
        try:
            share = float(self.option("margin", "")) / 100
        except ValueError:
            return None
        return share if 0 < share <= 1 else None

    def model(self) -> str | None:
        """Return the attribution model that credits orders; None for "as tracked"."""
        return None if self._uncredited() else self._chosen_model()

    def credit(self) -> str:
        """Return how orders are credited, in words."""
        if (name := self.model()) is None:
            return "as tracked"
        from hk_metrics.attribution import MODELS

        return f"by {MODELS[name].label}"

    def _chosen_model(self) -> str | None:
        name = self.options.get("model", "tracked")
        if name == "tracked":
            return None
        from hk_metrics.attribution import MODELS

        return name if name in MODELS else None

    def _uncredited(self) -> str:
        """Return why the chosen model cannot credit this dataset's orders; empty where it can."""
        model = self._chosen_model()
        if model is None or self.dataset is None:
            return ""
        try:
            self.dataset.credited(model)
        except HkMetricsError as error:
            return f"Orders are credited as tracked: {error}"
        return ""

    def misfits(self) -> list[str]:
        """Return what of the choices this dataset does not have, as sentences."""
        assert self.dataset is not None
        reason = self._uncredited()
        whole, sentences = self.dataset.view(), [reason] if reason else []
        if self.preset in COMPLETE and self.period() is None:
            unit = COMPLETE[self.preset]
            sentences.append(f"The data has no complete {unit}: all dates are shown.")
        if (entered := self.option("margin", "")) and self.margin() is None:
            words = shorten(entered, 20, placeholder="…")
            sentences.append(f"{words!r} is no margin: write a number above 0, up to 100 (%).")
        for name, value in self._wanted().items():
            try:
                whole.where(**{name: value})
            except HkMetricsError as error:
                reason = str(error)
                sentences.append(
                    f"Left out of the filters: {shorten(reason, 160, placeholder=' …')}"
                )
        return sentences

    def _wanted(self) -> dict[str, Any]:
        wanted: dict[str, Any] = {k: list(v) for k, v in self.filters.items() if v}
        if any(bound is not None for bound in self.followers):
            wanted[RANGE] = self.followers
        if period := self.period():
            wanted["date"] = period
        return wanted

    def option(self, name: str, default: str) -> str:
        """Return a page's own choice, or what it starts with."""
        return str(self.options.get(name, default))

    def choose(self, name: str, value: str, default: str = "") -> None:
        """Set a page's own choice; what it starts with is no choice."""
        if value == self.option(name, default):
            return
        value = "" if value == default else value
        others = {k: v for k, v in self.options.items() if k != name}
        self.options = {**others, name: value} if value else others

    def arrangement(self, table: str) -> dict[str, str]:
        """Return how a table is set: its sort, search and columns out of sight."""
        before = f"{table}."
        return {n.removeprefix(before): v for n, v in self.tables.items() if n.startswith(before)}

    def arrange(self, table: str, name: str, value: str) -> None:
        """Set a table's sort, search or columns; nothing is how it comes."""
        others = {k: v for k, v in self.tables.items() if k != f"{table}.{name}"}
        self.tables = {**others, f"{table}.{name}": value} if value else others

    def select(self, dimension: str, values: Sequence[str | None]) -> None:
        """Set the filter on a dimension; no values is no filter."""
        kept = {k: v for k, v in self.filters.items() if k != dimension}
        self.filters = {**kept, dimension: tuple(values)} if values else kept

    def toggle(self, dimension: str, value: str | None) -> None:
        """Narrow to a value; a second time widens again."""
        now = list(self.filters.get(dimension, ()))
        self.select(dimension, [v for v in now if v != value] if value in now else [*now, value])

    def reset(self) -> None:
        """Go back to the first state of the page: no filter, date, model or order is chosen."""
        first = State(dataset=self.dataset, page=self.page)
        with self.hold_trait_notifications():
            for name in CHOSEN:
                setattr(self, name, getattr(first, name))

    def restore(self, values: Mapping[str, Any]) -> None:
        """Set many choices at once, with one notification each at the end.

        A preset of None is the one that the page opens on.
        """
        with self.hold_trait_notifications():
            for name, value in values.items():
                if (name, value) != ("preset", None):
                    setattr(self, name, value)
            if "preset" in values and values["preset"] is None:
                self.preset = self.opening()


def _opening(dataset: Dataset | None, page: str) -> str:
    if dataset is None or page != "overview":
        return "all"
    preset = next((p for p, u in COMPLETE.items() if u == dataset.settings.opening), "all")
    return preset if preset == "all" or _complete(dataset, preset) else "all"


def _complete(dataset: Dataset | None, preset: str) -> tuple[date, date] | None:
    """Return the last complete month or week of a dataset; None where it has none."""
    ledger = dataset.ledger if dataset else None
    if ledger is None or ledger.period is None:
        return None
    return last_complete(COMPLETE[preset], ledger.period, ledger.active_days, date.today())


def preset_period(preset: str, today: date) -> tuple[date, date]:
    """Return the first and last day of a preset, seen from a day.

    >>> preset_period("last_7", date(2025, 3, 31))
    (datetime.date(2025, 3, 25), datetime.date(2025, 3, 31))
    >>> preset_period("last_month", date(2025, 3, 31))
    (datetime.date(2025, 2, 1), datetime.date(2025, 2, 28))
    """
    if preset.startswith("last_") and preset != "last_month":
        return today - timedelta(days=int(preset[5:]) - 1), today
    first = today.replace(day=1)
    if preset == "this_month":
        return first, today
    end = first - timedelta(days=1)
    return end.replace(day=1), end
