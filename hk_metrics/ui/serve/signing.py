"""Signing in and out, in the product's words; a token in a link is taken out of the address."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jupyter_server.auth.decorator import allow_unauthenticated
from voila.handler import BaseVoilaHandler

from hk_metrics.ui.serve.identity import Doorkeeper, SignedIn
from hk_metrics.ui.serve.visits import Visits

_WRONG = "This token opens nothing. It may have been revoked; ask whoever gave it to you."
_NOBODY = "Your sign-in service did not say who you are. Sign in there and open this page again."


class _SigningHandler(BaseVoilaHandler):  # type: ignore[misc]
    """What both pages share."""

    def initialize(self, visits: Visits, **options: Any) -> None:
        """Take the open sessions, which end with the sign-in."""
        self.visits = visits
        super().initialize(**options)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")

    @property
    def doorkeeper(self) -> Doorkeeper:
        """Who decides."""
        found = self.identity_provider
        assert isinstance(found, Doorkeeper)
        return found

    def page(self, template: str, /, **words: Any) -> None:
        """Send a page."""
        self.finish(self.render_template(template, xsrf=self.xsrf_token.decode(), **words))


class SignInHandler(_SigningHandler):
    """The page that asks for a token."""

    @allow_unauthenticated
    def get(self) -> None:
        """Send the page; who is signed in goes on."""
        query = self._query(self.get_query_argument("next", ""))
        if self.current_user:
            self.redirect(self._target(query))
        else:
            self._ask(query)

    @allow_unauthenticated
    def post(self) -> None:
        """Take a token."""
        query = self._query(self.get_body_argument("next", ""))
        self._try(self.get_body_argument("token", ""), query)

    def _try(self, token: str, query: str) -> None:
        wait = self.doorkeeper.throttle.wait(self.doorkeeper.address(self))
        if wait:
            self.set_status(429)
            self.set_header("Retry-After", str(math.ceil(wait)))
            self._ask(query, f"Too many tries. Wait {math.ceil(wait)} seconds, then try again.")
        elif self.doorkeeper.sign_in(self, token):
            self.redirect(self._target(query), status=303)
        else:
            self.set_status(401)
            self._ask(query, _WRONG)

    def _ask(self, query: str, problem: str = "") -> None:
        by_token = self.doorkeeper.sign_ins.needed
        if not by_token:
            self.set_status(403)
        words = problem if by_token else _NOBODY
        self.page("sign_in.html", problem=words, next=query, by_token=by_token)

    def _query(self, wanted: str) -> str:
        """Return the query of an address of ours; only that is kept, so no other can be meant."""
        return without_token(wanted.partition("?")[2])[0]

    def _target(self, query: str) -> str:
        return f"{self.base_url}?{query}" if query else str(self.base_url)


class TokenHandler(SignInHandler):
    """A link with a token: signs in, and leads to the same address without it."""

    def initialize(self, visits: Visits, token: str = "", **options: Any) -> None:
        """Take the token that was in the address."""
        self.token_given = token
        super().initialize(visits, **options)

    @allow_unauthenticated
    def get(self) -> None:
        """Sign in; where nobody needs to, only the address is cleaned."""
        query = str(self.request.query)
        if self.doorkeeper.sign_ins.needed:
            self._try(self.token_given, query)
        else:
            self.redirect(self._target(query), status=303)


class SignOutHandler(_SigningHandler):
    """The page that ends a sign-in, and every session under it."""

    @allow_unauthenticated
    def get(self) -> None:
        """Ask: a link alone, which anybody can have somebody follow, signs nobody out."""
        user = self.current_user
        name = user.visitor.name if isinstance(user, SignedIn) else ""
        self.page("sign_out.html", done=False, visitor=name)

    @allow_unauthenticated
    async def post(self) -> None:
        """Sign out."""
        owner = self.doorkeeper.sign_out(self)
        await self.visits.end_of(owner)
        elsewhere = self.doorkeeper.proxy.sign_out
        if owner.startswith("proxy:") and elsewhere:
            self.redirect(elsewhere, status=303)
        else:
            self.page("sign_out.html", done=True, by_proxy=owner.startswith("proxy:"))


def without_token(query: str) -> tuple[str, str]:
    """Return a query without its token, and the token.

    >>> without_token("brand=Gritzo&token=s3cret&page=roas")
    ('brand=Gritzo&page=roas', 's3cret')
    """
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=2000)
    kept = urlencode([(name, value) for name, value in pairs if name != "token"])
    return kept, next((value for name, value in pairs if name == "token"), "")
