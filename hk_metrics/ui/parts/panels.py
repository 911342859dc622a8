"""Panels: a widget, what it asks of a view, and how the answer is drawn into it.

A panel holds no numbers and computes none; it only links the one recompute of a change to a
widget that is updated in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import ipywidgets

from hk_metrics.figures import Chart, Palette, pinned
from hk_metrics.interchange import to_pandas
from hk_metrics.present.card import without_free_costs
from hk_metrics.settings import Settings
from hk_metrics.ui.parts.figure import Figure
from hk_metrics.view import Comparison, Query, View

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.ui.state import State

Key = tuple[tuple[str, ...], str | None]
# What is told apart by colour; attributes of people are not, so that a page stays calm.
COLOURED = ("brand", "campaign", "platform", "source")


@dataclass(frozen=True)
class Catalog:
    """What stays the same for a dataset while filters change: colours and names.

    Parameters
    ----------
    palette
        Colour of each value.
    names
        Influencer id → name.
    profiles
        One row per influencer, index = id.
    """

    palette: Palette
    names: Mapping[str, str]
    profiles: pd.DataFrame

    @classmethod
    def of(cls, dataset: Dataset) -> Catalog:
        """Return the colours and names of a dataset."""
        view = dataset.view()
        dims = [d for d in COLOURED if d in view.dimensions]
        profiles = (
            dataset.tables["influencers"]
            .pipe(to_pandas)
            .set_index("id")
            .rename_axis("influencer_id")
        )
        names = profiles["name"].fillna("").astype(str)
        return cls(
            palette=Palette.of({d: sorted(view.values(d), key=str) for d in dims}),
            names={str(i): n or str(i) for i, n in names.items()},
            profiles=profiles,
        )


@dataclass(frozen=True)
class PanelAnswers:
    """The numbers of one change, computed in one pass, and what is needed to draw them.

    Parameters
    ----------
    state, view
        The choices, and the part of the ledger that they keep.
    before
        The view compared with; None for no comparison.
    frames, earlier
        Results by (dimensions, frequency), of the view and of the one before.
    catalog
        Colours and names.
    """

    state: State
    view: View
    before: View | None
    frames: Mapping[Key, pd.DataFrame]
    earlier: Mapping[Key, pd.DataFrame]
    catalog: Catalog

    @property
    def settings(self) -> Settings:
        """Currency, bands and the rest."""
        return self.view.ledger.settings

    @property
    def dataset(self) -> Dataset:
        """The dataset behind the view."""
        assert self.state.dataset is not None
        return self.state.dataset

    @property
    def compare(self) -> Comparison | None:
        """What the view is compared with; None for nothing."""
        return None if self.before is None else cast("Comparison", self.state.compare)

    @cached_property
    def totals(self) -> pd.Series[float]:
        """Totals of the view."""
        return without_free_costs(self.frames[(), None].iloc[0])

    @cached_property
    def totals_before(self) -> pd.Series[float] | None:
        """Totals of the view compared with."""
        frame = self.earlier.get(((), None))
        return None if frame is None else without_free_costs(frame.iloc[0])

    def by(self, *dimensions: str) -> pd.DataFrame:
        """Return the breakdown by dimensions that panels asked for."""
        return self.frames[dimensions, None]

    def trend(self, freq: str = "D") -> pd.DataFrame:
        """Return the series that panels asked for."""
        return self.frames[(), freq]

    def split(self, freq: str, *dimensions: str) -> pd.DataFrame:
        """Return the series by dimensions that panels asked for."""
        return self.frames[dimensions, freq]

    def look(self) -> dict[str, Any]:
        """Return what every figure needs."""
        return {"settings": self.settings, "palette": self.catalog.palette}


@dataclass(frozen=True)
class Panel:
    """A widget linked to the answers of a change.

    Parameters
    ----------
    widget
        What the page shows; made once, then updated in place.
    draw
        Puts the answers into the widget.
    asks
        Queries it needs; those over the same breakdown are merged with other panels'.
    compares
        Whether it also needs them over the period compared with.
    late
        Whether it computes more than queries, and is drawn after the rest of the page.
    fill
        Puts what takes longer into the widget that ``draw`` left a place in.
    personal
        Whether it depends on who looks: it is drawn again once that is known.
    """

    widget: ipywidgets.Widget
    draw: Callable[[PanelAnswers], None]
    asks: tuple[Query, ...] = ()
    compares: bool = False
    late: bool = False
    fill: Callable[[PanelAnswers], None] | None = None
    personal: bool = False

    @property
    def steps(self) -> tuple[Panel, ...]:
        """How it is drawn: at once, then late what fills it."""
        later = replace(self, draw=self.fill, asks=(), late=True) if self.fill else None
        return (replace(self, fill=None), later) if later else (self,)


def chart(
    draw: Callable[[PanelAnswers], Chart],
    *asks: Query,
    height: int = 300,
    span: int = 6,
    explain: Mapping[str, Any] | None = None,
    late: bool = False,
) -> Panel:
    """Return a panel with a figure; ``span`` is its width in twelfths."""
    figure = Figure(height=height, explain=dict(explain or {}))
    figure.add_class(f"hk-span-{span}")

    def show(answers: PanelAnswers) -> None:
        figure.draw(pinned(draw(answers), answers.view.pinned))

    return Panel(figure, show, asks, late=late)


def merged(panels: Iterable[Panel]) -> dict[Key, Query]:
    """Return the queries of panels, one for each breakdown, with all the metrics asked of it.

    >>> from hk_metrics.view import Query
    >>> one = Panel(ipywidgets.Box(), print, (Query(("roas",), ("brand",)),))
    >>> two = Panel(ipywidgets.Box(), print, (Query(("reach",), ("brand",)),))
    >>> merged([one, two])[("brand",), None].metrics
    ('roas', 'reach')
    """
    found: dict[Key, Query] = {}
    for query in (ask for panel in panels for ask in panel.asks):
        key = (query.by, query.freq)
        known = found[key].metrics if key in found else ()
        metrics = tuple(dict.fromkeys((*known, *query.metrics)))
        found[key] = Query(metrics, query.by, query.freq)
    return found


@dataclass(frozen=True)
class Row:
    """Panels side by side.

    Parameters
    ----------
    root
        The box that holds them.
    panels
        In their order.
    when
        Whether the row is there for a state; None for always.
    """

    root: ipywidgets.Widget
    panels: tuple[Panel, ...]
    when: Callable[[State], bool] | None = None

    def shown(self, state: State) -> bool:
        """Return whether the row is there, and put it in or out of sight."""
        visible = self.when is None or self.when(state)
        (self.root.remove_class if visible else self.root.add_class)("hk-hidden")
        return visible


def row(*panels: Panel, when: Callable[[State], bool] | None = None) -> Row:
    """Return panels side by side, on a grid of twelve columns."""
    box = ipywidgets.Box([panel.widget for panel in panels])
    return Row(box.add_class("hk-grid"), panels, when)


def bar(*panels: Panel, when: Callable[[State], bool] | None = None) -> Row:
    """Return a line of controls."""
    box = ipywidgets.Box([panel.widget for panel in panels])
    return Row(box.add_class("hk-strip").add_class("hk-bar"), panels, when)


def unseen(*panels: Panel) -> Row:
    """Return what is drawn last into widgets that stand in other rows."""
    return Row(ipywidgets.Box().add_class("hk-hidden"), panels)


@dataclass(frozen=True)
class Page:
    """One page: its name, and a function that makes its rows when it is first opened."""

    key: str
    label: str
    build: Callable[[State], list[Row]]


@dataclass(frozen=True)
class Built:
    """A page that has been made: its widgets, laid out, and its rows."""

    root: ipywidgets.Widget
    rows: tuple[Row, ...]

    def panels(self, state: State) -> tuple[Panel, ...]:
        """Return the panels that a state shows, those that take long last."""
        shown = [s for r in self.rows if r.shown(state) for p in r.panels for s in p.steps]
        return tuple(sorted(shown, key=lambda p: p.late))


def built(page: Page, state: State) -> Built:
    """Make a page."""
    rows = tuple(page.build(state))
    root = ipywidgets.VBox([r.root for r in rows])
    return Built(root.add_class("hk-page"), rows)
