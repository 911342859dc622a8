"""Two metrics of one's own: a sum over the ledger, and a ratio of sums."""

from hk_metrics import Measure, Ratio

METRICS = (
    Measure(
        "warm_reactions", {"comments": 2.0, "shares": 3.0}, "Warm reactions", "count",
        "2 × comments + 3 × shares", "a like costs nothing; these do",
    ),
    Ratio("warmth", "warm_reactions", "reach", "Warmth per 1,000 reached", "count", scale=1000),
)  # fmt: skip
