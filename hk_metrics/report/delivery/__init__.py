"""How a report reaches people: one module a channel, one signature, a registry by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BaseModel, Field

from hk_metrics import plugins
from hk_metrics.errors import HkMetricsError, PluginError
from hk_metrics.report import secrets
from hk_metrics.report.delivery.folder import Folder
from hk_metrics.report.delivery.parcel import Parcel, TemporaryError
from hk_metrics.report.delivery.remote import Remote
from hk_metrics.report.delivery.smtp import Smtp
from hk_metrics.report.delivery.webhook import Webhook
from hk_metrics.report.records import Handover

if TYPE_CHECKING:
    from tenacity import RetryCallState, Retrying

__all__ = ["KINDS", "Channel", "Parcel", "Patience", "hand_over"]

_GROUP = "hk_metrics.deliveries"
_OURS: dict[str, type[BaseModel]] = {
    "folder": Folder,
    "smtp": Smtp,
    "webhook": Webhook,
    "fsspec": Remote,
}


def _read(given: Any) -> Iterator[tuple[str, type[BaseModel]]]:
    """Return the channels that an entry point names, by kind."""
    for one in given if isinstance(given, list | tuple) else [given]:
        if not (isinstance(one, type) and issubclass(one, BaseModel)):
            raise PluginError(f"{one!r} is no pydantic model")
        if lacking := [part for part in ("deliver", "references") if not hasattr(one, part)]:
            raise PluginError(f"{one.__name__} has no {' and no '.join(lacking)}")
        kinds = get_args(one.model_fields["kind"].annotation) if "kind" in one.model_fields else ()
        if len(kinds) != 1:
            raise PluginError(f'{one.__name__} needs a field kind: Literal["its name"]')
        yield kinds[0], one


KINDS: Mapping[str, type[BaseModel]] = {**_OURS, **plugins.added(_GROUP, _read, _OURS)}
if TYPE_CHECKING:
    Channel = Folder | Smtp | Webhook | Remote
else:  # with what installed packages add, which no checker can know
    Channel = Annotated[reduce(or_, KINDS.values()), Field(discriminator="kind")]


class Patience(BaseModel, frozen=True, extra="forbid"):
    """How often and how long a delivery is tried: the pause doubles, up to a limit.

    A receiver that asks for a pause itself gets it; for more than ``longest_wait_seconds`` the run
    does not wait, and the next one asks again when the time has come.
    """

    attempts: int = Field(default=5, ge=1)
    first_pause_seconds: float = Field(default=2, ge=0)
    longest_pause_seconds: float = Field(default=120, ge=0)
    longest_wait_seconds: float = Field(default=900, ge=0)


def hand_over(
    channel: Channel, parcel: Parcel, patience: Patience, before: Handover | None = None
) -> Handover:
    """Deliver a parcel, trying again while there is hope.

    Parameters
    ----------
    channel
        Where to.
    parcel
        What.
    patience
        Attempts and pauses; a refusal is not tried again.
    before
        What became of it earlier: who has it does not get it twice, and who asked to be left
        alone is.

    Returns
    -------
    Handover
        Delivered, or failed with the last reason; secrets are not in it.
    """
    now = datetime.now(UTC)
    if before and before.not_before and now < before.not_before:
        return before
    had = dict.fromkeys(before.taken if before else (), "")
    parcel = replace(parcel, receipts=had)
    tries = _tries(patience)
    error, after = "", None
    try:
        tries(_deliver, channel, parcel)
    except (TemporaryError, HkMetricsError) as failure:
        error = secrets.redact(str(failure), secrets.known(channel.references))
        after = getattr(failure, "after", None)
    done = datetime.now(UTC)
    return Handover(
        status="failed" if error else "delivered",
        at=done,
        attempts=int(tries.statistics.get("attempt_number", 1)),
        error=error,
        receipts=parcel.receipts,
        not_before=done + timedelta(seconds=after) if after else None,
    )


def _deliver(channel: Channel, parcel: Parcel) -> None:
    if _OURS.get(channel.kind) is type(channel):
        channel.deliver(parcel)
        return
    with plugins.blamed(f"delivery {channel.kind!r}", TemporaryError):
        channel.deliver(parcel)


def _tries(patience: Patience) -> Retrying:
    from tenacity import Retrying, retry_if_exception_type, wait_exponential, wait_random

    own = wait_exponential(
        multiplier=patience.first_pause_seconds, max=patience.longest_pause_seconds
    ) + wait_random(0, patience.first_pause_seconds)

    def asked(state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        return getattr(failure, "after", None) or 0.0

    return Retrying(
        stop=lambda state: (
            state.attempt_number >= patience.attempts
            or asked(state) > patience.longest_wait_seconds
        ),
        wait=lambda state: max(own(state), asked(state)),
        retry=retry_if_exception_type(TemporaryError),
        reraise=True,
    )
