"""What lies in a project's folder and is no data: prose, programs, configuration, documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

_PROSE = """.md .markdown .mdx .rst .adoc .tex .bib .doc .docx .odt .rtf .pdf .ppt .pptx .odp .pages
    .pbix .pbit .twb .twbx .html .htm .xml .xsl .epub .eml .msg"""
_PROGRAMS = """.py .pyi .pyc .pyx .ipynb .r .rmd .qmd .jl .sql .js .mjs .cjs .ts .tsx .jsx .vue
    .svelte .java .kt .scala .go .rs .c .h .cc .cpp .cs .rb .php .pl .lua .swift .sh .bash .zsh
    .fish .bat .cmd .ps1 .vbs .bas .m .do .sas .dax .wasm .map .css .scss .sass .less .j2
    .jinja .tmpl"""
_CONFIGURATION = """.yml .yaml .toml .ini .cfg .conf .properties .env .lock .log .pid .pem .crt .key
    .gitignore .dockerignore .editorconfig .tf .tfvars .nix .gradle .cmake .mk .whl .egg .so .dll
    .dylib .exe"""
_MEDIA = """.png .jpg .jpeg .gif .webp .svg .ico .bmp .tif .tiff .heic .psd .ai .fig .mp3 .mp4 .mov
    .avi .wav .webm .ttf .otf .woff .woff2 .eot"""
_SUFFIXES = frozenset(f"{_PROSE} {_PROGRAMS} {_CONFIGURATION} {_MEDIA}".split())
_NAMES = re.compile(
    r"(?i)(read_?me|licen[cs]e|notice|authors|contributors|contributing|changelog|changes|history|"
    r"requirements[\w.-]*|constraints|todo|install|makefile|dockerfile|procfile|pipfile|manifest|"
    r"robots|humans|codeowners|gemfile|rakefile|vagrantfile|jenkinsfile|runtime|cmakelists)(\.txt|\.in)?"
)
_SETTINGS = re.compile(
    r"(?i)((package|package-lock|npm-shrinkwrap|composer|bower|lerna|turbo|nx|vercel|firebase|"
    r"angular|babel|app|now|renovate|devcontainer|launch|tasks|settings|extensions|manifest|"
    r"components|datapackage)|(ts|js)config[\w.-]*|[\w.-]*(config|rc|schema|\.lock|tsbuildinfo))\.json"
)
_FOLDERS = frozenset(
    {"node_modules", "__pycache__", "__macosx", "site-packages", "venv", "env", "virtualenv",
     "vendor", "bower_components", "dist", "build", "target", "htmlcov"}
)  # fmt: skip
_MOST_NAMES = 4


def is_data(name: str) -> bool:
    """Whether a file may be a table by its name; prose, programs and the like never are.

    >>> [is_data(n) for n in ("orders.csv", "README.md", "requirements.txt", "app/package.json")]
    [True, False, False, False]
    """
    path = PurePath(name)
    if path.suffix.lower() in _SUFFIXES or _NAMES.fullmatch(path.name):
        return False
    return not _SETTINGS.fullmatch(path.name)


def is_passed_over(folder: str) -> bool:
    """Whether a folder holds what tools put there, and nothing of the data."""
    return folder[:1] in (".", "~") or folder.lower() in _FOLDERS


def passed_over(names: Sequence[str], place: str = "") -> Iterator[Finding]:
    """Say in one line which files are no data."""
    if names:
        shown = ", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else "")
        yield finding(
            "no_data", files=counted(len(names), "file"), shown=shown, file=place,
            count=len(names),
        )  # fmt: skip
