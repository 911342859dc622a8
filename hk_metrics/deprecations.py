"""What goes: it works for one release more, and says what to use instead and when it ends."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def deprecated(instead: str, ends: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for a public function that goes with a release.

    Parameters
    ----------
    instead
        What to type instead, e.g. ``view.by('brand')``.
    ends
        The first release without it.

    Examples
    --------
    >>> @deprecated("double(x)", ends="0.3")
    ... def twice(x: int) -> int:
    ...     return 2 * x
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as said:
    ...     warnings.simplefilter("always")
    ...     twice(2), str(said[0].message)
    (4, 'twice ends with release 0.3: use double(x)')
    """

    def wrapped(function: Callable[P, R]) -> Callable[P, R]:
        message = f"{function.__name__} ends with release {ends}: use {instead}"

        @wraps(function)
        def called(*args: P.args, **options: P.kwargs) -> R:
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return function(*args, **options)

        return called

    return wrapped
