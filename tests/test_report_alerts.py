"""Rules in words: what they find in the worked example, and how they are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError, ParameterError
from hk_metrics.quality import Finding, QualityReport
from hk_metrics.report import alerts, config
from tests.report_toy import write_config
from tests.worked_example import TABLES

# Revenue 2200 and spend 890 in all; Fit 1550/500 = 3.1, Run 650/300 = 2.17; last row 20 March.
DATA = Dataset(TABLES)
TODAY = date(2025, 3, 22)


@pytest.mark.parametrize(
    "rule, expected",
    [
        ("roas < 2", []),
        ("roas < 2.5", ["ROAS is 2.47× (rule: < 2.50×)"]),
        ("roas<2.5 for campaign Run", ["ROAS of campaign Run is 2.17× (rule: < 2.50×)"]),
        ("roas < 2.5 for each campaign", [
            "ROAS of campaign Run is 2.17× (rule: < 2.50×)",
            "ROAS of campaign (none) is 0.00× (rule: < 2.50×)",
        ]),
        ("spend > 800", ["Spend is ₹890 (rule: > ₹800)"]),
        ("revenue >= 0.02 L", ["Revenue is ₹2,200 (rule: >= ₹2,000)"]),
        ("engagement_rate > 4%", ["Engagement rate is 4.1% (rule: > 4.0%)"]),
        # 6 to 20 March: O3, O4, O5
        ("revenue < 1,500 over 2025-03-06..2025-03-20",
         ["Revenue is ₹1,400 over 2025-03-06..2025-03-20 (rule: < ₹1,500)"]),
        ("orders > 2 for campaign Fit over last_7_days",
         ["Orders of campaign Fit is 3 over last 7 days (rule: > 2)"]),
        ("orders > 1 for campaign Fit, product Whey",
         ["Orders of campaign Fit, product Whey is 2 (rule: > 1)"]),
        ("data older than 2 days", []),
        ("data older than 1 day",
         ["The data ends on 20 Mar 2025, 2 days ago (rule: older than 1 days)"]),
        ("quality errors", []),
    ],
)  # fmt: skip
def test_rule_finds_what_it_says(rule: str, expected: list[str]) -> None:
    assert alerts.check((rule,), DATA, TODAY) == expected


def test_quality_rule_counts_findings() -> None:
    doubt = Finding("warning", "odd", "An odd thing.")
    data = Dataset(TABLES, quality=QualityReport((doubt, doubt)))
    assert alerts.check(("quality warnings",), data, TODAY) == [
        "The data has 2 quality warnings: An odd thing."
    ]
    assert alerts.check(("quality warnings > 2",), data, TODAY) == []
    assert alerts.check(("quality errors",), data, TODAY) == []


def test_metric_that_cannot_be_told_breaks_no_rule() -> None:
    """Reach is not known by source; NaN is neither high nor low."""
    assert (
        alerts.check(("reach < 5 for source SwipeUp", "reach > 5 for each source"), DATA, TODAY)
        == []
    )


@pytest.mark.parametrize(
    "rule, says",
    [
        ("roas is low", "not understood"),
        ("raos < 2", "did you mean 'roas'"),
        ("roas < 2 over last_weak", "did you mean 'last_week'"),
        ("roi < 50", "with %"),
        ("roas < 2 for brand", "a dimension and a value"),
    ],
)
def test_rule_that_means_nothing_is_refused_before_any_run(
    tmp_path: Path, rule: str, says: str
) -> None:
    with pytest.raises(HkMetricsError, match=says):
        alerts.parse(rule)
    with pytest.raises(ParameterError, match=says) as caught:
        config.load(write_config(tmp_path, alerts=f'["{rule}"]'))
    assert "reports.toy.alerts.0" in str(caught.value)


def test_unknown_value_in_a_rule_names_the_nearest() -> None:
    with pytest.raises(HkMetricsError, match="did you mean 'Run'"):
        alerts.check(("roas < 2 for campaign Runn",), DATA, TODAY)
