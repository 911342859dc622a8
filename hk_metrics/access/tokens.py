"""Tokens by name, in a file of hashes: given out once, told apart, revoked one by one."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from hk_metrics.access.visitor import Role, Scope, Visitor, role_named
from hk_metrics.errors import ParameterError

# Characters below which a token could be guessed.
SHORTEST = 16
_LOCK_SECONDS = 10


def digest(token: str) -> str:
    """Return what is kept of a token.

    A token is random and long, so that a fast hash tells nothing of it.
    """
    return hashlib.blake2b(token.encode(), digest_size=32, person=b"hk-metrics-token").hexdigest()


@dataclass(frozen=True)
class Token:
    """What the file knows of a token: whose it is, what it opens, and its hash."""

    name: str
    role: Role
    scope: Scope
    hash: str
    created: datetime

    @property
    def visitor(self) -> Visitor:
        """Who presents it."""
        return Visitor(self.name, self.role, self.scope)


class TokenFile:
    """The tokens that a server accepts; read again whenever the file changes.

    Parameters
    ----------
    path
        Of the file, which need not exist; readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser()
        self._read: tuple[tuple[int, int], tuple[Token, ...]] | None = None

    @property
    def exists(self) -> bool:
        """Whether there is a file: then visitors must sign in, also when all are revoked."""
        return self.path.is_file()

    def tokens(self) -> tuple[Token, ...]:
        """Return the tokens that are valid now, the oldest first.

        Raises
        ------
        ParameterError
            Where the file cannot be read; nobody is let in then.
        """
        if not self.exists:
            return ()
        fact = self.path.stat()
        stamp = (fact.st_mtime_ns, fact.st_ino)
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, self._parsed()
        return self._read[1]

    def find(self, token: str) -> Token | None:
        """Return the entry of a token that somebody presents; None if it opens nothing."""
        presented = digest(token)
        found = None
        for entry in self.tokens():
            if hmac.compare_digest(entry.hash, presented):
                found = entry
        return found

    def named(self, name: str) -> Token | None:
        """Return the entry of a name."""
        return next((t for t in self.tokens() if t.name == name), None)

    def add(self, name: str, role: str, scope: Scope) -> str:
        """Make a token, keep its hash, and return it: nobody can read it again.

        Raises
        ------
        ParameterError
            For a name that is empty or taken, or a role that is none.
        """
        name, role = name.strip(), role_named(role)
        if not name or any(not c.isprintable() for c in name):
            raise ParameterError("a token needs a name, e.g. of the person or agency it is for")
        token = secrets.token_urlsafe(32)
        with self._locked():
            if self.named(name):
                raise ParameterError(
                    f"there is a token for {name} already: revoke it first, or choose another name"
                )
            entry = Token(name, role, scope, digest(token), datetime.now(UTC))
            self._write([*self.tokens(), entry])
        return token

    def revoke(self, name: str) -> None:
        """Make a token worthless, and end the sessions that it opened.

        Raises
        ------
        ParameterError
            Where there is none of that name.
        """
        with self._locked():
            if self.named(name) is None:
                known = ", ".join(t.name for t in self.tokens()) or "none"
                raise ParameterError(f"there is no token for {name!r}; there are: {known}")
            self._write([t for t in self.tokens() if t.name != name])

    def _parsed(self) -> tuple[Token, ...]:
        try:
            entries = json.loads(self.path.read_text(encoding="utf-8"))["tokens"]
            return tuple(_entry(facts) for facts in entries)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ParameterError(
                f"{self.path} is no file of tokens ({error}): mend it, or move it away and make "
                "new tokens with hk-metrics token add"
            ) from error

    def _write(self, tokens: list[Token]) -> None:
        entries = [
            {"name": t.name, "role": t.role, "hash": t.hash, "created": t.created.isoformat(),
             "scope": {name: list(values) for name, values in t.scope.items()}}
            for t in tokens
        ]  # fmt: skip
        beside = self.path.with_name(f".{self.path.name}-{uuid4().hex}")
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"tokens": entries}, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise ParameterError(
                f"{self.path} cannot be written to ({error.strerror}); the tokens are as they were"
            ) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_name(f".{self.path.name}.lock"), timeout=_LOCK_SECONDS):
            yield


def _entry(facts: dict[str, object]) -> Token:
    scope = facts["scope"]
    assert isinstance(scope, dict)
    return Token(
        str(facts["name"]),
        role_named(str(facts["role"])),
        {str(name): tuple(str(v) for v in values) for name, values in scope.items()},
        str(facts["hash"]),
        datetime.fromisoformat(str(facts["created"])),
    )
