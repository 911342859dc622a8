"""The parts of the letter, in the order of the notebook; each knows how to show itself."""

from hk_metrics.report.letter.breakdowns import by, money_by, pinned_notes, trend
from hk_metrics.report.letter.closing import data_quality, definitions
from hk_metrics.report.letter.incremental import incremental, incremental_chart
from hk_metrics.report.letter.influencers import skill, top_and_bottom
from hk_metrics.report.letter.money import costs, new_customers, owed, promises
from hk_metrics.report.letter.opening import key_figures, opening
from hk_metrics.report.letter.payouts import payout_doubts, payouts_due, to_review
from hk_metrics.report.letter.plan import plan, what_now
from hk_metrics.report.letter.story import Story, open_story
from hk_metrics.report.letter.why import why

__all__ = [
    "Story",
    "by",
    "costs",
    "money_by",
    "data_quality",
    "definitions",
    "incremental",
    "incremental_chart",
    "key_figures",
    "new_customers",
    "open_story",
    "opening",
    "owed",
    "payout_doubts",
    "payouts_due",
    "pinned_notes",
    "plan",
    "promises",
    "skill",
    "to_review",
    "top_and_bottom",
    "trend",
    "what_now",
    "why",
]
