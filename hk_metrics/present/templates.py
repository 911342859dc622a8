"""Templates of the letter and the mail; every value from data is escaped by them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).resolve().parent / "template"


def render(template: str, **values: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    template
        Its name, without ``.html.j2``.
    values
        What it shows; text is escaped unless it is ``markupsafe.Markup``.

    >>> render("note", title="A & B", text="", points=[])
    '<section class="prose"><h2>A &amp; B</h2></section>'
    """
    return _templates().get_template(f"{template}.html.j2").render(values)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
