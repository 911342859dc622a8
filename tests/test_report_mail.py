"""The mail keeps the rules of mail programs: what they cut, ignore and block costs no number."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlparse

import polars as pl
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.report import letter, message
from hk_metrics.report.letter.breakdowns import TREND
from hk_metrics.report.letter.story import Story
from hk_metrics.report.outputs import FACTS_FILE, PICTURE_FILE
from hk_metrics.report.records import Run
from hk_metrics.settings import Settings
from hk_metrics.ui.shell.address import from_query
from tests.worked_example import TABLES

CLIPPED = 102_000  # bytes from which Gmail cuts a mail
FORBIDDEN = {
    "script",
    "link",
    "iframe",
    "form",
    "input",
    "button",
    "video",
    "svg",
    "base",
    "object",
}
# What Outlook, which draws by Word, or Gmail, which rewrites styles, does not do.
IGNORED = re.compile(
    r"display:\s*(flex|grid)|position:|float:|var\(|calc\(|@import|url\(|rem\b|vw\b"
)
TEXT = {"p", "h1", "h2", "td", "th"}
# Above columns and the picture, and what says nothing: the text part has them not.
HEADS = {"this period", "before", "change", "—", TREND.lower()}
RUN = Run(report="weekly", key="k", status="written", started=datetime(2025, 6, 2, tzinfo=UTC))
DASHBOARD = "https://hk.example/app"
ATTACK = '<img src=x onerror=alert(1)> & "friends"'


class Mail(HTMLParser):
    """A mail as its reader's program takes it apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} is closed out of turn"

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.texts.append((self.open[-1], " ".join(data.split())))

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def _broken(html: str) -> list[str]:
    """Return the rules of mail programs that a mail breaks."""
    mail, styles = Mail(html), "".join(re.findall(r'style="([^"]*)"', html))
    sheet = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet)
    layout = [t for t in mail.all("table") if t.get("role") == "presentation"]
    metas = {m["name"]: m["content"] for m in mail.all("meta") if "name" in m}
    images, links = mail.all("img"), mail.all("a")
    rules = {
        "Gmail cuts it": len(html.encode()) < CLIPPED,
        "no tag that is taken out": not FORBIDDEN & {tag for tag, _ in mail.tags},
        "no handler": not [k for _, a in mail.tags for k in a if k.startswith("on")],
        "styles stand inline": not outside.strip(),
        "no style that is ignored": not IGNORED.search(styles),
        "every text has its style": all("style" in a for a in mail.all(*TEXT) if a.get("align") != "center"),
        "tables lay it out": len(layout) >= 2 and all({"width", "cellpadding", "cellspacing"} <= t.keys() for t in mail.all("table")),
        "640 pixels at most": "max-width:640px" in styles and all(int(i["width"]) <= 640 for i in images),
        "fits a phone": metas.get("viewport", "").startswith("width=device-width"),
        "knows dark mode": metas.get("color-scheme") == "light dark" and "prefers-color-scheme: dark" in sheet,
        "pictures are told": all(i["alt"].strip() and i["src"].startswith("cid:") for i in images),
        "links are addresses": all(urlparse(a["href"]).scheme in ("http", "https") for a in links),
        "heads are heads": all("scope" in a for a in mail.all("th")),
        "has a language and a title": any(a.get("lang") for a in mail.all("html")) and bool(mail.all("title")),
        "is closed": not mail.open,
    }  # fmt: skip
    return [rule for rule, holds in rules.items() if not holds]


def _untold(html: str, text: str) -> list[str]:
    """Return what the HTML says and the text part does not; heads of columns aside."""
    plain = " ".join(text.split())
    said = [t for tag, t in Mail(html).texts if tag in TEXT and t.lower() not in HEADS]
    bare = [re.sub(r"^\d+\. ", "", t) for t in said]
    return [t for t in bare if t not in plain]


def _letters(reference: Path) -> dict[str, Story]:
    named = Dataset(TABLES, name=ATTACK, settings=Settings(dashboard_url=DASHBOARD))
    return {
        "month": letter.open_story(str(reference), "2025-05-01..2025-05-31", alerts=["roas < 3"]),
        "brand": letter.open_story(str(reference), "2025-06-02..2025-06-08", brand="Gritzo"),
        "empty": letter.open_story(str(reference), "2030-01-01..2030-01-07"),
        "linked": Story(named, named.view(campaign="Fit"), None, (ATTACK,)),
    }


@pytest.fixture(scope="module")
def facts(reference: Path) -> dict[str, dict]:
    made = {}
    for name, story in _letters(reference).items():
        todo = letter.what_now(story)
        made[name] = {**letter.opening(story).facts, **letter.plan(story).facts, **todo.facts}
    return made


