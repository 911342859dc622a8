"""How a report reaches people: one module a channel, one signature, a registry by kind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from hk_metrics.errors import HkMetricsError
from hk_metrics.report import secrets
from hk_metrics.report.delivery.folder import Folder
from hk_metrics.report.delivery.parcel import Parcel, TemporaryError
from hk_metrics.report.delivery.remote import Remote
from hk_metrics.report.delivery.smtp import Smtp
from hk_metrics.report.delivery.webhook import Webhook
from hk_metrics.report.records import Handover

__all__ = ["KINDS", "Channel", "Parcel", "Patience", "hand_over"]

KINDS: dict[str, type[BaseModel]] = {
    "folder": Folder,
    "smtp": Smtp,
    "webhook": Webhook,
    "fsspec": Remote,
}
Channel = Annotated[Folder | Smtp | Webhook | Remote, Field(discriminator="kind")]


class Patience(BaseModel, frozen=True, extra="forbid"):
    """How often and how long a delivery is tried: the pause doubles, up to a limit."""

    attempts: int = Field(5, ge=1)
    first_pause_seconds: float = Field(2, ge=0)
    longest_pause_seconds: float = Field(120, ge=0)


def hand_over(channel: Channel, parcel: Parcel, patience: Patience) -> Handover:
    """Deliver a parcel, trying again while there is hope.

    Parameters
    ----------
    channel
        Where to.
    parcel
        What.
    patience
        Attempts and pauses; a refusal is not tried again.

    Returns
    -------
    Handover
        Delivered, or failed with the last reason; secrets are not in it.
    """
    from tenacity import (
        Retrying,
        retry_if_exception_type,
        stop_after_attempt,
        wait_exponential,
        wait_random,
    )

    tries = Retrying(
        stop=stop_after_attempt(patience.attempts),
        wait=wait_exponential(
            multiplier=patience.first_pause_seconds, max=patience.longest_pause_seconds
        )
        + wait_random(0, patience.first_pause_seconds),
        retry=retry_if_exception_type(TemporaryError),
        reraise=True,
    )
    error = ""
    try:
        tries(channel.deliver, parcel)
    except (TemporaryError, HkMetricsError) as failure:
        error = secrets.redact(str(failure), secrets.known(channel.references))
    return Handover(
        status="failed" if error else "delivered",
        at=datetime.now(UTC),
        attempts=int(tries.statistics.get("attempt_number", 1)),
        error=error,
    )
