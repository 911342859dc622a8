"""What installed packages add: entry points of our groups, each looked up when first needed.

A package that is broken is named in a sentence and passed over: it never takes the product down.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, Generic, TypeVar

from hk_metrics.errors import HkMetricsError, PluginError

_logger = logging.getLogger(__name__)
# Group → what a package adds by it.
GROUPS: Mapping[str, str] = {
    "hk_metrics.metrics": "metric",
    "hk_metrics.attribution": "attribution model",
    "hk_metrics.estimators": "lift estimator",
    "hk_metrics.shapes": "file format",
    "hk_metrics.deliveries": "delivery",
    "hk_metrics.pages": "page",
}

T = TypeVar("T")
Read = Callable[[Any], Iterable[tuple[str, T]]]


class PluginWarning(UserWarning):
    """An installed package adds something that cannot be used."""


@dataclass(frozen=True)
class Added:
    """One entry point of an installed package, and what became of it.

    Parameters
    ----------
    group, name
        Of the entry point.
    package
        The distribution that declares it, with its version.
    brings
        Names under which it is found here.
    problem
        Why it is passed over, in a sentence; empty where it is not.
    """

    group: str
    name: str
    package: str
    brings: tuple[str, ...] = ()
    problem: str = ""


# Group → its entry points, once they have been looked up.
_FOUND: dict[str, list[Added]] = {}


@cache
def declared() -> Mapping[str, EntryPoints]:
    """Return the entry points of each of our groups; the packages are looked through once."""
    every = entry_points()
    return {group: every.select(group=group) for group in GROUPS}


def added(group: str, read: Read[T], taken: Iterable[str] = ()) -> dict[str, T]:
    """Return what installed packages add to a group, by name.

    Parameters
    ----------
    group
        One of `GROUPS`.
    read
        Turns what an entry point names into pairs of name and thing; raises `PluginError` with
        what is wrong of it.
    taken
        Names that are ours; a package may not replace them.
    """
    found: dict[str, T] = {}
    _FOUND[group] = []
    for point in sorted(declared()[group], key=lambda p: (_package(p), p.name)):
        things, note = _loaded(point, read, {*taken, *found})
        found |= things
        _FOUND[group].append(note)
        if note.problem:
            warnings.warn(note.problem, PluginWarning, stacklevel=2)
    return found


def _loaded(point: EntryPoint, read: Read[T], taken: set[str]) -> tuple[dict[str, T], Added]:
    package = _package(point)
    try:
        things = dict(read(point.load()))
        if double := sorted(taken & things.keys()):
            raise PluginError(f"the name {double[0]!r} is taken")
    except (Exception, SystemExit) as error:
        _logger.info("%s is passed over", package, exc_info=error)
        problem = (
            f"{package}: its {GROUPS[point.group]} {point.name!r} is left out: {_reason(error)}"
        )
        return {}, Added(point.group, point.name, package, problem=problem)
    return things, Added(point.group, point.name, package, tuple(things))


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    words = lines[0].rstrip(".") if lines else "no reason given"
    kind = "" if isinstance(error, HkMetricsError) else f"{type(error).__name__}: "
    return f"{kind}{words}. Update or uninstall the package"


def all_of(*kinds: type) -> Callable[[Any], list[Any]]:
    """Return a reader of one thing of some kinds, or of several of them.

    Raises
    ------
    PluginError
        When it meets anything else.
    """

    def read(given: Any) -> list[Any]:
        things = [given] if isinstance(given, kinds) else given
        wanted = " or ".join(kind.__name__ for kind in kinds)
        if not isinstance(things, list | tuple) or not things:
            raise PluginError(f"the entry point must name a {wanted}, or a tuple of them")
        for thing in things:
            if not isinstance(thing, kinds):
                raise PluginError(f"{type(thing).__name__!r} is no {wanted}")
        return list(things)

    return read


def known() -> tuple[Added, ...]:
    """Return every entry point that has been looked up so far."""
    return tuple(note for notes in _FOUND.values() for note in notes)


def problems() -> tuple[str, ...]:
    """Return, in sentences, what of installed packages is passed over; of groups looked up."""
    return tuple(note.problem for note in known() if note.problem)


@contextmanager
def blamed(whose: str, *passing: type[Exception]) -> Iterator[None]:
    """Turn what fails in a package's own code into an error that names the package.

    Parameters
    ----------
    whose
        What is running, e.g. ``attribution model 'u_shape'``.
    passing
        Errors that are meant, and go through as they are.

    Raises
    ------
    PluginError
        For any failure that says nothing to a user by itself.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (HkMetricsError, *passing)):
            raise
        raise PluginError(f"the {whose} of an installed package fails: {_reason(error)}") from error


class Registry(Mapping[str, T], Generic[T]):
    """Ours by name, and after them what packages add, looked up when first asked for.

    Parameters
    ----------
    group
        Whose entry points.
    ours
        What comes with the product.
    read
        As in `added`.
    """

    def __init__(self, group: str, ours: Mapping[str, T], read: Read[T]) -> None:
        self._group, self._ours, self._read = group, ours, read
        self._theirs: dict[str, T] | None = None

    @property
    def theirs(self) -> Mapping[str, T]:
        """What packages add."""
        if self._theirs is None:
            self._theirs = {}  # a package that asks while it is loaded sees ours
            self._theirs = added(self._group, self._read, self._ours)
        return self._theirs

    def __getitem__(self, name: str) -> T:
        return self._ours[name] if name in self._ours else self.theirs[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._ours
        yield from self.theirs

    def __len__(self) -> int:
        return len(self._ours) + len(self.theirs)
