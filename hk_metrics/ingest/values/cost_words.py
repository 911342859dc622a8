"""What kind a cost is, in people's words: courier, COGS, usage rights, Meta ads boost."""

from __future__ import annotations

import re

# The first that fits counts: "boosting fee of the agency" is boosting, "gift shipping" shipping.
_KINDS = (
    ("boosting", r"boost|\bads?\b|advert|paid[\s_-]*(media|social|promo)|amplif|sponsored|meta\b|"
                 r"spark|dark[\s_-]*post|media[\s_-]*(spend|buy)|promot"),
    ("rights", r"right|licen[cs]|usage|whitelist|allow[\s_-]*list|exclusiv|partnership[\s_-]*code"),
    ("shipping", r"ship|courier|freight|deliver(y|ies)|logistic|postage|dispatch|customs|transport|"
                 r"packag|packing"),
    ("agency", r"agenc|retainer|management|manager|service[\s_-]*fee|consult|tool|software|"
               r"platform[\s_-]*fee|commission"),
    ("product", r"product|cogs|goods|gift|seed|sample|barter|merch|inventory|stock|hamper|kit\b|"
                r"\bpr[\s_-]*(box|kit|pack)|unit[\s_-]*cost|material"),
)  # fmt: skip
_OTHER = re.compile(r"(?i)^\s*(other|misc|sundry|general|various)")
_LONGEST = 200


def read_kind(text: str) -> str | None:
    """Return the kind that one wording names; None where it names none.

    >>> [read_kind(t) for t in ("COGS", "Courier charges", "IG boosting", "Usage rights", "Tea")]
    ['product', 'shipping', 'boosting', 'rights', None]
    """
    low = text[:_LONGEST].lower().replace("_", " ")
    if _OTHER.match(low):
        return "other"
    return next((kind for kind, pattern in _KINDS if re.search(pattern, low)), None)
