"""X (Twitter): the exports of its analytics of posts, the former and the present one.

Source: X Help Center, "About your activity dashboard" and "X Analytics" (columns of the CSV).
"""

from hk_metrics.ingest.shapes.format import Format, Part

_SHARED = {"impressions": "impressions", "likes": "likes", "replies": "comments"}

_TWEET_ACTIVITY = Format(
    "X (Twitter) tweet activity export",
    known_by=("Tweet id", "Tweet permalink", "Tweet text"),
    parts=(
        Part(
            "posts",
            {
                "Tweet id": "post_id", "Tweet permalink": "url", "Tweet text": "caption",
                "time": "date", **_SHARED, "retweets": "shares", "url clicks": "clicks",
                "media views": "video_views",
            },
            fixed={"platform": "Twitter"},
            address="Tweet permalink",
        ),
    ),
)  # fmt: skip
_CONTENT = Format(
    "X post analytics export",
    known_by=("Post id", "Post text", "Post Link", "Reposts|Replies"),
    parts=(
        Part(
            "posts",
            {
                "Post id": "post_id", "Post Link": "url", "Post text": "caption", "Date": "date",
                **_SHARED, "Reposts": "shares", "Bookmarks": "saves", "URL Clicks": "clicks",
            },
            fixed={"platform": "Twitter"},
            address="Post Link",
        ),
    ),
)  # fmt: skip
FORMATS = (_TWEET_ACTIVITY, _CONTENT)
