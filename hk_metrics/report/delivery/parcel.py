"""What is handed over: one report, or one alert, with all that a channel may need of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Parcel:
    """One thing to deliver.

    Parameters
    ----------
    report, key
        Whose it is; the key is the same when the same thing is sent again, so that a receiver can
        tell a copy.
    subject
        One line.
    text, html
        The message in both forms; ``html`` may refer to the picture as ``cid:chart``.
    picture
        PNG of the main chart, or empty.
    folder
        The finished outputs; None for an alert.
    files
        Those of them to attach.
    facts
        The same as data, for machines.
    receipts
        Address → why it has not got the parcel, empty where it has; kept by channels that know
        each receiver.
    """

    report: str
    key: str
    subject: str
    text: str
    html: str = ""
    picture: bytes = b""
    folder: Path | None = None
    files: tuple[Path, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)


class TemporaryError(Exception):
    """The receiver could not take it now; later may be different.

    Parameters
    ----------
    said
        Why.
    after
        Seconds that the receiver asks to be left alone; None where it does not say.
    """

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after
