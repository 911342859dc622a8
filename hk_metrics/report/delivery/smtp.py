"""By e-mail: the numbers and the main chart in the message, the files attached."""

from __future__ import annotations

import mimetypes
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, Field

from hk_metrics.errors import DeliveryError
from hk_metrics.report import secrets
from hk_metrics.report.delivery.deadline import Deadline
from hk_metrics.report.delivery.parcel import Parcel, TemporaryError

Secret = Annotated[str, AfterValidator(secrets.require_reference)]


def _address(value: str) -> str:
    name, address = parseaddr(value)
    if "@" not in address or any(c in value for c in "\r\n"):
        raise ValueError(f"{value!r} is not an e-mail address")
    return f"{name} <{address}>" if name else address


class Smtp(BaseModel, frozen=True, extra="forbid"):
    """A mail server and who gets the mail.

    ``security`` is ``starttls`` (port 587), ``tls`` (465) or ``none`` (a relay on this machine);
    ``username`` and ``password`` are references (``env:NAME``, ``file:PATH``), ``attach`` the
    formats to attach, ``max_mb`` what the receivers' servers take; ``timeout_seconds`` is for each
    of the server's words, ``deadline_seconds`` for the whole conversation.
    """

    kind: Literal["smtp"] = "smtp"
    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Secret | None = None
    password: Secret | None = None
    certificates: Path | None = None
    sender: Annotated[str, AfterValidator(_address)] = Field(alias="from")
    to: tuple[Annotated[str, AfterValidator(_address)], ...] = Field(min_length=1)
    attach: tuple[str, ...] = ("html", "pdf", "xlsx")
    max_mb: float = 15
    timeout_seconds: float = 60
    deadline_seconds: float = Field(default=300, gt=0)

    @property
    def references(self) -> tuple[str, ...]:
        """Secrets it uses."""
        return tuple(r for r in (self.username, self.password) if r)

    def deliver(self, parcel: Parcel) -> None:
        """Send one mail to all receivers who have not got it; each one's answer is a receipt.

        Raises
        ------
        TemporaryError
            The server cannot be reached, asks to try later, or takes too long.
        DeliveryError
            The server refuses: a login, a receiver, the message.
        """
        mail, receipts = message(self, parcel), parcel.receipts
        with Deadline(self.deadline_seconds) as deadline:
            try:
                with self._server(deadline) as server:
                    receipts |= _sent(server, mail, self._waiting(receipts))
            except smtplib.SMTPRecipientsRefused as refused:
                receipts |= _answers(refused.recipients)
            except (smtplib.SMTPException, OSError) as failure:
                if self._waiting(receipts):  # else it was taken, and only the goodbye failed
                    raise self._as_error(failure, late=deadline.passed) from failure
        refusals = [f"{address}: {reply}" for address, reply in receipts.items() if reply]
        if refusals:
            kind = TemporaryError if self._waiting(receipts) else DeliveryError
            taken = [address for address, reply in receipts.items() if not reply]
            rest = f" (taken for {', '.join(taken)})" if taken else ""
            raise kind(f"not taken for {'; '.join(refusals)}{rest}")

    def _waiting(self, receipts: Mapping[str, str]) -> list[str]:
        """Receivers of whom the server has not said yes, or no for good."""
        addresses = [parseaddr(receiver)[1] for receiver in self.to]
        return [a for a in addresses if a not in receipts or _is_temporary(receipts[a])]

    def _as_error(self, failure: Exception, *, late: bool) -> Exception:
        if late:
            return TemporaryError(
                f"{self.host}:{self.port}: took longer than {self.deadline_seconds:g} s"
            )
        if isinstance(failure, smtplib.SMTPResponseException):
            reply = f"{failure.smtp_code} {_words(failure.smtp_error)}"
            return (TemporaryError if _is_temporary(reply) else DeliveryError)(reply)
        return TemporaryError(f"{self.host}:{self.port}: {failure}")

    @contextmanager
    def _server(self, deadline: Deadline) -> Iterator[smtplib.SMTP]:
        trusted = ssl.create_default_context(cafile=self.certificates)
        place = self.host, self.port
        if self.security == "tls":
            server: smtplib.SMTP = _tls(deadline)(
                *place, timeout=self.timeout_seconds, context=trusted
            )
        else:
            server = _plain(deadline)(*place, timeout=self.timeout_seconds)
        with server:
            if self.security == "starttls":
                server.starttls(context=trusted)
            if self.username and self.password:
                server.login(secrets.resolve(self.username), secrets.resolve(self.password))
            yield server


