"""Rules in words: what they find in the worked example, and how they are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import HkMetricsError, ParameterError
from hk_metrics.quality import Finding, QualityReport
from hk_metrics.report import config, rules
from hk_metrics.report.rules.reading import Condition
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
    assert rules.check((rule,), DATA, TODAY) == expected


def test_quality_rule_counts_findings() -> None:
    doubt = Finding("warning", "odd", "An odd thing.")
    data = Dataset(TABLES, quality=QualityReport((doubt, doubt)))
    assert rules.check(("quality warnings",), data, TODAY) == [
        "The data has 2 quality warnings: An odd thing."
    ]
    assert rules.check(("quality warnings > 2",), data, TODAY) == []
    assert rules.check(("quality errors",), data, TODAY) == []


def test_metric_that_cannot_be_told_breaks_no_rule() -> None:
    """Reach is not known by source; NaN is neither high nor low."""
    assert (
        rules.check(("reach < 5 for source SwipeUp", "reach > 5 for each source"), DATA, TODAY)
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
        rules.check_of(rule)
    with pytest.raises(ParameterError, match=says) as caught:
        config.load(write_config(tmp_path, alerts=f'["{rule}"]'))
    assert "reports.toy.alerts.0" in str(caught.value)


def test_unknown_value_in_a_rule_names_the_nearest() -> None:
    """Where a person runs it, it is refused; in a scheduled letter it is a sentence."""
    with pytest.raises(HkMetricsError, match="did you mean 'Run'"):
        rules.refuse_unknown(("roas < 2 for campaign Runn",), DATA)
    with pytest.raises(HkMetricsError, match="unknown dimension 'shop'"):
        rules.refuse_unknown(("roas < 2 for each shop",), DATA)
    told = rules.check(("roas < 2 for campaign Runn", "spend > 800"), DATA, TODAY)
    assert "cannot be checked" in told[0] and "did you mean 'Run'" in told[0]
    assert told[1] == "Spend is ₹890 (rule: > ₹800)"


LAST_WEEK = {"days": "last_week"}
# As they stand in our words and in the help pages of other tools: what each is taken to mean.
UNDERSTOOD: dict[str, tuple[str, str, float, dict[str, object]]] = {
    "roas < 2 for brand Gritzo over last_7_days":
        ("roas", "<", 2, {"filters": {"brand": "Gritzo"}, "days": "last_7_days"}),
    "ROAS below 2x for Brand Gritzo": ("roas", "<", 2, {"filters": {"brand": "Gritzo"}}),
    "spend above 5 lakh over this_month": ("spend", ">", 5e5, {"days": "this_month"}),
    "Spend > ₹5,00,000 in last month": ("spend", ">", 5e5, {"days": "last_month"}),
    "spend > 1.5 CR": ("spend", ">", 1.5e7, {}),
    "spend at least 2,50,000": ("spend", ">=", 2.5e5, {}),
    "revenue <= 1,000,000.50": ("revenue", "<=", 1000000.5, {}),
    "Alert me when spend exceeds Rs. 10 lakh this month": ("spend", ">", 1e6, {"days": "this_month"}),
    "revenue falls 20 % against previous week": (
        "revenue", ">=", 0.2,
        {"move": "falls", "relative": True, "against": "previous_period", **LAST_WEEK}),
    "revenue drops by more than 20% week over week": (
        "revenue", ">=", 0.2,
        {"move": "falls", "relative": True, "against": "previous_period", **LAST_WEEK}),
    "sales grow 30% MoM": (
        "revenue", ">=", 0.3,
        {"move": "rises", "relative": True, "against": "previous_month", "days": "last_month"}),
    "orders decreased by 50 vs the previous month": (
        "orders", ">=", 50, {"move": "falls", "against": "previous_month", "days": "last_month"}),
    "spend changes 15% over last 28 days compared to previous period": (
        "spend", ">=", 0.15, {"move": "changes", "relative": True, "against": "previous_period",
                              "days": "last_28_days"}),
    "roas < 1 each influencer with spend > 1 L": (
        "roas", "<", 1,
        {"each": "influencer_id", "volume": (Condition("spend", ">", 1e5),)}),
    "roas < 2 and spend > 1 L for each brand over last 28 days": (
        "roas", "<", 2, {"each": "brand", "days": "last_28_days",
                         "volume": (Condition("spend", ">", 1e5),)}),
    "each campaign's ROAS is below 1.5": ("roas", "<", 1.5, {"each": "campaign"}),
    "Cost per order is above ₹300 over the last 28 days": ("cpo", ">", 300, {"days": "last_28_days"}),
    "no orders over last_week": ("orders", "<", 1, {**LAST_WEEK}),
    "if revenue falls below 10k yesterday": ("revenue", "<", 1e4, {"days": "yesterday"}),
    "orders fewer than 100 over 2025-03-01 to 2025-03-31":
        ("orders", "<", 100, {"days": "2025-03-01..2025-03-31"}),
    "engagement rate under 2 percent for platform Instagram":
        ("engagement_rate", "<", 0.02, {"filters": {"platform": "Instagram"}}),
    "ROI < 50%": ("roi", "<", 0.5, {}),
    "roas lower than 2 for campaign 'Over and Out' over last_month":
        ("roas", "<", 2, {"filters": {"campaign": "Over and Out"}, "days": "last_month"}),
    "roas < 2 for brand Gritzo and platform Instagram":
        ("roas", "<", 2, {"filters": {"brand": "Gritzo", "platform": "Instagram"}}),
    "orders = 0 yesterday": ("orders", "=", 0, {"days": "yesterday"}),
    # Looker, Grafana, GA4, Shopify, Google Ads and Meta, in the words of their help pages
    "Alert when Total Revenue is less than or equal to 10000": ("revenue", "<=", 1e4, {}),
    "Revenue decreases by 20% from the previous week": (
        "revenue", ">=", 0.2,
        {"move": "falls", "relative": True, "against": "previous_period", **LAST_WEEK}),
    "Send an alert when ROAS goes below 2 for each brand in the last 30 days":
        ("roas", "<", 2, {"each": "brand", "days": "last_30_days"}),
    "Purchases less than 100 yesterday": ("orders", "<", 100, {"days": "yesterday"}),
    "Total sales drop below ₹10,000 in the last 7 days":
        ("revenue", "<", 1e4, {"days": "last_7_days"}),
    "sales are down 15% compared with last month": (
        "revenue", ">=", 0.15, {"move": "falls", "relative": True, "against": "previous_month",
                                "days": "last_month"}),
    "Amount spent > ₹5,000 and Conversions < 1, using data from last 7 days":
        ("spend", ">", 5e3, {"volume": (Condition("orders", "<", 1),), "days": "last_7_days"}),
    "Cost per purchase is greater than ₹300 in the last 2 weeks":
        ("cpo", ">", 300, {"days": "last_14_days"}),
    "If purchase ROAS < 1.5 AND amount spent > ₹5,000":
        ("roas", "<", 1.5, {"volume": (Condition("spend", ">", 5e3, "INR"),)}),
    "ROAS is smaller than 2 and Spend is greater than ₹1,000 in the last 7 days":
        ("roas", "<", 2, {"volume": (Condition("spend", ">", 1e3, "INR"),), "days": "last_7_days"}),
    "notify me if CPA exceeds 500": ("cpo", ">", 500, {}),
}  # fmt: skip
REFUSED = {
    "roas is low": "'low' is not|'is low' is not understood",
    "raos < 2": "did you mean 'roas'",
    "roas < two": "no amount",
    "roas < 2 over last_weak": "did you mean 'last_week'",
    "roas < 2 over last_week over last_month": "two periods",
    "roas < 2 for barnd Gritzo": "did you mean 'brand'",
    "roas < 2 for brand": "a dimension and a value",
    "roi < 50": "with %",
    "roas < 200 %": "no matter of percent",
    "orders > ₹5": "no matter of INR",
    "spend > 1,5": "no amount",
    "spend > 5 bananas": "'bananas' is not understood",
    "spend between 1 L and 2 L": "not understood",
    "revenue falls 20 %": "what it is against",
    "revenue falls 20 % over last_28_days against previous week": "two ways",
    "roi falls 5 % against previous week": "two ways",
    "roas < 2 against previous week": "what rises or falls",
    "roas < 2 or spend > 1 L": "not understood",
    "roas < 2 for campaign Mass and Gain": "and Gain",
    "spend != 5": "not understood",
    # Datadog, Grafana, Metabase and Meta; each could be taken for something else
    "avg(last_5m):avg:roas{brand:Gritzo} < 2": "unknown metric .*write 'roas < 2",
    "WHEN last() OF roas IS BELOW 2": "unknown metric 'last': did you mean 'roas'",
    "roas is outside range 1 to 2": "not understood there: write",
    "When results go above 100": "unknown metric .*write 'roas < 2",
    "orders < 10 in the last 24 hours": "'in the last' is not understood there: write",
    "no orders for 3 days": "'for 3' is not understood there: write",
    "spend > 10000 per day": "two ways: say over which days",
    "cpo > 500 for influencers with more than 10 orders": "names no influencers",
    "roas < 2 for all brands except Gritzo": "'for all' is not understood",
    "roas < 2 for brand Gritzo or HKVitals": "a rule for each",
    "roas < 2 for brand not Gritzo": "names no brand",
    "average order value falls under 1.200 ₹": "two ways: write 1,200",
    "spend exceeds daily budget": "no amount",
    "revenue is less than last week": "no amount",
    "Revenue % decrease is more than 20% compared with same day last week": "not understood",
}


@pytest.mark.parametrize("words", UNDERSTOOD)
def test_phrasing_is_understood_as_meant(words: str) -> None:
    metric, sign, limit, more = UNDERSTOOD[words]
    read = rules.parse(words)
    assert (read.condition.metric, read.condition.sign) == (metric, sign)
    assert read.condition.limit == pytest.approx(limit)
    usual = {"move": "", "relative": False, "against": "", "volume": (), "filters": {},
             "each": "", "days": "all"}  # fmt: skip
    assert {name: getattr(read, name) for name in usual} == usual | more


@pytest.mark.parametrize("words", REFUSED)
def test_phrasing_that_could_be_misread_is_refused_with_a_way_out(words: str) -> None:
    with pytest.raises(HkMetricsError, match=REFUSED[words]):
        rules.check_of(words)


@pytest.mark.parametrize(
    "rule, expected",
    [
        # 13 to 20 March: Fit 750; 5 to 12 March: O3 and O4, 400 + 250.
        ("revenue rises 10 % over 2025-03-13..2025-03-20 against previous period",
         ["Revenue rose 15.4% to ₹750 over 2025-03-13..2025-03-20 against previous period "
          "(rule: rises 10.0%)"]),
        ("revenue falls 1 % over 2025-03-13..2025-03-20 against previous period", []),
        ("orders < 1 over last_month", ["Orders is 0 over last month (rule: < 1)"]),
        ("orders < 1 for each campaign over 2025-03-20..2025-03-21",
         ["Orders of campaign Run is 0 over 2025-03-20..2025-03-21 (rule: < 1)",
          "Orders of campaign (none) is 0 over 2025-03-20..2025-03-21 (rule: < 1)"]),
        ("roas < 2.5 each campaign with spend > 200",
         ["ROAS of campaign Run is 2.17× (rule: < 2.50×)"]),
        ("spend below 100 each influencer with spend > 0",
         ["Spend of influencer Cy is ₹90 (rule: < ₹100)"]),
        ("spend > $1", ["The rule 'spend > $1' cannot be checked: it is in USD, and the data in INR"]),
        ("revenue falls 5 % against previous year",
         ["The rule 'revenue falls 5 % against previous year' cannot be checked: there is nothing "
          "to compare with: the data begins on 1 Mar 2025"]),
    ],
)  # fmt: skip
def test_rule_on_change_silence_or_volume_finds_what_it_says(rule, expected) -> None:
    assert rules.check((rule,), DATA, TODAY) == expected


def test_rule_that_breaks_does_not_stop_the_others(monkeypatch) -> None:
    broken = "hk_metrics.report.rules.checking._chosen"
    monkeypatch.setattr(broken, lambda *_: 1 / 0)
    told = rules.check(("roas < 3", "data older than 1 day"), DATA, TODAY)
    assert "ZeroDivisionError" in told[0] and told[1].startswith("The data ends on 20 Mar 2025")
