"""Who asks: signed in by a token, told by a trusted proxy, or whoever uses this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User

from hk_metrics.access import Visitor, role_named, scope_of
from hk_metrics.errors import ParameterError
from hk_metrics.ui.serve.proxy import Proxy
from hk_metrics.ui.serve.sign_ins import SIGNED_IN_SECONDS, SignIns
from hk_metrics.ui.serve.throttle import Throttle

_BEARER = re.compile(r"(?:token|bearer)\s+(\S+)", re.IGNORECASE)
# Of whom nothing but the machine is known.
_HERE = "this machine"


@dataclass
class SignedIn(User):
    """A visitor as the server's handlers know one.

    ``owner`` is the key of the sign-in; what is opened under it belongs to nobody else.
    """

    owner: str = ""
    visitor: Visitor = field(default_factory=Visitor)

    @classmethod
    def of(cls, owner: str, visitor: Visitor) -> SignedIn:
        """Return a visitor under a key."""
        return cls(username=visitor.name or _HERE, owner=owner, visitor=visitor)


class Doorkeeper(IdentityProvider):
    """Says who sends a request; nothing of a token is read from an address or kept in a log."""

    sign_ins: SignIns
    proxy: Proxy
    read_only: bool
    cookie: str
    throttle: Throttle

    def settle(self, sign_ins: SignIns, proxy: Proxy, *, read_only: bool, cookie: str) -> None:
        """Take what it decides by."""
        self.sign_ins, self.proxy = sign_ins, proxy
        self.read_only, self.cookie = read_only, cookie
        self.throttle = Throttle()
        # Whom the proxy last said somebody is.
        self.named: dict[str, Visitor] = {}

    @property
    def auth_enabled(self) -> bool:
        """Return whether visitors must sign in."""
        return self.sign_ins.needed or bool(self.proxy.user)

    def get_handlers(self) -> list[Any]:
        """Return none: the server has its own."""
        return []

    def get_user(self, handler: Any) -> SignedIn | None:
        """Return who sends a request; None if they must sign in first."""
        known = getattr(handler, "_jupyter_current_user", None)
        return known or self._limited(self._found(handler))

    def holds(self, owner: str, visitor: Visitor) -> bool:
        """Return whether what a visitor opened under a key may stay open.

        Not with other rights than they have now: a token's entry may be edited, a proxy may say
        otherwise.
        """
        kind, _, key = owner.partition(":")
        if kind == "here":
            return not self.auth_enabled
        known = {"cookie": self.sign_ins.visitor, "bearer": self.sign_ins.holder}
        now = known.get(kind, self.named.get)(key)
        return now is not None and self._rights(now) == visitor

    def address(self, handler: Any) -> str:
        """Return the address of the visitor: behind a trusted proxy, the one that it names."""
        peer = str(handler.request.remote_ip)
        hops = [h.strip() for h in handler.request.headers.get("X-Forwarded-For", "").split(",")]
        for hop in [*reversed([h for h in hops if h]), ""]:
            if not self.proxy.trusts(peer) or not hop:
                return peer
            peer = hop
        return peer

    def sign_in(self, handler: Any, token: str) -> bool:
        """Set the cookie of a new sign-in; False if the token opens nothing."""
        found = self.sign_ins.presented(token)
        if found is None:
            self.throttle.failed(self.address(handler))
            return False
        key = self.sign_ins.begin(found[0])
        handler.set_cookie(
            self.cookie, key, path=handler.base_url, httponly=True, samesite="Lax",
            secure=_behind_tls(handler), max_age=SIGNED_IN_SECONDS,
        )  # fmt: skip
        return True

    def sign_out(self, handler: Any) -> str:
        """End the visitor's sign-in, as far as it was made here, and return its owner's key."""
        user = self.get_user(handler)
        self.sign_ins.end(handler.get_cookie(self.cookie) or "")
        handler.clear_cookie(self.cookie, path=handler.base_url)
        return user.owner if user and not user.owner.startswith("here:") else ""

    def leads_out(self, user: SignedIn) -> str:
        """Return the address at which a visitor signs out; empty where there is none."""
        own = {"cookie": "logout", "proxy": self.proxy.sign_out}
        return own.get(user.owner.partition(":")[0], "")

    def is_token_authenticated(self, handler: Any) -> bool:
        """Return whether a request carries its own token, as a program's does."""
        user: object = getattr(handler, "_jupyter_current_user", None)
        return bool(isinstance(user, SignedIn) and user.owner.startswith("bearer:"))

    def _found(self, handler: Any) -> SignedIn | None:
        if self.proxy.user and self.proxy.trusts(str(handler.request.remote_ip)):
            return self._named_by_proxy(handler)
        if bearer := _BEARER.fullmatch(handler.request.headers.get("Authorization", "").strip()):
            return self._bearer(handler, bearer[1])
        key = handler.get_cookie(self.cookie) or ""
        if visitor := self.sign_ins.visitor(key):
            return SignedIn.of(f"cookie:{key}", visitor)
        return None if self.auth_enabled else SignedIn.of("here:", Visitor(role="admin"))

    def _bearer(self, handler: Any, token: str) -> SignedIn | None:
        address = self.address(handler)
        if self.throttle.wait(address):
            return None
        found = self.sign_ins.presented(token)
        if found is None:
            self.throttle.failed(address)
            return None
        return SignedIn.of(f"bearer:{found[0]}", found[1])

    def _named_by_proxy(self, handler: Any) -> SignedIn | None:
        """Return whom a trusted proxy names; nobody where what it says cannot be understood."""
        headers = handler.request.headers
        name = headers.get(self.proxy.user, "").strip()
        if not name:
            return None
        role = headers.get(self.proxy.role, "") if self.proxy.role else ""
        scope = headers.get(self.proxy.scope, "") if self.proxy.scope else ""
        try:
            parts = [part for part in scope.split(";") if part.strip()]
            visitor = Visitor(name, role_named(role or self.proxy.default_role), scope_of(parts))
        except ParameterError as error:
            self.log.warning("the proxy's headers are not understood: %s", error)
            return None
        self.named[name] = visitor
        return SignedIn.of(f"proxy:{name}", visitor)

    def _limited(self, user: SignedIn | None) -> SignedIn | None:
        return user and SignedIn.of(user.owner, self._rights(user.visitor))

    def _rights(self, visitor: Visitor) -> Visitor:
        return visitor.looking_only() if self.read_only else visitor


def _behind_tls(handler: Any) -> bool:
    """Return whether the visitor's browser speaks TLS, here or with a proxy in front."""
    forwarded = handler.request.headers.get("X-Forwarded-Proto", "").lower()
    return bool("https" in (handler.request.protocol, forwarded))
