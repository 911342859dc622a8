"""Secrets by reference only, and the last look before a file leaves."""

from __future__ import annotations

import html
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from hk_metrics.errors import ParameterError, ReportError

_SOUNDS_SECRET = re.compile(
    r"PASS(WORD|WD|PHRASE)?$|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL|WEBHOOK|_DSN$|"
    r"_AUTH$",
    re.IGNORECASE,
)
_SHORTEST = 8  # shorter values would be found everywhere by chance
_USERINFO = re.compile(r"\w+://[^/\s:@]+:[^/\s@]+@")


def is_reference(value: str) -> bool:
    """Return whether the text names a secret instead of being one.

    >>> is_reference("env:SMTP_PASSWORD"), is_reference("hunter2")
    (True, False)
    """
    return value.startswith(("env:", "file:"))


def resolve(value: str) -> str:
    """Return what ``env:NAME`` or ``file:PATH`` refers to; other text as it is.

    Raises
    ------
    ParameterError
        The variable is not set or the file cannot be read; the message has no secret in it.
    """
    kind, _, name = value.partition(":")
    if kind == "env":
        if name not in os.environ:
            raise ParameterError(f"{value}: the environment has no variable {name}: set it")
        return os.environ[name]
    if kind == "file":
        try:
            return Path(name).read_text(encoding="utf-8").strip()
        except OSError as failure:
            raise ParameterError(f"{value}: cannot be read ({failure.strerror})") from None
    return value


def require_reference(value: str) -> str:
    """Return a reference as it is; refuse a secret that is written out.

    Raises
    ------
    ValueError
        The text is the secret itself. (pydantic turns this into its own error.)
    """
    if not is_reference(value):
        raise ValueError("is a secret: do not write it here, but env:NAME or file:PATH")
    return value


def refuse_in_parameters(parameters: Mapping[str, object]) -> None:
    """Refuse a parameter that holds a password, because notebooks keep their parameters.

    Raises
    ------
    ParameterError
        A value is an address with a password in it.
    """
    for name, value in parameters.items():
        if isinstance(value, str) and _USERINFO.search(value):
            raise ParameterError(
                f"parameter {name!r} holds a password, and the executed notebook would keep it: "
                "put the address in an environment variable and write env:NAME"
            )


def known(references: Iterable[str] = ()) -> dict[str, str]:
    """Return the secrets of this process: name (or reference) → value.

    Parameters
    ----------
    references
        Of the configuration; those that do not resolve are left out.

    Notes
    -----
    Environment variables count by how they are called (PASSWORD, TOKEN, SECRET, API_KEY …).
    """
    found = {f"env:{n}": v for n, v in os.environ.items() if _SOUNDS_SECRET.search(n)}
    for reference in filter(is_reference, references):
        try:
            found[reference] = resolve(reference)
        except ParameterError:
            continue
    return {name: value for name, value in found.items() if len(value) >= _SHORTEST}


def scan(files: Iterable[Path], secrets: Mapping[str, str]) -> None:
    """Refuse files that hold a secret, in plain or in the escapes of JSON, HTML and addresses.

    Parameters
    ----------
    files
        Text, or archives such as XLSX, whose members are read. The text of a PDF is compressed
        glyphs: scan the page it was printed from.
    secrets
        Name → value.

    Raises
    ------
    ReportError
        Names the file and the secret's name, never its value.
    """
    needles = {form: name for name, value in secrets.items() for form in _forms(value)}
    for path in files:
        for content in _contents(path):
            for form, name in needles.items():
                if form in content:
                    raise ReportError(
                        f"{path.name} contains the value of {name}: nothing was delivered. "
                        "Remove it from the notebook or from the data"
                    )


def redact(text: str, secrets: Mapping[str, str]) -> str:
    """Return the text with every secret's value replaced by its name.

    >>> redact("login failed for hunter2!", {"env:PW": "hunter2!"})
    'login failed for [env:PW]'
    """
    for name, value in secrets.items():
        for form in sorted(_forms(value), key=len, reverse=True):
            text = text.replace(form.decode(errors="ignore"), f"[{name}]")
    return text


def _forms(value: str) -> set[bytes]:
    escaped = (value, html.escape(value), json.dumps(value)[1:-1], quote(value, safe=""))
    return {form.encode() for form in escaped} | {repr(value)[1:-1].encode()}


def _contents(path: Path) -> Iterator[bytes]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    else:
        yield path.read_bytes()
