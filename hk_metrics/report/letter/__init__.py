"""The parts of the letter, in the order of the notebook; each knows how to show itself."""

from hk_metrics.report.letter.breakdowns import by, money_by, trend
from hk_metrics.report.letter.closing import data_quality, definitions
from hk_metrics.report.letter.influencers import skill, top_and_bottom
from hk_metrics.report.letter.money_due import payouts_due
from hk_metrics.report.letter.opening import key_figures, opening
from hk_metrics.report.letter.story import Story, open_story

__all__ = [
    "Story",
    "by",
    "money_by",
    "data_quality",
    "definitions",
    "key_figures",
    "open_story",
    "opening",
    "payouts_due",
    "skill",
    "top_and_bottom",
    "trend",
]
