"""A visitor: the name, the role (what they may do) and the scope (what they may see)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from hk_metrics.errors import NotAllowedError, ParameterError

Role = Literal["viewer", "editor", "admin"]
Action = Literal["import", "undo", "save"]
ROLES: tuple[Role, ...] = get_args(Role)
_ACTIONS: dict[Action, str] = {
    "import": "bring data in",
    "undo": "undo an import",
    "save": "save what others see",
}
# Dimension → the values that may be seen; empty: everything.
Scope = Mapping[str, tuple[str, ...]]
# Of a session's environment: the visitor, as JSON; and where they sign out, empty for nowhere.
VARIABLE = "HK_METRICS_VISITOR"
SIGN_OUT = "HK_METRICS_SIGN_OUT"


@dataclass(frozen=True)
class Visitor:
    """Who asks.

    Parameters
    ----------
    name
        As the history and the log call them; empty where nobody signs in.
    role
        A ``viewer`` looks, an ``editor`` also imports, undoes and saves what others see, an
        ``admin`` also sees and ends the sessions of others.
    scope
        Dimension → the values that they may see; empty for everything.
    """

    name: str = ""
    role: Role = "editor"
    scope: Scope = field(default_factory=dict)

    def may(self, action: Action) -> bool:
        """Return whether the visitor may do something.

        Whoever sees a part only changes nothing that everybody sees.

        >>> Visitor(role="viewer").may("import"), Visitor(role="editor").may("undo")
        (False, True)
        >>> Visitor(role="admin", scope={"brand": ("Gritzo",)}).may("import")
        False
        """
        assert action in _ACTIONS
        return self.role != "viewer" and not self.scope

    def require(self, action: Action) -> None:
        """Refuse what the visitor may not do.

        Raises
        ------
        NotAllowedError
            With a sentence that says who may.
        """
        if self.may(action):
            return
        reason = (
            "you see a part of the data only" if self.scope else f"you are signed in as {self.role}"
        )
        raise NotAllowedError(
            f"only an editor or an admin may {_ACTIONS[action]}; {reason}. Whoever runs the "
            "dashboard can give you another token"
        )

    def looking_only(self) -> Visitor:
        """Return the same visitor as a viewer."""
        return Visitor(self.name, "viewer", self.scope)

    def as_text(self) -> str:
        """Return the visitor as JSON."""
        scope = {name: list(values) for name, values in sorted(self.scope.items())}
        return json.dumps({"name": self.name, "role": self.role, "scope": scope})

    @classmethod
    def from_text(cls, text: str) -> Visitor:
        """Return the visitor that `as_text` wrote.

        >>> Visitor.from_text(Visitor("Asha", "viewer", {"brand": ("Gritzo",)}).as_text())
        Visitor(name='Asha', role='viewer', scope={'brand': ('Gritzo',)})
        """
        facts = json.loads(text)
        scope = {name: tuple(values) for name, values in facts["scope"].items()}
        return cls(facts["name"], role_named(facts["role"]), scope)


def current_visitor() -> Visitor:
    """Return whose session this process is; outside a server, whoever runs it."""
    stated = os.environ.get(VARIABLE)
    return Visitor.from_text(stated) if stated else Visitor(role="admin")


def role_named(name: str) -> Role:
    """Return a role by its name.

    Raises
    ------
    ParameterError
        For a name that is none.
    """
    for role in ROLES:
        if name.strip().lower() == role:
            return role
    raise ParameterError(f"{name!r} is no role: write one of {', '.join(ROLES)}")


def scope_of(texts: Iterable[str]) -> Scope:
    """Return the scope that texts of the form ``dimension=value`` describe.

    Values of one dimension add up; several dimensions must all hold.

    >>> scope_of(["brand=Gritzo", "brand=HKVitals", "platform=YouTube"])
    {'brand': ('Gritzo', 'HKVitals'), 'platform': ('YouTube',)}
    """
    scope: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (equals and name and value):
            raise ParameterError(f"{text!r}: write --scope DIMENSION=VALUE, e.g. brand=Gritzo")
        scope[name] = tuple(dict.fromkeys((*scope.get(name, ()), value)))
    return scope


def scope_text(scope: Scope) -> str:
    """Return a scope in words.

    >>> scope_text({"brand": ("Gritzo", "HKVitals")}), scope_text({})
    ('brand Gritzo, HKVitals', 'everything')
    """
    parts = [f"{name} {', '.join(values)}" for name, values in sorted(scope.items())]
    return "; ".join(parts) or "everything"
