"""Letters and alerts subscribed by who reads them: written into the same ``reports.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.present.atomic import replacing
from hk_metrics.report import message
from hk_metrics.report.config import Reports, notebook_path, read, usual_place
from hk_metrics.report.delivery import Patience, hand_over
from hk_metrics.report.delivery.smtp import Smtp
from hk_metrics.report.parameters import declared, validate

if TYPE_CHECKING:
    from hk_metrics.report.records import Handover

# Word → schedule (on the clock of the file) and the days that a letter is then about.
_WHEN: Mapping[str, tuple[str, str]] = {
    "weekly": ("0 8 * * 1", "last_week"),
    "monthly": ("0 8 1 * *", "last_month"),
    "daily": ("0 8 * * *", "yesterday"),
}
_NOTEBOOK = "report"
_LOCK_SECONDS = 20


@dataclass(frozen=True)
class Subscription:
    """One letter or alert that somebody subscribed.

    Parameters
    ----------
    name
        Of its report.
    address
        Who gets it.
    what
        In words: when it comes, or the rule that it tells of.
    filters
        Of what part it is; empty for everything.
    by
        Who subscribed it.
    """

    name: str
    address: str
    what: str
    filters: Mapping[str, Any]
    by: str


def subscriptions(file: Path | str | None = None) -> list[Subscription]:
    """Return what was subscribed; what is written into the file by hand is not among it."""
    place = Path(file) if file else usual_place()
    if place is None:
        return []
    config = read(place)
    return [_described(config, name) for name, r in config.reports.items() if r.subscribed]


def subscribe(
    address: str,
    data: str,
    *,
    when: str = "weekly",
    rule: str = "",
    filters: Mapping[str, Sequence[str]] | None = None,
    by: str = "",
    file: Path | str | None = None,
) -> Subscription:
    """Subscribe a letter, or an alert where a rule is given, by e-mail.

    Parameters
    ----------
    address
        At a domain that the file's own deliveries write to or from.
    data
        What the letter is about: a store, folder or file.
    when
        ``weekly``, ``monthly`` or ``daily``, of a letter.
    rule
        In words, e.g. ``roas < 2 for brand Gritzo over last_7_days``; told by
        ``hk-metrics report check``.
    filters
        Dimension → values, of those that the letter's notebook takes.
    by
        Who subscribes, where that is known.
    file
        The ``reports.toml``; the usual one if absent. What is in it stays as it is.

    Raises
    ------
    ParameterError, UnknownNameError
        For no file or no mail server in it, another domain, or what the letter cannot take;
        nothing is written then.
    """
    place = _place(file)
    if when not in _WHEN:
        raise UnknownNameError.of("time of a letter", when, _WHEN)
    chosen = {n: list(v) for n, v in (filters or {}).items() if v}
    period = {} if rule else {"period": _WHEN[when][1]}
    wanted = {"data": data, **period, **chosen}
    validate(wanted, declared(notebook_path(_NOTEBOOK)), "the letter")
    with _changing(place) as document:
        config = read(place)
        to = _receiver(address, config)
        delivery = _delivery(document, config, to)
        name = _name("alert" if rule else f"letter-{when}", to, config)
        alert: dict[str, Any] = {
            "alerts": [rule],
            "alert": [delivery],
            "paused": True,
            "formats": ["html"],
        }
        letter: dict[str, Any] = {
            "schedule": _WHEN[when][0],
            "deliver": [delivery],
            "formats": ["html", "pdf"],
        }
        document.setdefault("reports", {})[name] = {
            "notebook": _NOTEBOOK, **(alert if rule else letter), "subscribed": by or "the page",
            "parameters": wanted,
        }  # fmt: skip
    return _described(read(place), name)


def unsubscribe(name: str, file: Path | str | None = None) -> None:
    """Take a subscription out of the file, with its delivery where nothing else uses it.

    Raises
    ------
    ParameterError
        For a report that is not there, or was written into the file by hand.
    """
    place = _place(file)
    with _changing(place) as document:
        config = read(place)
        report = config.reports.get(name)
        if report is None or not report.subscribed:
            raise ParameterError(
                f"{name!r} is no subscription: somebody has taken it out meanwhile"
            )
        del document["reports"][name]
        others = [r.receivers for n, r in config.reports.items() if n != name]
        for delivery in report.receivers - set().union(*others):
            del document["deliveries"][delivery]


def send_test(name: str, file: Path | str | None = None) -> dict[str, Handover]:
    """Send one line to who gets a report, once and now; return what became of it by delivery."""
    config = read(_place(file))
    report = config.report(name)
    parcel = message.of_alert(
        name, f"test-{datetime.now(UTC):%Y%m%d%H%M%S%f}", f"A test of {name}",
        [f"This is how {name} will reach you. Nothing is wrong, and nothing is to be done."],
    )  # fmt: skip
    once = Patience(attempts=1)
    return {
        delivery: hand_over(config.deliveries[delivery], parcel, once)
        for delivery in sorted(report.receivers)
    }


def _place(file: Path | str | None) -> Path:
    place = Path(file) if file else usual_place()
    if place is None:
        raise ParameterError(
            "there is no reports.toml yet: whoever runs the dashboard makes one with the mail "
            "server in it (recipes/reports.toml shows how) and names it in HK_METRICS_REPORTS"
        )
    return place


@contextmanager
def _changing(place: Path) -> Iterator[Any]:
    """Give the file to be changed by one at a time; it is written when what it says is right."""
    import tomlkit

    try:
        with FileLock(place.with_name(f".{place.name}.lock"), timeout=_LOCK_SECONDS):
            document = tomlkit.parse(place.read_text(encoding="utf-8"))
            yield document
            text = tomlkit.dumps(document)
            read(place, tomllib.loads(text))
            with replacing(place) as draft:
                draft.write_text(text, encoding="utf-8")
    except (OSError, Timeout) as failure:
        raise ParameterError(
            f"{place} cannot be written ({failure}); nothing was changed"
        ) from None


def _receiver(address: str, config: Reports) -> str:
    """Return a bare address at a domain that the file knows."""
    to = parseaddr(address)[1]
    servers = [c for c in config.deliveries.values() if isinstance(c, Smtp)]
    if not servers:
        raise ParameterError(f"{config.source} has no delivery of the kind smtp to send mail by")
    if not re.fullmatch(r"[^@\s<>\"]+@[\w.-]+\.\w+", to) or to != address.strip():
        raise ParameterError(f"{address!r} is no e-mail address; write it like asha@example.com")
    known = {parseaddr(a)[1].rpartition("@")[2].lower() for c in servers for a in (c.sender, *c.to)}
    if to.rpartition("@")[2].lower() not in known:
        raise ParameterError(
            f"letters can be subscribed for addresses at {', '.join(sorted(known))}; others are "
            f"added to {config.source} by whoever runs the dashboard"
        )
    return to.lower()


def _delivery(document: Any, config: Reports, to: str) -> str:
    """Return the delivery to an address: one that there is, or a copy of the first mail server."""
    for name, channel in config.deliveries.items():
        if isinstance(channel, Smtp) and [parseaddr(a)[1].lower() for a in channel.to] == [to]:
            return name
    first = next(n for n, c in config.deliveries.items() if isinstance(c, Smtp))
    name = _name("mail", to, config)
    server = dict(document["deliveries"][first].unwrap())
    document["deliveries"][name] = {**server, "to": [to]}
    return name


def _name(kind: str, to: str, config: Reports) -> str:
    """Return a name that nothing in the file has yet."""
    base = f"{kind}-{re.sub(r'[^a-z0-9]+', '-', to.partition('@')[0])}".strip("-")
    taken = {*config.reports, *config.deliveries}
    numbers = (f"{base}-{n}" if n > 1 else base for n in range(1, len(taken) + 2))
    return next(n for n in numbers if n not in taken)


def _described(config: Reports, name: str) -> Subscription:
    report = config.reports[name]
    words = {schedule: word for word, (schedule, _) in _WHEN.items()}
    what = "; ".join(report.alerts) or words.get(report.schedule, report.schedule)
    channels = [config.deliveries[d] for d in sorted(report.receivers)]
    to = [a for c in channels if isinstance(c, Smtp) for a in c.to]
    own = {k: v for k, v in report.parameters.items() if k not in ("data", "period")}
    return Subscription(name, ", ".join(to), what, own, report.subscribed)
