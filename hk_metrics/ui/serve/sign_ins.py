"""Sign-ins that hold, by a key that only the visitor's cookie knows."""

from __future__ import annotations

import secrets
import time

from hk_metrics.access import SHORTEST, TokenFile, Visitor, digest
from hk_metrics.errors import ParameterError

SIGNED_IN_SECONDS = 12 * 3600


class SignIns:
    """Sign-ins that hold: each ends after twelve hours, with sign-out, or with its token.

    Parameters
    ----------
    token
        The server's single token; whoever presents it is an admin.
    file
        Tokens by name.
    """

    def __init__(self, token: str | None, file: TokenFile) -> None:
        self.token = digest(token) if token else None
        self.file = file
        self._known: dict[str, tuple[str, float]] = {}

    @property
    def needed(self) -> bool:
        """Whether a token must be presented."""
        return self.token is not None or self.file.exists

    @property
    def scoped(self) -> bool:
        """Whether some token opens a part only."""
        try:
            return any(entry.scope for entry in self.file.tokens())
        except ParameterError:
            return False

    def presented(self, token: str) -> tuple[str, Visitor] | None:
        """Return the hash and the visitor of a token; None if it opens nothing."""
        if len(token) < SHORTEST:
            return None
        visitor = self.holder(digest(token))
        return (digest(token), visitor) if visitor else None

    def begin(self, token_hash: str) -> str:
        """Return the key of a new sign-in."""
        now = time.time()
        self._known = {k: v for k, v in self._known.items() if v[1] > now}
        key = secrets.token_urlsafe(32)
        self._known[key] = (token_hash, now + SIGNED_IN_SECONDS)
        return key

    def visitor(self, key: str) -> Visitor | None:
        """Return the visitor of a sign-in; None if it has ended, or its token was revoked."""
        token_hash, until = self._known.get(key, ("", 0.0))
        return self.holder(token_hash) if until > time.time() else None

    def end(self, key: str) -> None:
        """Sign out."""
        self._known.pop(key, None)

    def holder(self, token_hash: str) -> Visitor | None:
        """Return whose a token is, by its hash."""
        if self.token and secrets.compare_digest(token_hash, self.token):
            return Visitor("admin", "admin")
        try:
            entries = self.file.tokens()
        except ParameterError:
            return None
        matching = [t for t in entries if secrets.compare_digest(t.hash, token_hash)]
        return matching[0].visitor if matching else None
