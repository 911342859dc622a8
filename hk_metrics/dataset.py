"""A dataset: the canonical tables, immutable, and the doors to its ledger and views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hk_metrics.interchange import heights
from hk_metrics.ledger import Ledger, disk
from hk_metrics.ledger.costs import SpendMeans
from hk_metrics.ledger.maturing import matured_table
from hk_metrics.metrics import register_from
from hk_metrics.quality import QualityReport
from hk_metrics.settings import Settings, default_settings
from hk_metrics.team import Team
from hk_metrics.view import View
from hk_metrics.view.lifted import Estimate
from hk_metrics.wording import ObjectSummary, counted

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of one import, immutable.

    Parameters
    ----------
    tables
        Table name → Polars frame with the canonical columns and types of `hk_metrics.schemas`.
    settings
        Currency, windows, bands …
    quality
        What the import understood, doubted and rejected.
    id
        Hash of the content; equal content, equal id.
    name
        What to call it on a page, e.g. the folder it came from.
    folder
        Where its ledger lies ready, for a dataset of the store.
    built
        Its ledger, where it is more than its tables tell (`hk_metrics.scope`).
    team
        Called for what people say beside it now: notes on days, and tags. A store's datasets have
        those of the store.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> list(data.tables)
    ['influencers', 'posts', 'tracking_data', 'payouts', 'daily_sales']
    """

    tables: Mapping[str, pl.DataFrame]
    settings: Settings = field(default_factory=default_settings)
    quality: QualityReport = field(default_factory=QualityReport)
    id: str = ""
    name: str = ""
    folder: Path | None = None
    built: Ledger | None = None
    team: Callable[[], Team] = Team

    def __post_init__(self) -> None:
        register_from(self.settings)

    def __repr__(self) -> str:
        return self._card.text()

    def _repr_html_(self) -> str:
        return self._card.html()

    @property
    def _card(self) -> ObjectSummary:
        """What this is, in ten lines; reads no more than the tables' sizes."""
        lines = {n: counted(rows, "row") for n, rows in list(heights(self.tables).items())[:6]}
        lines |= {"quality": self.quality.headline}
        return ObjectSummary(
            f"Dataset {self.name}".strip(), lines | {"next": "view(), quality, ledger"}
        )

    @cached_property
    def ledger(self) -> Ledger:
        """The compact ledger, built once."""
        stored = disk.read(self.folder, self.settings) if self.folder else None
        if (made := self.built or stored) is None:
            return Ledger.build(self.tables, self.settings).compact()
        return made.priced(self.tables.get("margins"))

    @cached_property
    def _credited(self) -> dict[tuple[str, str], Ledger]:
        return {}

    def credited(self, model: str, players: str = "influencer_id") -> Ledger:
        """Return the ledger with orders split by an attribution model's credit, built once.

        Parameters
        ----------
        model
            Name of a model in `hk_metrics.attribution`.
        players
            The dimension whose values `markov` and `shapley` weigh.
        """
        if (model, players) not in self._credited:
            from hk_metrics.attribution import credited_tracking

            # What matures is told by whole orders, before they are split.
            whole = {**self.tables, "tracking_data": matured_table(self.tables, self.settings)}
            tracking = credited_tracking(whole, model, self.settings, by=players)
            tables = {**self.tables, "tracking_data": tracking}
            self._credited[model, players] = Ledger.build(tables, self.settings).compact()
        return self._credited[model, players]

    def view(
        self,
        *,
        attribution: str | None = None,
        lift: str | None = None,
        spend: SpendMeans | None = None,
        margin: float | None = None,
        **filters: Any,
    ) -> View:
        """Return the part of the ledger that the filters keep.

        Parameters
        ----------
        attribution
            Model that credits orders; None leaves each order where its own row puts it.
        lift
            Method of `hk_metrics.lift` that estimates ``incremental_revenue`` and
            ``incremental_roas``, with ``…_lower`` and ``…_upper`` beside them; None takes the
            baseline share of the settings.
        spend
            What spend means: ``payouts`` alone or ``all_costs``; None for what the settings say.
        margin
            Share of revenue kept before spend (fraction) of what has no margin of its own; None
            for what the data or the settings say.
        filters
            See `View.where`.

        Examples
        --------
        >>> import hk_metrics as hk
        >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
        >>> view = data.view(platform=["Instagram"])
        >>> list(view.by("platform", metrics=["revenue", "roas"]).index)
        ['Instagram']
        """
        ledger = self.credited(attribution) if attribution else self.ledger
        view = View(ledger, estimate=self._estimate(lift) if lift else None, team=self.team())
        view = view.spending(spend) if spend else view
        return (view if margin is None else view.at_margin(margin)).where(**filters)

    def _estimate(self, method: str) -> Estimate:
        """Return how a view of this dataset asks for lift."""
        from hk_metrics.incrementality import lift
        from hk_metrics.incrementality.estimators import estimator_named

        estimator_named(method)
        sales = self.tables.get("daily_sales")
        return lambda view, by: lift(view, method, by, sales=sales)
