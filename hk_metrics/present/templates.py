"""Templates of the letter and the mail; every value from data is escaped by them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).resolve().parent / "template"
_MONEY = r"(?:[A-Z]{2,3}[ \u00a0]|[A-Z]{0,3}[^\s\w&;#<>()'\"%+,.:=/–—-])\d[\d.,]*"
_UNIT = r"[ \u00a0](?:Cr|L|K|M|B)\b"
# What a line could be broken in: a sign before it, or a unit behind it.
_AMOUNT = re.compile(f"[-+]{_MONEY}(?:{_UNIT})?|{_MONEY}{_UNIT}")


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


def unbroken(text: str) -> Markup:
    """Return text as markup that keeps amounts of money in one line, sign and unit and all.

    >>> unbroken("a & b: +₹11.5 L")
    Markup('a &amp; b: <span style="white-space:nowrap">+₹11.5 L</span>')
    """
    kept = r'<span style="white-space:nowrap">\g<0></span>'
    return Markup(_AMOUNT.sub(kept, str(escape(text))))


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["unbroken"] = unbroken
    return environment
