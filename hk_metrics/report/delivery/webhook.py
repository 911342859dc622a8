"""To a webhook: Slack, Teams, or any address that takes JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Annotated, Any, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

from pydantic import AfterValidator, BaseModel, Field

from hk_metrics.errors import DeliveryError
from hk_metrics.report import secrets
from hk_metrics.report.delivery.deadline import Deadline
from hk_metrics.report.delivery.parcel import Parcel, TemporaryError

_TRY_LATER = frozenset({408, 425, 429, *range(500, 600)})
_SECRET_HOSTS = ("hooks.slack.com", ".webhook.office.com", ".logic.azure.com")


def _address(value: str) -> str:
    if secrets.is_reference(value):
        return value
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no web address: write https://… or env:NAME")
    if parts.hostname.endswith(_SECRET_HOSTS) or parts.password or parts.query:
        raise ValueError("is a secret: do not write it here, but env:NAME or file:PATH")
    return value


class Webhook(BaseModel, frozen=True, extra="forbid"):
    """An address that takes a POST; ``style`` says in which words.

    ``timeout_seconds`` is for each of the server's words, ``deadline_seconds`` for the whole.
    """

    kind: Literal["webhook"] = "webhook"
    url: Annotated[str, AfterValidator(_address)]
    style: Literal["slack", "teams", "json"] = "json"
    timeout_seconds: float = 30
    deadline_seconds: float = Field(default=60, gt=0)

    @property
    def references(self) -> tuple[str, ...]:
        """Secrets it uses."""
        return (self.url,) if secrets.is_reference(self.url) else ()

    def deliver(self, parcel: Parcel) -> None:
        """Post the message.

        Raises
        ------
        TemporaryError
            No answer, or one that asks to try later.
        DeliveryError
            The receiver refuses.
        """
        url = secrets.resolve(self.url)
        body = json.dumps(_STYLES[self.style](parcel)).encode()
        request = Request(
            url, body, {"Content-Type": "application/json", "User-Agent": "hk_metrics"}
        )
        request.add_header("Idempotency-Key", f"{parcel.report}.{parcel.key}")
        host = urlsplit(url).hostname  # never the whole address: it is the secret
        with Deadline(self.deadline_seconds) as deadline:
            try:
                with _opener(deadline).open(request, timeout=self.timeout_seconds):
                    return
            except HTTPError as answer:
                reply = f"{host} answered {answer.code} {answer.reason}"
                if answer.code in _TRY_LATER:
                    after = seconds_until(answer.headers.get("Retry-After"), datetime.now(UTC))
                    raise TemporaryError(reply, after) from None
                raise DeliveryError(reply) from None
            except (URLError, HTTPException, OSError, ValueError) as failure:
                late = f"took longer than {self.deadline_seconds:g} s"
                why = late if deadline.passed else getattr(failure, "reason", failure)
                raise TemporaryError(f"{host}: {why}") from None


def seconds_until(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a ``Retry-After`` asks for; None where it says nothing.

    Parameters
    ----------
    value
        Seconds, or a date as HTTP writes it.
    now
        With a time zone.

    >>> now = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
    >>> seconds_until("120", now), seconds_until("Mon, 03 Mar 2025 08:01:00 GMT", now)
    (120.0, 60.0)
    """
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _opener(deadline: Deadline) -> OpenerDirector:
    """An opener that stays at the address, and whose connections end with the deadline."""

    def watched(kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        def connection(*args: Any, **options: Any) -> HTTPConnection:
            made = kind(*args, **options)
            made._create_connection = deadline.connect  # type: ignore[attr-defined]
            return made

        return connection

    class Plain(HTTPHandler):
        def http_open(self, request: Request) -> Any:
            return self.do_open(watched(HTTPConnection), request)

    class Tls(HTTPSHandler):
        def https_open(self, request: Request) -> Any:
            return self.do_open(watched(HTTPSConnection), request)

    return build_opener(_StayThere, Plain, Tls)


class _StayThere(HTTPRedirectHandler):
    """A receiver that moved has to be written down anew; a report must not wander off."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _slack(parcel: Parcel) -> Mapping[str, Any]:
    text = parcel.text.translate({ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"})
    sections = [
        {"type": "header", "text": {"type": "plain_text", "text": parcel.subject[:150]}},
        {"type": "section", "text": {"type": "mrkdwn", "text": text[:3000]}},
    ]
    return {"text": parcel.subject, "blocks": sections}


def _teams(parcel: Parcel) -> Mapping[str, Any]:
    lines = [parcel.subject, *parcel.text.split("\n\n")]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": line, "wrap": True} for line in lines],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def _json(parcel: Parcel) -> Mapping[str, Any]:
    return {
        "report": parcel.report,
        "key": parcel.key,
        "subject": parcel.subject,
        "text": parcel.text,
        **parcel.facts,
    }


_STYLES: Mapping[str, Callable[[Parcel], Mapping[str, Any]]] = {
    "slack": _slack,
    "teams": _teams,
    "json": _json,
}