def _parcel(folder: Path, facts: dict, *, note: bool = False) -> message.Parcel:
    (folder / FACTS_FILE).write_text(json.dumps(facts))
    (folder / PICTURE_FILE).write_bytes(b"\x89PNG")
    return message.of_run(RUN.model_copy(update={"folder": str(folder)}), note=note)


@pytest.mark.parametrize("name", ["month", "brand", "empty", "linked"])
def test_mail_keeps_the_rules_of_mail_programs(facts, tmp_path: Path, name: str) -> None:
    for note in (False, True):
        parcel = _parcel(tmp_path, facts[name], note=note)
        assert _broken(parcel.html) == []
        assert _untold(parcel.html, parcel.text) == []


def test_mail_says_what_to_do_and_its_links_open_that_view(facts, tmp_path: Path) -> None:
    parcel = _parcel(tmp_path, facts["linked"])
    addresses = re.findall(rf"{re.escape(DASHBOARD)}\?(\S+)", parcel.text)
    assert addresses and [f"{DASHBOARD}?{a}" for a in addresses] == [
        a["href"] for a in Mail(parcel.html).all("a")
    ]
    for address in addresses:
        assert from_query(address)["filters"]["campaign"] == ("Fit",)
        assert from_query(address)["preset"] == "all"
    assert "What to do now" in _parcel(tmp_path, facts["month"]).text
    assert not Mail(_parcel(tmp_path, facts["month"]).html).all("a")


def test_rule_that_is_broken_is_noticed() -> None:
    good = '<html lang="en"><title>x</title><p style="margin:0">x</p></html>'
    assert "styles stand inline" in _broken(good.replace("<p", "<style>p { color: red }</style><p"))
    assert "every text has its style" in _broken(good.replace(' style="margin:0"', ""))
    assert "pictures are told" in _broken(
        good.replace("<p", '<img src="https://x" alt="" width="1"><p')
    )


ORDERS = TABLES["tracking_data"]
DOUBTFUL = {
    "no order is settled": (
        {"tracking_data": ORDERS.with_columns(outcome=pl.lit("open"))},
        "₹2,200 of revenue (100.0%) is of orders that are not settled",
    ),
    "no revenue": ({"tracking_data": ORDERS.with_columns(revenue=pl.lit(0.0))}, "₹0 of revenue"),
    "revenue below zero": (
        {"tracking_data": ORDERS.with_columns(revenue=-pl.col("revenue"))},
        "-₹2,200 of revenue",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DOUBTFUL)
def test_letter_says_nothing_that_its_data_do_not_bear(case: str) -> None:
    tables, said = DOUBTFUL[case]
    data = Dataset({**TABLES, **tables})
    facts = letter.opening(Story(data, data.view())).facts
    words = " ".join([facts["headline"], *facts["sentences"], *facts["notes"]])
    assert said in words
    assert ("the best and the weakest campaign" in words) == (case == "no order is settled")


def test_where_nothing_was_spent_no_order_has_a_cost() -> None:
    free = TABLES["payouts"].with_columns(total_payout=pl.lit(0.0))
    data = Dataset({**TABLES, "payouts": free})
    story = Story(data, data.view())
    facts = letter.opening(story).facts
    told = {kpi["label"]: kpi["value"] for kpi in facts["kpis"]}
    assert (told["Spend"], told["Orders"], told["Cost per order"]) == ("₹0", "8", "—")
    assert '<th scope="row">Cost per order</th><td class="n">—</td>' in (
        letter.key_figures(story)._repr_html_()
    )


def test_line_ends_inside_no_amount_below_zero(tmp_path: Path) -> None:
    loss = "Profit moved by -₹11.5 L & -US$4.1 K, on 2025-06-02"
    facts = {"headline": loss, "sentences": [loss], "notes": [f"{loss} -AED 12,000"]}
    mail = _parcel(tmp_path, facts)
    kept = re.findall(r'<span style="white-space:nowrap">(.*?)</span>', mail.html)
    assert kept == ["-₹11.5 L", "-US$4.1 K"] * 3 + ["-AED 12,000"]
    assert loss in mail.text and "-₹11.5 L</span> &amp; <span" in mail.html


def test_letter_knows_no_period_before_without_a_row_and_no_headline_in_the_noise(
    reference,
) -> None:
    alone = Dataset(
        {**TABLES, "tracking_data": ORDERS.filter(pl.col("date") > pl.date(2025, 3, 12))}
    )
    days = {"date": ("2025-03-25", "2025-03-28")}
    story = Story(alone, alone.view(**days))
    assert story.before is None and story.is_empty and letter.key_figures(story)._repr_html_() == ""
    week = letter.open_story(str(reference), "2025-06-02..2025-06-08")
    headline = letter.opening(week).headline
    assert headline == "Revenue ₹2.18 L, +2.0% and within the noise; ROAS 2.89×, before 2.94×"
