"""Into a folder, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from hk_metrics.present import atomic
from hk_metrics.report.delivery.parcel import Parcel, TemporaryError


class Folder(BaseModel, frozen=True, extra="forbid"):
    """A folder, e.g. a mounted share: ``PATH/REPORT/RUN/``, alerts in ``PATH/alerts/``."""

    kind: Literal["folder"] = "folder"
    path: Path

    @property
    def references(self) -> tuple[str, ...]:
        """Secrets it uses."""
        return ()

    def deliver(self, parcel: Parcel) -> None:
        """Copy the outputs under a temporary name, then rename them.

        Raises
        ------
        TemporaryError
            The folder cannot be written now.
        """
        try:
            if parcel.folder is None:
                note = f"{parcel.subject}\n\n{parcel.text}\n"
                name = f"{parcel.report}-{parcel.key}.txt"
                atomic.write(self.path / "alerts" / name, note.encode())
            else:
                _copy(parcel.folder, self.path / parcel.report / parcel.folder.name)
        except OSError as failure:
            raise TemporaryError(f"{self.path}: {failure.strerror or failure}") from failure


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f"{atomic.TEMPORARY}{target.name}-"
    for left in target.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        shutil.copytree(source, draft, dirs_exist_ok=True)
        atomic.replace_folder(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
