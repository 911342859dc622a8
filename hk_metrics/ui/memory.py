"""Results too dear to compute at each change: kept per ledger, filters and choice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from hk_metrics.errors import HkMetricsError
from hk_metrics.ledger import Ledger
from hk_metrics.view import View

T = TypeVar("T")
KEPT = 48
# A kernel has one visitor, so that what a module keeps is that visitor's.
_kept: OrderedDict[tuple[Any, ...], tuple[Ledger, Any]] = OrderedDict()


def remembered(view: View, what: str, compute: Callable[[], T], *choice: object) -> T:
    """Return a result, computed once for a ledger, its filters and a page's choice.

    Parameters
    ----------
    view
        Whose ledger and filters the result depends on.
    what
        Name of the result.
    compute
        Makes it; called where it is not yet known.
    choice
        Whatever else it depends on.
    """
    key = _key(view, what, choice)
    if key not in _kept:
        # The ledger is kept beside its result, so that its id is not given to another one.
        _kept[key] = (view.ledger, compute())
    _kept.move_to_end(key)
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return _kept[key][1]  # type: ignore[no-any-return]


def recalled(view: View, what: str, *choice: object) -> Any:
    """Return a result that `remembered` has; None where it is not yet known."""
    kept = _kept.get(_key(view, what, choice))
    return kept[1] if kept else None


def _key(view: View, what: str, choice: tuple[object, ...]) -> tuple[Any, ...]:
    filters = tuple(sorted((name, repr(values)) for name, values in view.filters.items()))
    return (id(view.ledger), what, filters, *choice)


def answered(compute: Callable[[], T]) -> tuple[T | None, str]:
    """Return a result, or None and the sentence that says why there is none.

    >>> from hk_metrics.errors import InsufficientDataError
    >>> def refuse(): raise InsufficientDataError("too few days")
    >>> answered(refuse)
    (None, 'Too few days.')
    """
    try:
        return compute(), ""
    except HkMetricsError as error:
        text = str(error).strip()
        return None, f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
