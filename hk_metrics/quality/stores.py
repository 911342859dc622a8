"""Kinds of findings about what lies in a store: damaged, or there already."""

from __future__ import annotations

from hk_metrics.quality.kind import Kind

KINDS = (
    Kind(
        "part", "note",
        "this is a part of the data ({part}); what was found when the whole was imported is told "
        "to those who see the whole",
    ),
    Kind(
        "damaged_store", "warning",
        "{damages}. Shown is the last whole version, number {version} of {when}.",
        "import the files again, or undo the import that is damaged",
    ),
    Kind("damaged_store.sample", "warning", "{damages}. Shown is the generated sample."),
)  # fmt: skip
