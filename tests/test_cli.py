"""The command line, as a shell sees it: output, messages and exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hk_metrics.cli import main
from tests.small_files import files


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    result = run("generate", folder, "--influencers", "12", "--days", "30", "--events", "600")
    assert result.exit_code == 0, result.output
    return folder


def test_generate_writes_the_tables(sample: Path) -> None:
    names = {path.stem for path in sample.glob("*.csv")}
    assert {"influencers", "posts", "tracking_data", "payouts"} <= names


def test_totals_equal_the_reference(reference: Path) -> None:
    expected = json.loads((reference / "expected.json").read_text())["totals"]
    result = run("totals", reference, "--format", "json")
    assert result.exit_code == 0, result.output
    totals = json.loads(result.stdout)
    for name in ("orders", "revenue", "spend", "reach", "engagements"):
        assert totals[name] == pytest.approx(expected[name], abs=0.005), name
    assert totals["roi"] * 100 == pytest.approx(expected["roi_pct"], abs=5e-5)


def test_totals_by_source_as_csv(reference: Path) -> None:
    expected = json.loads((reference / "expected.json").read_text())["by_source"]
    result = run("totals", reference, "--by", "source", "--format", "csv")
    rows = {row["source"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    for source, values in expected.items():
        assert float(rows[source]["revenue"]) == pytest.approx(values["revenue"], abs=0.005)
        assert float(rows[source]["orders"]) == values["orders"]
        assert rows[source]["reach"] == ""  # posts are not split by source


def test_totals_where_filters_spend_with_revenue(reference: Path) -> None:
    campaigns = ["HKFitBlast", "MBProteinPush", "GritzoKidsRun"]
    spends = []
    for campaign in campaigns:
        result = run("totals", reference, "--where", f"campaign={campaign}", "--format", "json",
                     "--metric", "spend")  # fmt: skip
        spends.append(json.loads(result.stdout)["spend"])
    assert sum(spends) == pytest.approx(1_264_269.00, abs=0.005)


def test_totals_of_an_unknown_value_names_the_nearest(sample: Path) -> None:
    result = run("totals", sample, "--where", "platform=Instagran")
    assert result.exit_code == 1
    assert "did you mean 'Instagram'?" in result.stderr
    assert "Traceback" not in result.output


def test_totals_notes_undated_spend_on_stderr(sample: Path) -> None:
    result = run("totals", sample, "--where", "date=2030-01-01..2030-01-31", "--format", "json")
    assert result.exit_code == 0
    assert set(json.loads(result.stdout).values()) == {None}


def test_check_of_a_missing_column_says_which_and_fails(sample: Path, tmp_path: Path) -> None:
    for path in sample.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    posts = tmp_path / "posts.csv"
    posts.write_text(posts.read_text().replace("reach", "something_else", 1))
    result = run("check", tmp_path)
    assert result.exit_code == 1
    assert "posts.csv" in result.output
    assert "reach" in result.output


def test_check_of_a_missing_path_says_so() -> None:
    result = run("check", "/nowhere/at/all")
    assert result.exit_code == 1
    assert "/nowhere/at/all" in result.stderr


def test_import_commits_and_totals_read_the_store(sample: Path, tmp_path: Path) -> None:
    result = run("import", sample, "--into", tmp_path / "store", "--yes")
    assert result.exit_code == 0, result.output
    from_files = json.loads(run("totals", sample, "--format", "json").stdout)
    from_store = json.loads(run("totals", tmp_path / "store", "--format", "json").stdout)
    assert from_store == pytest.approx(from_files, rel=1e-9)


def test_import_unconfirmed_changes_nothing(sample: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    result = CliRunner().invoke(main, ["import", str(sample), "--into", str(store)], input="n\n")
    assert "Nothing was changed" in result.output
    assert not list(store.rglob("*.parquet"))


def test_report_list_works_without_a_configuration() -> None:
    result = run("report", "list")
    assert result.exit_code == 0, result.output


def test_check_takes_the_answers_that_its_message_names(sample: Path, tmp_path: Path) -> None:
    for path in set(sample.glob("*.csv")) - {sample / "payouts.csv"}:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    head, first, *_ = (tmp_path / "posts.csv").read_text().splitlines()
    cells = dict(zip(head.split(","), first.split(","), strict=False))
    doubtful = first.replace(cells["date"], "03-04-2025").replace(cells["influencer_id"], "nobody")
    (tmp_path / "posts.csv").write_text(f"{head}\n{doubtful}\n")
    asked = run("check", str(tmp_path))
    assert asked.exit_code == 1
    assert "--date-order" in asked.output and "--keep-unknown" in asked.output
    told = run("check", str(tmp_path), "--date-order", "day_first", "--keep-unknown")
    assert told.exit_code == 0, told.output
    assert "3 April 2025" in told.output


def test_check_fails_where_money_may_be_counted_wrongly_and_nobody_was_asked(
    tmp_path: Path,
) -> None:
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    sure = run("check", tmp_path)
    assert sure.exit_code == 0, sure.output
    payouts = tmp_path / "payouts.csv"
    lines = payouts.read_text().splitlines()

    def with_status(*words: str) -> None:
        told = ["status", *words]
        payouts.write_text("\n".join(f"{a},{b}" for a, b in zip(lines, told, strict=True)))

    with_status("Queued", "Processed", "Paid")
    assert run("check", tmp_path).exit_code == 0  # understood, and said
    with_status("Limbo", "Processed", "Paid")
    odd = run("check", tmp_path)
    assert odd.exit_code == 1
    assert "nobody was asked" in odd.stderr and "'Limbo'" in odd.stderr


def test_check_with_reject_fails_where_the_likelier_reading_was_assumed(tmp_path: Path) -> None:
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    more = "influencer_id,revenue,orders\n1,9999,90\n2,8888,80\n"
    (tmp_path / "sums.csv").write_text(more)
    assert run("check", tmp_path).exit_code == 1
    assumed = run("check", tmp_path, "--reject")
    assert assumed.exit_code == 1
    assert "Assumed" in assumed.stderr
