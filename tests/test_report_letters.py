"""One letter a value: each brand's to its own recipients, none for a brand without a row."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hk_metrics import report
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.report import config, planned
from hk_metrics.report.records import History, Run
from tests.report_toy import PARAMETERS, write_config, write_notebook

BY_BRAND = f'{PARAMETERS}\ndata: str = "sample"\nbrand: Optional[list[str]] = None  # only these'
SAYS = """import hk_metrics as hk
from IPython.display import display
view = hk.load(data).view(brand=brand)
display({"application/vnd.hk-metrics.letter+json": {
    "subject": f"{brand}: {view.totals(['revenue'])['revenue']:.0f}"}, "text/plain": ""}, raw=True)
"""
FILES = {
    "influencers.csv": "id,name,platform\n1,Asha,Instagram\n2,Bo,YouTube\n",
    "posts.csv": "influencer_id,platform,date,brand,reach,likes,comments\n"
    "1,Instagram,2025-05-03,Gritzo,100,5,1\n2,YouTube,2025-05-04,HKVitals,100,5,1\n"
    "2,YouTube,2025-03-01,MuscleBlaze,100,5,1\n",
    "tracking_data.csv": "source,campaign,influencer_id,user_id,product,date,orders,revenue,brand\n"
    "Promo,A,1,u1,Milk,2025-05-05,1,700,Gritzo\n"
    "Promo,A,2,u2,Fish Oil,2025-05-06,1,1100,HKVitals\n"
    "Promo,A,2,u3,Whey,2025-03-02,1,1900,MuscleBlaze\n",
    "payouts.csv": "influencer_id,basis,rate,orders,total_payout\n1,order,100,1,100\n",
}
FOLDERS = """
[deliveries.gritzo]
kind = "folder"
path = "to_gritzo"
[deliveries.lead]
kind = "folder"
path = "to_lead"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letters")
    (folder / "data").mkdir()
    for name, text in FILES.items():
        (folder / "data" / name).write_text(text)
    write_notebook(folder, SAYS, parameters=BY_BRAND)
    write_config(
        folder, FOLDERS, for_each='"brand"', deliver='["lead"]', formats='["ipynb"]',
        recipients='{ Gritzo = ["gritzo"] }', schedule='"0 8 1 * *"',
        parameters='{ data = "data", period = "last_month" }',
    )  # fmt: skip
    return folder


def test_each_brand_with_a_row_has_a_letter_for_its_own_recipients(place: Path) -> None:
    june = datetime(2025, 6, 1, 9, tzinfo=ZoneInfo("Asia/Kolkata"))
    made = report.run_due(config=place / "reports.toml", now=june)
    assert [(r.run.value, r.status) for r in made] == [
        ("Gritzo", "delivered"), ("HKVitals", "delivered"),
    ]  # fmt: skip
    assert [list(r.run.deliveries) for r in made] == [["gritzo"], ["lead"]]
    assert {r.run.parameters["brand"][0] for r in made} == {"Gritzo", "HKVitals"}
    assert report.run_due(config=place / "reports.toml", now=june) == []
    assert report.check(place / "reports.toml", now=june) == []
    again = report.run_each("toy", {"brand": "Gritzo"}, config=place / "reports.toml", now=june)
    assert [(r.run.value, r.repeated) for r in again] == [("Gritzo", True)]
    assert str(again[0]).startswith("toy for Gritzo: already delivered")
    told = report.history("toy", config=place / "reports.toml")
    assert sorted(told["value"]) == ["Gritzo", "HKVitals"]


@pytest.mark.parametrize(
    ("fields", "error", "says"),
    [
        ({"for_each": "words"}, ParameterError, "one that takes a list of values, here brand"),
        ({"recipients": {"Gritz": ("gritzo",)}}, UnknownNameError, "Gritzo"),
    ],
)
def test_what_there_is_no_letter_for_is_said_before_anything_runs(
    place: Path, fields: dict[str, object], error: type[Exception], says: str
) -> None:
    chosen = config.load(place / "reports.toml")
    wrong = chosen.reports["toy"].model_copy(update=fields)
    with pytest.raises(error, match=says):
        report.run_each("toy", config=chosen.model_copy(update={"reports": {"toy": wrong}}))


def test_recipients_of_nothing_and_of_no_delivery_are_refused(tmp_path: Path) -> None:
    for fields, says in (
        ({"recipients": '{ Gritzo = ["gritzo"] }'}, "for_each = 'brand'"),
        ({"recipients": '{ Gritzo = ["gritz"] }', "for_each": '"brand"'}, "gritzo"),
    ):
        with pytest.raises(ParameterError, match=says):
            config.load(write_config(tmp_path, FOLDERS, **fields))


def test_planned_time_is_done_when_every_letter_of_it_came(place: Path, tmp_path: Path) -> None:
    chosen = config.load(place / "reports.toml").model_copy(update={"root": tmp_path})
    slot = datetime(2025, 6, 1, 8, tzinfo=ZoneInfo("Asia/Kolkata"))
    now = datetime(2025, 6, 1, 9, tzinfo=ZoneInfo("Asia/Kolkata"))
    history = History(tmp_path)

    def remember(key: str, status: str, value: str) -> list[datetime]:
        run = Run(report="toy", key=key, status=status, started=now, slot=slot, value=value)
        history.write(run)
        return list(planned.waiting(chosen, chosen.report("toy"), now).slots)

    assert remember("a0", "failed", "") == [slot]
    assert remember("a1", "delivered", "Gritzo") == []
    assert remember("a2", "undelivered", "HKVitals") == [slot]
    assert remember("a3", "delivered", "HKVitals") == []
