"""Letters and alerts that are subscribed: written into the file as it is, checked, sent once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from benchmarks.serving import free_port
from hk_metrics.errors import HkMetricsError, ParameterError
from hk_metrics.report.config import load
from hk_metrics.report.subscriptions import send_test, subscribe, subscriptions, unsubscribe

BY_HAND = """# whom we write to
timezone = "Asia/Kolkata"

[deliveries.marketing]  # the lead
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
from = "reports <reports@x.example>"
to = ["lead@x.example"]

[reports.weekly]
notebook = "report"
deliver = ["marketing"]
"""


class Mailbox(Message):
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[tuple[str, str]] = []

    def handle_message(self, message: object) -> None:
        """Keep a mail: to whom, and its subject."""
        self.mails.append((str(message["X-RcptTo"]), str(message["Subject"])))  # type: ignore[index]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reports.toml"
    path.write_text(BY_HAND.format(port=free_port()), encoding="utf-8")
    return path


def test_letter_is_written_beside_what_is_there_and_taken_out_again(file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    made = subscribe("asha@x.example", "store", when="monthly", filters={"brand": ["Gritzo"]},
                     by="Asha", file=file)  # fmt: skip
    assert (made.name, made.address, made.what, made.by) == (
        "letter-monthly-asha", "asha@x.example", "monthly", "Asha",
    )  # fmt: skip
    assert file.read_text(encoding="utf-8").startswith(before.rstrip()[:60])
    assert "# whom we write to" in file.read_text() and "# the lead" in file.read_text()
    config = load(file)
    report = config.report("letter-monthly-asha")
    assert (report.schedule, report.deliver) == ("0 8 1 * *", ("mail-asha",))
    assert report.parameters == {"data": "store", "period": "last_month", "brand": ["Gritzo"]}
    assert config.deliveries["mail-asha"].model_dump()["host"] == "127.0.0.1"
    assert subscriptions(file) == [made]
    unsubscribe(made.name, file)
    assert file.read_text(encoding="utf-8").strip() == before.strip()
    assert set(load(file).deliveries) == {"marketing"}
    assert set(load(file).reports) == {"weekly"}
    with pytest.raises(ParameterError, match="no subscription"):
        unsubscribe("weekly", file)


def test_alert_is_a_rule_that_is_told_and_makes_no_letter(file: Path) -> None:
    made = subscribe("lead@x.example", "store", rule="roas < 2 over last_7_days", file=file)
    report = load(file).report(made.name)
    assert (report.alerts, report.alert) == (("roas < 2 over last_7_days",), ("marketing",))
    assert report.paused and not report.schedule and not report.deliver


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"address": "asha@elsewhere.example"}, "addresses at x.example"),
        ({"address": "asha"}, "is no e-mail address"),
        ({"address": "a@x.example, b@x.example"}, "is no e-mail address"),
        ({"address": "a@x.example\nBcc: b@x.example"}, "is no e-mail address"),
        ({"when": "hourly"}, "There are: weekly, monthly, daily"),
        ({"rule": "roas <<< 2"}, "is no amount"),
        ({"filters": {"influencer_id": ["1"]}}, "no parameter 'influencer_id'"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    file: Path, given: dict[str, object], words: str
) -> None:
    before = file.read_bytes()
    wanted = {"address": "asha@x.example", "data": "store", **given}
    with pytest.raises(HkMetricsError, match=re.escape(words)):
        subscribe(**wanted, file=file)  # type: ignore[arg-type]
    assert file.read_bytes() == before


def test_without_a_file_or_a_mail_server_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hk_metrics.report.subscriptions.usual_place", lambda: None)
    assert subscriptions() == []
    with pytest.raises(ParameterError, match=r"no reports\.toml yet"):
        subscribe("asha@x.example", "store")
    (tmp_path / "reports.toml").write_text("", encoding="utf-8")
    with pytest.raises(ParameterError, match="no delivery of the kind smtp"):
        subscribe("asha@x.example", "store", file=tmp_path / "reports.toml")


def test_two_who_subscribe_at_once_both_stand_in_the_file(file: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: subscribe(f"p{n}@x.example", "store", file=file), range(8)))
    assert len(subscriptions(file)) == 8


def test_test_is_sent_once_to_who_gets_it(file: Path) -> None:
    made = subscribe("asha@x.example", "store", file=file)
    port = load(file).deliveries["marketing"].model_dump()["port"]
    box = Mailbox()
    assert "refused" in send_test(made.name, file)["mail-asha"].error
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert send_test(made.name, file)["mail-asha"].status == "delivered"
    finally:
        server.stop()
    assert box.mails == [("asha@x.example", f"A test of {made.name}")]
