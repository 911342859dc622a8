"""Secrets: by reference only, hidden from notebooks, and never in what leaves."""

from __future__ import annotations

import html
import json
import logging
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from hk_metrics import report
from hk_metrics.errors import ParameterError, ReportError
from hk_metrics.report import secrets
from tests.report_toy import write_config, write_notebook

VALUE = "p&ss<w\"rd' ü/1"


def test_reference_is_resolved_from_environment_and_file(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TOY_SECRET", VALUE)
    (tmp_path / "pw").write_text(VALUE + "\n", encoding="utf-8")
    assert secrets.resolve("env:TOY_SECRET") == VALUE
    assert secrets.resolve(f"file:{tmp_path}/pw") == VALUE
    for missing in ("env:TOY_ABSENT", f"file:{tmp_path}/absent"):
        with pytest.raises(ParameterError, match=missing):
            secrets.resolve(missing)


@pytest.mark.parametrize(
    "form",
    [VALUE, html.escape(VALUE), json.dumps(VALUE), quote(VALUE, safe=""), repr(VALUE)],
)
def test_secret_is_found_in_every_form_it_may_take(tmp_path: Path, form: str) -> None:
    text, book = tmp_path / "page.html", tmp_path / "book.xlsx"
    text.write_text(f"<p>{form}</p>", encoding="utf-8")
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{form}</t>")
    for path in (text, book):
        with pytest.raises(ReportError, match="TOY_SECRET") as caught:
            secrets.scan([path], {"env:TOY_SECRET": VALUE})
        assert VALUE not in str(caught.value)


def test_redaction_leaves_no_form_of_a_secret() -> None:
    known = {"env:TOY_SECRET": VALUE}
    said = secrets.redact(f"{VALUE} {html.escape(VALUE)} {quote(VALUE, safe='')}", known)
    assert said == "[env:TOY_SECRET] [env:TOY_SECRET] [env:TOY_SECRET]"


def test_variables_that_sound_secret_count(monkeypatch) -> None:
    monkeypatch.setenv("TOY_API_KEY", "0123456789")
    monkeypatch.setenv("TOY_TOKEN", "short")
    monkeypatch.setenv("TOY_COLOUR", "0123456789")
    found = secrets.known()
    assert found["env:TOY_API_KEY"] == "0123456789"
    assert "env:TOY_TOKEN" not in found and "env:TOY_COLOUR" not in found


DELIVERIES = """
[deliveries.share]
kind = "folder"
path = "share"
[deliveries.hook]
kind = "webhook"
url = "env:TOY_HOOK"
"""


def test_delivery_secrets_are_hidden_from_the_notebook(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TOY_HOOK", "http://127.0.0.1:1/abcdefghij")
    write_notebook(tmp_path, "import os; print('hook:', os.environ.get('TOY_HOOK'))")
    result = report.run("toy", config=write_config(tmp_path, DELIVERIES))
    assert "hook: None" in result.path.read_text()


def test_report_that_shows_a_secret_is_not_made_or_delivered(
    tmp_path: Path, monkeypatch, caplog, capfd
) -> None:
    monkeypatch.setenv("TOY_DATABASE_PASSWORD", "s3cr3t-value-42")
    write_notebook(tmp_path, "import os; print(os.environ['TOY_DATABASE_PASSWORD'])")
    path = write_config(
        tmp_path, DELIVERIES, deliver='["share"]', formats='["html", "xlsx", "csv", "ipynb"]'
    )
    with caplog.at_level(logging.DEBUG):
        result = report.run("toy", config=path)
    assert not result.ok and "TOY_DATABASE_PASSWORD" in result.run.message
    files = [p for p in tmp_path.rglob("*") if p.is_file() and p.name != "toy.ipynb"]
    assert not any(b"s3cr3t-value-42" in p.read_bytes() for p in files)
    assert "s3cr3t-value-42" not in caplog.text + "".join(capfd.readouterr()) + str(result)


def test_failure_that_quotes_a_secret_is_redacted(tmp_path: Path, monkeypatch, capfd) -> None:
    monkeypatch.setenv("TOY_DATABASE_PASSWORD", "s3cr3t-value-42")
    write_notebook(
        tmp_path, "import os\nraise ValueError('login ' + os.environ['TOY_DATABASE_PASSWORD'])"
    )
    result = report.run("toy", config=write_config(tmp_path, DELIVERIES, deliver='["share"]'))
    assert "login [env:TOY_DATABASE_PASSWORD]" in result.run.message
    files = [p for p in tmp_path.rglob("*") if p.is_file() and p.name != "toy.ipynb"]
    assert any(p.name == "last-failure.ipynb" for p in files)
    assert not any(b"s3cr3t-value-42" in p.read_bytes() for p in files)
    assert "s3cr3t-value-42" not in "".join(capfd.readouterr())


def test_address_of_the_data_by_reference_is_not_quoted(tmp_path: Path, monkeypatch) -> None:
    """Nothing listens at port 1; what the driver says about it names the address."""
    address = "postgresql://hk:s3cr3t-value-42@127.0.0.1:1/hk"
    monkeypatch.setenv("TOY_DATA", address)
    with pytest.raises(ParameterError) as caught:
        report.run("report", {"data": "env:TOY_DATA"}, output=tmp_path)
    assert "s3cr3t-value-42" not in str(caught.value)
    with pytest.raises(ParameterError, match="holds a password"):
        report.run("report", {"data": address}, output=tmp_path)
