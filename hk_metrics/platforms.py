"""Platforms: their usual spelling, and which of them a source names."""

from __future__ import annotations

import re
from collections.abc import Iterable

# How a platform is written, lower case and without marks → its usual spelling.
SPELLINGS = {
    "instagram": "Instagram", "insta": "Instagram", "ig": "Instagram", "youtube": "YouTube",
    "yt": "YouTube", "utube": "YouTube", "twitter": "Twitter", "facebook": "Facebook",
    "fb": "Facebook", "linkedin": "LinkedIn", "tiktok": "TikTok", "snapchat": "Snapchat",
    "pinterest": "Pinterest", "threads": "Threads", "moj": "Moj", "sharechat": "ShareChat",
    "whatsapp": "WhatsApp", "telegram": "Telegram", "twitch": "Twitch",
}  # fmt: skip


def named_platform(source: str) -> str | None:
    """Return the one platform that a source's words name, in its usual spelling; None where none.

    Two platforms in one source name neither: an order came by one of them.

    >>> named_platform("YT"), named_platform("Instagram Story"), named_platform("ig_bio-link")
    ('YouTube', 'Instagram', 'Instagram')
    >>> named_platform("instagram/youtube"), named_platform("bio link")
    (None, None)
    """
    words = re.findall(r"[a-z0-9]+", source.lower())
    whole = SPELLINGS.get("".join(words))
    found = {whole} if whole else {SPELLINGS[w] for w in words if w in SPELLINGS}
    return found.pop() if len(found) == 1 else None


def platforms_named(sources: Iterable[str], used: Iterable[str]) -> dict[str, str]:
    """Return source → platform of the sources that name a platform in use.

    Parameters
    ----------
    sources
        As the data has them; each once is enough.
    used
        The platforms that posts or influencers use.

    Returns
    -------
    dict
        The platforms spelt as those that are used.

    Examples
    --------
    >>> platforms_named(["Insta", "koo", "Facebook", "promo"], ["Instagram", "Koo"])
    {'Insta': 'Instagram', 'koo': 'Koo'}
    """
    spelt = {(named_platform(p) or p).lower(): p for p in sorted(used, reverse=True)}
    spelt |= {p.lower(): p for p in sorted(used, reverse=True)}
    names = {s: s.lower() if s.lower() in spelt else named_platform(s) for s in sources}
    return {s: spelt[n.lower()] for s, n in names.items() if n and n.lower() in spelt}
