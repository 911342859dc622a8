"""Who asks, and what they may do and see."""

from hk_metrics.access.tokens import SHORTEST, Token, TokenFile, digest
from hk_metrics.access.visitor import (
    ROLES,
    SIGN_OUT,
    VARIABLE,
    Role,
    Scope,
    Visitor,
    current_visitor,
    role_named,
    scope_of,
    scope_text,
)

__all__ = [
    "ROLES",
    "SHORTEST",
    "SIGN_OUT",
    "VARIABLE",
    "Role",
    "Scope",
    "Token",
    "TokenFile",
    "Visitor",
    "current_visitor",
    "digest",
    "role_named",
    "scope_of",
    "scope_text",
]
