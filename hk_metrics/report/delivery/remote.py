"""To any place that fsspec knows: S3, Azure, Google, SFTP, a share."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from hk_metrics.report import secrets
from hk_metrics.report.delivery.parcel import Parcel, TemporaryError

_SECRET_OPTION = re.compile(r"secret|password|token|key|credential|sas", re.IGNORECASE)


def _options(values: dict[str, Any]) -> dict[str, Any]:
    for name, value in values.items():
        if isinstance(value, dict):
            _options(value)
        elif _SECRET_OPTION.search(name) and isinstance(value, str):
            try:
                secrets.require_reference(value)
            except ValueError as wrong:
                raise ValueError(f"option {name!r} {wrong}") from None
    return values


class Remote(BaseModel, frozen=True, extra="forbid"):
    """A place by its fsspec address (``s3://bucket/reports``) and its options."""

    kind: Literal["fsspec"] = "fsspec"
    url: str
    options: Annotated[dict[str, Any], AfterValidator(_options)] = Field(default_factory=dict)

    @property
    def references(self) -> tuple[str, ...]:
        """Secrets it uses."""
        return tuple(_references(self.options))

    def deliver(self, parcel: Parcel) -> None:
        """Write the outputs; ``_SUCCESS`` comes last and says that all is there.

        Raises
        ------
        TemporaryError
            The place cannot be written now.

        Notes
        -----
        Object stores know no renaming of folders; each object appears whole, and the mark at the
        end is the custom there.
        """
        import fsspec

        try:
            place, root = fsspec.core.url_to_fs(self.url, **_resolved(self.options))
            if parcel.folder is None:
                note = f"{parcel.subject}\n\n{parcel.text}\n".encode()
                _put(place, f"{root}/alerts/{parcel.report}-{parcel.key}.txt", note)
                return
            target = f"{root}/{parcel.report}/{parcel.folder.name}"
            for path in sorted(p for p in parcel.folder.rglob("*") if p.is_file()):
                name = path.relative_to(parcel.folder).as_posix()
                _put(place, f"{target}/{name}", path.read_bytes())
            _put(place, f"{target}/_SUCCESS", b"")
        except Exception as failure:  # noqa: BLE001 - every store has errors of its own
            known = secrets.known(self.references)
            words = secrets.redact(f"{type(failure).__name__}: {failure}", known)
            raise TemporaryError(f"{self.url}: {words}") from None


def _put(place: Any, path: str, content: bytes) -> None:
    place.makedirs(path.rpartition("/")[0], exist_ok=True)
    with place.transaction:
        place.pipe_file(path, content)


def _references(options: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for value in options.values():
        if isinstance(value, dict):
            found += _references(value)
        elif isinstance(value, str) and secrets.is_reference(value):
            found.append(value)
    return found


def _resolved(options: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _resolved(value)
        if isinstance(value, dict)
        else secrets.resolve(value)
        if isinstance(value, str)
        else value
        for name, value in options.items()
    }
