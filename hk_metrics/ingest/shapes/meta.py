"""Meta Business Suite: the exports of an account's content on Instagram and Facebook.

Source: Meta Business Help, "Export insights data" and its metrics' glossary (columns Post ID,
Account username, Publish time, Permalink, Views, Reach, Likes, Shares, Comments, Saves; for
Facebook Page name, Title, Reactions). Times are month first; the column Date says "Lifetime".
"""

from hk_metrics.ingest.shapes.format import Format, Part

_SHARED = {
    "Post ID": "post_id", "Publish time": "date", "Permalink": "url",
    "Impressions": "impressions", "Reach": "reach", "Comments": "comments", "Shares": "shares",
}  # fmt: skip
_INSTAGRAM = Format(
    "Instagram content export of Meta Business Suite",
    known_by=("Post ID", "Account username|Account name|Account ID", "Publish time",
              "Permalink|Post type"),
    parts=(
        Part(
            "posts",
            {
                "Account username|Account name|Account ID": "influencer_id", **_SHARED,
                "Description": "caption", "Views": "video_views", "Plays": "video_views",
                "Likes": "likes", "Saves": "saves",
            },
            fixed={"platform": "Instagram"},
        ),
    ),
    date_order="month_first",
)  # fmt: skip
_FACEBOOK = Format(
    "Facebook content export of Meta Business Suite",
    known_by=("Post ID|Video asset ID", "Page ID|Page name", "Publish time", "Permalink|Post type"),
    parts=(
        Part(
            "posts",
            {
                "Page name|Page ID": "influencer_id", **_SHARED, "Video asset ID": "post_id",
                "Description|Title": "caption", "Reactions": "likes", "Likes": "likes",
                "Views": "video_views", "3-second video views": "video_views",
                "Link clicks": "clicks", "Total clicks": "clicks",
            },
            fixed={"platform": "Facebook"},
        ),
    ),
    date_order="month_first",
)  # fmt: skip
FORMATS = (_INSTAGRAM, _FACEBOOK)
