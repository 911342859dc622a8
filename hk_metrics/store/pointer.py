"""The file that names the version that counts, with the seal of what it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hk_metrics.errors import StoreError


@dataclass(frozen=True)
class Pointer:
    """What the file ``current`` says.

    Parameters
    ----------
    number
        Of the version that counts.
    seal
        Of its manifest; empty where that has none.
    """

    number: int
    seal: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.seal}".rstrip()


def read(path: Path) -> Pointer | None:
    """Return what counts; None where there is no such file.

    Raises
    ------
    StoreError
        If it names no version.
    """
    try:
        text = path.read_bytes().decode(errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    number, _, seal = text.strip().partition(" ")
    if not (number.isascii() and number.isdigit()):
        raise StoreError(f"{path} is damaged: it names no version but {text[:40]!r}")
    return Pointer(int(number), seal)
