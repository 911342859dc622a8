"""A store that holds a part of another one only: what sessions with a scope read.

Run by the server in a process of its own (``python -m hk_metrics.ui.parted FOLDER SCOPE``), so that
the whole is never in a session that may see a part.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from hk_metrics.access import Scope, scope_of
from hk_metrics.errors import HkMetricsError

# What the parts on disk were cut by; another number makes them anew.
_LAYOUT = 1
REFUSED = 3
FOLDER = "parts"


def folder_of(source: Path, scope: Scope) -> Path:
    """Return where the part of a store lies."""
    key = json.dumps([str(source), {k: sorted(v) for k, v in sorted(scope.items())}])
    return source.parent / FOLDER / hashlib.sha256(key.encode()).hexdigest()[:16]


def make(folder: Path, scope: Scope) -> None:
    """Bring a part up to date with the whole.

    Parameters
    ----------
    folder
        The part's store.
    scope
        What it may hold.

    Raises
    ------
    NotAllowedError
        If the whole has nothing in the scope.
    """
    from hk_metrics.ledger.disk import fingerprint
    from hk_metrics.scope import within
    from hk_metrics.store import Store, kept_in
    from hk_metrics.ui.allowed import allowed
    from hk_metrics.ui.sources import opened

    whole = opened(Store())
    source = json.dumps([_LAYOUT, whole.id, whole.name, fingerprint(whole.settings)])
    identity = hashlib.sha256(f"{source}{sorted(scope.items())}".encode()).hexdigest()[:16]
    part = Store(folder)
    current = part.current_version()
    if current is None or current.id != identity:
        part.commit(within(whole, scope, identity))
    seen, now = part.current(), kept_in(whole)
    if seen is not None and now is not None:
        part.team.put(*allowed(whole, seen, now.team))


def main(folder: str, scope: str) -> int:
    """Make a part; print why there is none."""
    try:
        make(Path(folder), scope_of(json.loads(scope)))
    except HkMetricsError as error:
        print(error)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
