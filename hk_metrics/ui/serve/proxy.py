"""A reverse proxy that signs people in: where it stands, and in which headers it says who asks."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True)
class Proxy:
    """A reverse proxy that signs people in, and says who they are in headers.

    Parameters
    ----------
    trusted
        Addresses or networks from which the headers are believed.
    user, role, scope
        Names of the headers; empty for none. A scope is ``brand=Gritzo; platform=YouTube``.
    default_role
        Of people about whose role the proxy says nothing.
    sign_out
        Address at which the proxy's sign-in ends; empty where pages offer none.
    """

    trusted: tuple[str, ...] = ()
    user: str = ""
    role: str = ""
    scope: str = ""
    default_role: str = "viewer"
    sign_out: str = ""

    def trusts(self, address: str) -> bool:
        """Return whether what comes from an address is believed.

        >>> Proxy(trusted=("10.0.0.0/8",)).trusts("10.1.2.3"), Proxy().trusts("127.0.0.1")
        (True, False)
        """
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
            return any(ip in ipaddress.ip_network(net, strict=False) for net in self.trusted)
        except ValueError:
            return False
