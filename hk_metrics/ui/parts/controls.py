"""Controls of a page: choices that live in the state's options, and so in the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from hk_metrics.ui.parts.components import Choice, Field, Range, Weights
from hk_metrics.ui.parts.panels import Panel, PanelAnswers
from hk_metrics.ui.state import State


def choice(
    state: State,
    name: str,
    label: str,
    options: Mapping[str, str],
    default: str,
    kind: Literal["segment", "select", "tabs"] = "segment",
) -> Panel:
    """Return a choice of one of a few values, kept as the option ``name``."""
    pairs = [[value, text] for value, text in options.items()]
    start = chosen(state, name, options, default)
    widget = Choice(label=label, options=pairs, value=start, kind=kind)
    widget.observe(lambda change: state.choose(name, change.new, default), "value")

    def draw(answers: PanelAnswers) -> None:
        widget.value = chosen(answers.state, name, options, default)

    return Panel(widget, draw)


def chosen(state: State, name: str, options: Mapping[str, Any], default: str) -> str:
    """Return an option's value; the default for one that a broken link made up."""
    value = state.option(name, default)
    return value if value in options else default


def bounds(state: State, name: str) -> tuple[float | None, float | None]:
    """Return a range kept as an option, e.g. ``1000-5000``.

    >>> bounds(State(options={"paid": "1000-"}), "paid")
    (1000.0, None)
    """
    low, _, high = state.option(name, "-").partition("-")
    try:
        return (float(low) if low else None, float(high) if high else None)
    except ValueError:
        return None, None


def span(state: State, name: str, label: str) -> Panel:
    """Return a range of numbers, kept as the option ``name``."""
    widget = Range(label=label)

    def changed(change: Any) -> None:
        low, high = change.new
        ends = f"{'' if low is None else f'{low:g}'}-{'' if high is None else f'{high:g}'}"
        state.choose(name, ends, "-")

    widget.observe(changed, "value")

    def draw(answers: PanelAnswers) -> None:
        with widget.hold_trait_notifications():
            widget.value = list(bounds(answers.state, name))

    return Panel(widget, draw)


def entry(
    state: State, name: str, label: str, default: str = "", *, kind: str = "number", **look: Any
) -> Panel:
    """Return a field for a number or a word, kept as the option ``name``.

    Parameters
    ----------
    kind
        ``number``, ``search`` or ``range``.
    look
        ``low``, ``high``, ``step``, ``suffix``, ``hint`` of the field.
    """
    widget = Field(label=label, kind=kind, value=default, **look)

    def changed(change: Any) -> None:
        state.choose(name, change.new, default)

    widget.observe(changed, "value")

    def draw(answers: PanelAnswers) -> None:
        widget.value = answers.state.option(name, default)

    return Panel(widget, draw)


def number(
    state: State, name: str, default: float, low: float = 0.0, high: float = float("inf")
) -> float:
    """Return an entered number within bounds; the default where it is none.

    >>> number(State(options={"budget": "abc"}), "budget", 5.0)
    5.0
    >>> number(State(options={"share": "1.7"}), "share", 0.2, high=1.0)
    1.0
    """
    try:
        value = float(state.option(name, str(default)))
    except ValueError:
        return default
    return min(max(value, low), high) if value == value else default


def weights(
    state: State,
    name: str,
    label: str,
    parts: Mapping[str, str],
    default: Mapping[str, int],
    moved: Callable[[], None],
) -> Panel:
    """Return sliders for the weights of a score, kept as the option ``name``.

    They always sum to 100: the others make room for the one that is moved. Then ``moved`` is
    called.
    """
    widget = Weights(label=label, parts=[[key, text] for key, text in parts.items()])

    def changed(change: Any) -> None:
        now = weights_of(state, name, default)
        asked = {**now, **_read(_written(change.new), default)}
        set_anew = next((key for key in default if asked[key] != now[key]), "")
        if not set_anew:
            return
        sums = of_hundred(asked, set_anew)
        state.choose(name, "" if sums == default else _written(sums))
        widget.value = sums
        moved()

    widget.value = weights_of(state, name, default)
    widget.observe(changed, "value")

    def draw(answers: PanelAnswers) -> None:
        widget.value = weights_of(answers.state, name, default)

    return Panel(widget, draw)


def weights_of(state: State, name: str, default: Mapping[str, int]) -> dict[str, int]:
    """Return the weights kept as an option: whole numbers that sum to 100.

    >>> state = State(options={"score": "roas:80,gossip:20"})
    >>> weights_of(state, "score", {"roas": 50, "reach": 50})
    {'roas': 62, 'reach': 38}
    """
    return of_hundred({**default, **_read(state.option(name, ""), default)})


def _written(weights: Mapping[str, Any]) -> str:
    return ",".join(f"{key}:{value}" for key, value in weights.items())


def _read(text: str, known: Mapping[str, int]) -> dict[str, int]:
    """Return the weights that a text names, each between 0 and 100."""
    pairs = (part.partition(":") for part in text.split(","))
    return {k: min(100, int(v)) for k, _, v in pairs if k in known and v.isdecimal()}


def of_hundred(weights: Mapping[str, int], kept: str = "") -> dict[str, int]:
    """Return weights in the same proportions that sum to 100, that of ``kept`` as it is.

    >>> of_hundred({"roas": 80, "reach": 40, "orders": 40}, "roas")
    {'roas': 80, 'reach': 10, 'orders': 10}
    >>> of_hundred({"roas": 100, "reach": 0, "orders": 0}, "reach")
    {'roas': 100, 'reach': 0, 'orders': 0}
    >>> of_hundred({"roas": 40, "reach": 0, "orders": 0}, "roas")
    {'roas': 40, 'reach': 30, 'orders': 30}
    """
    fixed = {kept: weights[kept]} if kept in weights else {}
    others = {key: value for key, value in weights.items() if key not in fixed}
    room, total = 100 - sum(fixed.values()), sum(others.values())
    parts = {k: room * (v / total if total else 1 / len(others)) for k, v in others.items()}
    whole = {k: int(v) for k, v in parts.items()}
    # What rounding down left over goes to those that lost most by it.
    for key in sorted(parts, key=lambda k: whole[k] - parts[k])[: room - sum(whole.values())]:
        whole[key] += 1
    return {key: fixed.get(key, whole.get(key, 0)) for key in weights}
