"""reports.toml: where it is found, what it may say, and every problem with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.report import config
from tests.report_toy import write_config, write_notebook


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch) -> None:
    write_notebook(tmp_path)
    (tmp_path / "data").mkdir()
    share = '[deliveries.share]\nkind = "folder"\npath = "share"\n'
    path = write_config(tmp_path, share, parameters='{ data = "data" }')
    monkeypatch.chdir("/")
    chosen = config.load(path)
    assert chosen.root == tmp_path / "runs"
    assert chosen.report("toy").path == tmp_path / "toy.ipynb"
    assert chosen.report("toy").parameters["data"] == str(tmp_path / "data")
    assert chosen.deliveries["share"].path == tmp_path / "share"  # type: ignore[union-attr]


def test_file_is_found_by_variable_and_by_folder(tmp_path: Path, monkeypatch) -> None:
    path = write_config(tmp_path)
    monkeypatch.setenv(config.VARIABLE, str(path))
    assert set(config.load().reports) == {"toy"}
    monkeypatch.delenv(config.VARIABLE)
    monkeypatch.chdir(tmp_path)
    assert set(config.load().reports) == {"toy"}


def test_without_a_file_the_letter_can_be_run(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv(config.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    chosen = config.load()
    assert chosen.report("report").path.name == "report.ipynb"
    with pytest.raises(UnknownNameError, match="did you mean 'report'"):
        chosen.report("raport")


@pytest.mark.parametrize(
    "fields, says",
    [
        ({"schedul": '"0 8 * * 1"'}, "did you mean 'schedule'"),
        ({"schedule": '"every monday"'}, "five words"),
        ({"timezone": '"Kolkata"'}, "no time zone"),
        ({"formats": '["docx"]'}, "formats"),
        ({"deliver": '["shar"]'}, "unknown delivery"),
        ({"keep": "0"}, "keep"),
    ],
)
def test_wrong_field_is_named_with_its_place(tmp_path: Path, fields: dict, says: str) -> None:
    with pytest.raises(ParameterError, match=says) as caught:
        config.load(write_config(tmp_path, **fields))
    assert "toy" in str(caught.value) and "reports.toml" in str(caught.value)


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    path = write_config(tmp_path, keep="0", schedule='"x"', colour='"red"')
    with pytest.raises(ParameterError) as caught:
        config.load(path)
    assert len(str(caught.value).splitlines()) == 3


def test_file_that_is_absent_or_no_toml_says_so(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="cannot be read"):
        config.load(tmp_path / "absent.toml")
    (tmp_path / "reports.toml").write_text("[reports")
    with pytest.raises(ParameterError, match="is not TOML"):
        config.load(tmp_path / "reports.toml")
