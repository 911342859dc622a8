"""Lists of creators: Modash, HypeAuditor, Upfluence, GRIN and CreatorIQ.

Source: each tool's help on exporting a list, as far as it is public; the headers by which each is
known are of its own measures (HypeAuditor's AQS, CreatorIQ's publisher), the rest is kept and
understood as in any list of profiles. Not checked against downloads.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_NAME = {"Full name": "name", "Name": "name", "Influencer name": "name"}
_FOLLOWERS = {
    "Followers": "follower_count", "Followers count": "follower_count",
    "Subscribers": "follower_count", "Followers/Subscribers": "follower_count",
    "Total followers": "follower_count", "Total reach": "follower_count",
}  # fmt: skip
_PLATFORM = {"Platform": "platform", "Social network": "platform", "Network": "platform",
             "Primary network": "platform"}  # fmt: skip


def _list(name: str, known_by: tuple[str, ...], columns: dict[str, str]) -> Format:
    profiles = Part("influencers", {**columns, **_NAME, **_FOLLOWERS, **_PLATFORM})
    return Format(name, known_by, (profiles,), keeps=True)


FORMATS = (
    _list(
        "HypeAuditor list of creators",
        ("AQS|Audience Quality Score|AQS score", "Username|Account|Blogger|Nickname",
         "Followers|Subscribers|Followers/Subscribers|Followers count"),
        {"Username|Account|Blogger|Nickname": "id", "Topics": "category", "Category": "category"},
    ),
    _list(
        "Modash list of creators",
        ("Username|Handle", "Followers|Subscribers", "Engagement rate",
         "Fake followers|Fake followers %|Avg. Reels plays|Average Reels plays"),
        {"Username|Handle": "id", "Interests": "category"},
    ),
    _list(
        "Upfluence list of creators",
        ("Influencer name|Influencer|Influencer ID", "Upfluence ID|Upfluence URL|Upfluence profile|"
         "Community size", "Instagram followers|Followers|Total followers|Community size"),
        {"Instagram username|Instagram handle|Username|Influencer|Influencer ID|Influencer name":
            "id", "Community size": "follower_count", "Instagram followers": "follower_count"},
    ),
    _list(
        "GRIN list of creators",
        ("First name", "Last name", "Instagram handle|Instagram username|Instagram",
         "GRIN ID|Relationship owner|Prospect owner|Total reach"),
        {"Instagram handle|Instagram username|Instagram|TikTok handle|YouTube handle": "id",
         "Instagram followers": "follower_count"},
    ),
    _list(
        "CreatorIQ list of creators",
        ("Publisher name|Creator name", "Publisher ID|CreatorIQ ID",
         "Network URL|Primary network|Integrity quotient"),
        {"Publisher ID|CreatorIQ ID": "id", "Publisher name|Creator name": "name"},
    ),
)  # fmt: skip
