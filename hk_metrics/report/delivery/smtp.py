"""By e-mail: the numbers and the main chart in the message, the files attached."""

from __future__ import annotations

import mimetypes
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from hk_metrics.errors import DeliveryError
from hk_metrics.report import secrets
from hk_metrics.report.delivery.parcel import Parcel, TemporaryError

Secret = Annotated[str, AfterValidator(secrets.require_reference)]
_PERMANENT = range(500, 600)


def _address(value: str) -> str:
    name, address = parseaddr(value)
    if "@" not in address or any(c in value for c in "\r\n"):
        raise ValueError(f"{value!r} is not an e-mail address")
    return f"{name} <{address}>" if name else address


class Smtp(BaseModel, frozen=True, extra="forbid"):
    """A mail server and who gets the mail.

    ``security`` is ``starttls`` (port 587), ``tls`` (465) or ``none`` (a relay on this machine);
    ``username`` and ``password`` are references (``env:NAME``, ``file:PATH``), ``attach`` the
    formats to attach, ``max_mb`` what the receivers' servers take.
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

    @property
    def references(self) -> tuple[str, ...]:
        """Secrets it uses."""
        return tuple(r for r in (self.username, self.password) if r)

    def deliver(self, parcel: Parcel) -> None:
        """Send one mail to all receivers.

        Raises
        ------
        TemporaryError
            The server cannot be reached or asks to try later.
        DeliveryError
            The server refuses: a login, a receiver, the message.
        """
        mail = message(self, parcel)
        try:
            with self._server() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            said = [(code, text) for code, text in refused.recipients.values()]
            worst = max(code for code, _ in said)
            raise _error(worst, f"receivers refused: {_words(said[0][1])}") from refused
        except smtplib.SMTPResponseException as answer:
            raise _error(answer.smtp_code, _words(answer.smtp_error)) from answer
        except (smtplib.SMTPException, OSError) as failure:
            raise TemporaryError(f"{self.host}:{self.port}: {failure}") from failure

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        trusted = ssl.create_default_context(cafile=self.certificates)
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=trusted
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        with server:
            if self.security == "starttls":
                server.starttls(context=trusted)
            if self.username and self.password:
                server.login(secrets.resolve(self.username), secrets.resolve(self.password))
            yield server


def message(config: Smtp, parcel: Parcel) -> EmailMessage:
    """Return the mail: text and HTML, the chart within, the files attached."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(parcel.subject.split())
    mail["From"] = config.sender
    mail["To"] = ", ".join(config.to)
    mail["Date"] = formatdate(localtime=True)
    domain = Address(addr_spec=parseaddr(config.sender)[1]).domain
    # The same run has the same id: a server that took it just before we died drops the copy.
    mail["Message-ID"] = f"<{parcel.report}.{parcel.key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    attached, left_out = _fitting(parcel, config)
    note = f"\n\nToo large for a mail, so left out: {', '.join(left_out)}." if left_out else ""
    mail.set_content(parcel.text + note)
    if parcel.html:
        mail.add_alternative(parcel.html + (f"<p>{note.strip()}</p>" if note else ""), "html")
        if parcel.picture:
            body = mail.get_payload()[-1]  # type: ignore[index]
            body.add_related(parcel.picture, "image", "png", cid="<chart>", filename="chart.png")  # type: ignore[union-attr]
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


def _error(code: int, words: str) -> Exception:
    said = f"{code} {words}"
    return DeliveryError(said) if code in _PERMANENT else TemporaryError(said)


def _words(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
