"""The documents as a site: make docs. All of it comes from this repository, none from the net."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hk_metrics import __version__

project = "hk_metrics"
version = release = __version__
language = "en"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Docstrings put names between single backquotes.
default_role = "code"
napoleon_google_docstring = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
html_theme = "furo"
html_title = f"hk_metrics {version}"
html_static_path: list[str] = []
html_copy_source = False
