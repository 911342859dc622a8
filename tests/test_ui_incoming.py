"""What the Data page says of an import, and the repairs that it offers itself."""

from __future__ import annotations

import re

from hk_metrics.quality import KINDS
from hk_metrics.ui.pages.incoming import Incoming, sentence
from hk_metrics.ui.pages.wizard import choices
from tests.small_files import INFLUENCERS, PAYOUTS, POSTS, TRACKING, files


def incoming(**changed: str) -> Incoming:
    found = Incoming()
    found.read(files(**changed))
    return found


def test_page_names_no_code_of_the_library() -> None:
    doubted = incoming(
        payouts=PAYOUTS.replace("\n3,", "\n9,").replace("rate", "rte"),
        posts=POSTS.replace("2025-03-01", "01-03-2025").replace("2025-03-11", "02-03-2025")
        .replace("2025-03-05", "03-03-2025"),
        tracking_data=TRACKING.replace("product", "bought"),
        influencers=INFLUENCERS.replace("platform\n", "platform,influencer_type\n")
        .replace("Instagram\n", "Instagram,Micro\n"),
    )  # fmt: skip
    assert doubted.plan is not None
    report = doubted.plan.report
    assert "kept_attribute" in {f.code for f in report.notes}
    assert {f.code for f in report.errors} == {
        "doubtful_column", "ambiguous_dates", "missing_column", "unknown_influencer",
    }  # fmt: skip
    said = " ".join(map(sentence, report.findings))
    assert not re.search(r"\w+=|--\w", said), said
    assert "date_order=" in str(report)


def test_unknown_influencers_can_be_kept_by_a_click() -> None:
    found = incoming(payouts=PAYOUTS.replace("\n3,", "\n9,"))
    assert "Keep unknown influencers" in {c["label"] for c in choices(found)}
    found.keep_unknown()
    assert found.plan is not None
    assert found.plan.totals["spend"] == 890
    assert {c["key"] for c in choices(found)} == {"replace", "append", "cancel"}


def test_every_repair_in_the_librarys_words_has_one_in_the_pages() -> None:
    codes = {k.code for k in KINDS.values() if "mapping=" in k.fix or "--" in k.fix}
    assert codes and not [code for code in codes if not KINDS[code].on_page]


def test_a_file_that_is_left_out_is_told_without_the_librarys_words() -> None:
    found = Incoming()
    sums = b"platform,total_revenue,total_orders,roas\nInstagram,10,2,3.5\nYouTube,20,4,1.5\n"
    found.read(files() | {"by_platform.csv": sums})
    assert found.plan is not None
    said = [sentence(f) for f in found.plan.report.findings if f.file == "by_platform.csv"]
    assert len(said) == 1 and "choose which beside its name" in said[0]
    assert not re.search(r"\w+=|--\w", said[0])