class _Whole(EmailPolicy):
    """Folds a header of words beyond ASCII without losing the space at which it is folded.

    The standard library's own folding drops it between two encoded words (in Python 3.11).
    """

    def fold(self, name: str, value: Any) -> str:
        """Return a header as lines."""
        if name.lower() != "subject" or str(value).isascii():
            return str(super().fold(name, value))
        words = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {words}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as lines of bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


def message(config: Smtp, parcel: Parcel) -> EmailMessage:
    """Return the mail: text and HTML, the chart within, the files attached."""
    mail = EmailMessage(policy=_Whole())
    mail["Subject"] = " ".join(parcel.subject.split())
    mail["From"] = config.sender
    mail["To"] = ", ".join(config.to)
    mail["Date"] = formatdate(localtime=True)
    domain = Address(addr_spec=parseaddr(config.sender)[1]).domain
    # The same run has the same id: a server that took it just before we died drops the copy.
    mail["Message-ID"] = f"<{parcel.report}.{parcel.key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    sender = parseaddr(config.sender)[1]
    mail["List-Id"] = f"{parcel.report} <{parcel.report}.reports.{domain}>"
    mail["List-Unsubscribe"] = f"<mailto:{sender}?subject={quote(f'leave out of {parcel.report}')}>"
    attached, left_out = _fitting(parcel, config)
    note = f"\n\nToo large for a mail, so left out: {', '.join(left_out)}." if left_out else ""
    mail.set_content(parcel.text + note)
    if parcel.html:
        mail.add_alternative(parcel.html + (f"<p>{note.strip()}</p>" if note else ""), "html")
        if parcel.picture:
            body = mail.get_payload()[-1]  # type: ignore[index]
            body.add_related(  # type: ignore[union-attr]
                parcel.picture, "image", "png", cid="<chart>", filename="chart.png",
                disposition="inline",
            )  # fmt: skip
    for path in attached:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        mail.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
    return mail


def _fitting(parcel: Parcel, config: Smtp) -> tuple[list[Path], list[str]]:
    """The smallest first, as long as they fit; base64 makes three bytes four."""
    wanted = [p for p in parcel.files if p.suffix.lstrip(".") in config.attach]
    room = config.max_mb * 1e6 * 3 / 4 - len(parcel.picture)
    fitting, left_out = [], []
    for path in sorted(wanted, key=lambda p: p.stat().st_size):
        room -= path.stat().st_size
        if room >= 0:
            fitting.append(path)
        else:
            left_out.append(path.name)
    return fitting, left_out


def _sent(server: smtplib.SMTP, mail: EmailMessage, to: list[str]) -> dict[str, str]:
    """Send the mail and return each receiver's receipt, empty for taken."""
    return dict.fromkeys(to, "") | _answers(server.send_message(mail, to_addrs=to))


def _answers(refused: Mapping[str, tuple[int, bytes]]) -> dict[str, str]:
    return {address: f"{code} {_words(text)}" for address, (code, text) in refused.items()}


def _is_temporary(reply: str) -> bool:
    return bool(reply) and not reply.startswith("5")


def _words(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _plain(deadline: Deadline) -> type[smtplib.SMTP]:
    """A client whose connection ends with the deadline, from its first word on."""

    class Client(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            return deadline.connect((host, port), timeout)

    return Client


def _tls(deadline: Deadline) -> type[smtplib.SMTP_SSL]:
    """The same with TLS, which wraps the connection before the first word."""

    class Client(smtplib.SMTP_SSL, _plain(deadline)):  # type: ignore[misc]
        pass

    return Client
