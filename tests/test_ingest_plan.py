"""An import before it happens: looked at, answered, carried out, remembered."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pytest

from hk_metrics.errors import SchemaError, UnknownNameError
from hk_metrics.ingest import Answers, ImportPlan, limits, load, preview, template
from hk_metrics.schemas import TABLES
from hk_metrics.settings import Settings
from tests.small_files import PAYOUTS, POSTS, TRACKING, files


def _plan(tmp_path: Path, **changed: str | bytes | None) -> ImportPlan:
    return preview(files(**changed), memory=tmp_path)


def test_plan_of_clean_files_asks_nothing(tmp_path: Path) -> None:
    plan = _plan(tmp_path)
    assert plan.ready and not plan.questions and not plan.report.errors
    assert [(f.file, f.table, f.rows) for f in plan.files] == [
        ("influencers.csv", "influencers", 3), ("posts.csv", "posts", 3),
        ("tracking_data.csv", "tracking_data", 5), ("payouts.csv", "payouts", 3),
    ]  # fmt: skip
    assert plan.totals["revenue"] == 2200 and plan.totals["spend"] == 890
    assert plan.dataset().id == load(files()).id


def test_plan_counts_rows_in_rejected_and_changed(tmp_path: Path) -> None:
    tracking = TRACKING.replace("2025-03-20", "someday").replace(",500", ',"₹ 500"')
    plan = _plan(tmp_path, tracking_data=tracking)
    row = plan.rows.loc["tracking_data"]
    assert row.to_dict() == {"rows_in": 5, "rejected": 1, "kept": 4, "changed": 1}
    assert plan.totals["revenue"] == 1450
    assert plan.report.errors[0].money == 750


def test_answered_date_order_is_used(tmp_path: Path) -> None:
    tracking = TRACKING
    for day in (2, 3, 12, 6, 20):
        tracking = tracking.replace(f"2025-03-{day:02d}", f"{day % 9 + 1:02d}/03/2025")
    plan = _plan(tmp_path, tracking_data=tracking)
    (question,) = plan.questions
    assert set(question.choices) == {"day_first", "month_first"}
    answered = plan.answer(question, "month_first")
    assert not answered.questions
    months = answered.dataset().tables["tracking_data"]["date"].dt.day().unique().to_list()
    assert months == [3]
    assert plan.questions, "a plan never changes"


def test_answered_column_is_used(tmp_path: Path) -> None:
    plan = _plan(tmp_path, posts=POSTS.replace("comments", "commments"))
    (question,) = plan.questions
    assert plan.answer(question, "comments").dataset().id == load(files()).id
    with pytest.raises(UnknownNameError, match="choice"):
        plan.answer(question, "nonsense")


def test_missing_optional_column_can_be_agreed_to(tmp_path: Path) -> None:
    plan = _plan(tmp_path, tracking_data=TRACKING.replace("product", "stuff_bought"))
    (question,) = plan.questions
    assert question.finding.code == "missing_column"
    answered = plan.answer(question, "")
    assert not answered.questions and answered.ready
    mapped = plan.with_column("tracking_data.csv", "stuff_bought", "product")
    assert not mapped.questions and mapped.dataset().id == load(files()).id


def test_file_can_be_taken_for_another_table_or_left_out(tmp_path: Path) -> None:
    plan = preview(files() | {"more.csv": PAYOUTS.replace("400", "500").encode()}, memory=tmp_path)
    assert plan.files[-1].table == "payouts"
    without = plan.with_table("more.csv", None)
    assert without.totals["spend"] == 890
    with pytest.raises(UnknownNameError):
        plan.with_table("absent.csv", None)


def test_unrecognised_file_is_asked_about(tmp_path: Path) -> None:
    odd = b"date,likes,colour,shape\n2025-03-01,1,red,round\n"
    plan = preview(files() | {"odd.csv": odd}, memory=tmp_path)
    (question,) = plan.questions
    assert question.finding.code == "unrecognised_file"
    assert plan.answer(question, "(leave out)").questions == ()


def test_unknown_influencers_can_be_kept_in_a_plan(tmp_path: Path) -> None:
    plan = _plan(tmp_path, payouts=PAYOUTS.replace("3,post", "A17,post"))
    assert plan.totals["spend"] == 800
    assert plan.with_unknown_influencers("keep").totals["spend"] == 890


def test_answers_are_remembered_by_the_headers(tmp_path: Path) -> None:
    spoilt = {"payouts": PAYOUTS.replace("total_payout", "XYZ")}
    plan = _plan(tmp_path, **spoilt).with_column("payouts.csv", "XYZ", "total_payout")
    plan.remember(tmp_path)
    again = preview(
        {n.replace("payouts", "april"): d for n, d in files(**spoilt).items()}, memory=tmp_path
    )
    assert not again.questions and again.totals["spend"] == 890
    assert "remembered" in {f.code for f in again.report.notes}
    loaded = load(files(**spoilt), settings=Settings(store=tmp_path))
    assert loaded.view().totals(["spend"])["spend"] == 890


def test_remembered_answers_yield_to_new_ones(tmp_path: Path) -> None:
    _plan(tmp_path).with_table("payouts.csv", None).remember(tmp_path)
    assert isnan(_plan(tmp_path).totals["spend"])
    now = preview(files(), answers=Answers(tables={"payouts.csv": "payouts"}), memory=tmp_path)
    assert now.totals["spend"] == 890


def test_plan_without_anything_usable_is_not_ready(tmp_path: Path) -> None:
    plan = preview({"x.csv": b"\x89PNG\r\n\x1a\n"}, memory=tmp_path)
    assert not plan.ready
    with pytest.raises(SchemaError, match="PNG image"):
        plan.dataset()


def test_rejected_rows_come_as_csv_without_formulas(tmp_path: Path) -> None:
    plan = _plan(tmp_path, tracking_data=TRACKING.replace("Whey,2025-03-06", "=1+1,someday"))
    (csv,) = plan.rejected_csv().values()
    text = csv.decode("utf-8-sig")
    assert '"\'=1+1"' in text and "date someday: not a date" in text
    assert list(plan.rejected_csv()) == ["rejected_tracking_data.csv"]


@pytest.mark.parametrize("table", TABLES)
def test_template_has_every_required_column(table: str) -> None:
    head = template(table).splitlines()[0].split(",")
    assert set(TABLES[table].required_names) <= set(head)


def test_templates_load_as_they_are() -> None:
    data = load({f"{t}.csv": template(t).encode() for t in TABLES})
    assert data.view().totals(["revenue", "spend"]).to_dict() == {"revenue": 2499, "spend": 5400}
    with pytest.raises(UnknownNameError):
        template("orders")


def test_limits_are_stated_in_words() -> None:
    assert limits(Settings(max_upload_mb=5))["upload"] == "5 MB a file"
