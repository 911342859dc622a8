"""TikTok Studio: the export of an account's content.

Source: TikTok Help, "Analytics in TikTok Studio" (Video title, Video link, Post time, Total views,
Total likes, Total comments, Total shares, Add to favorites). The link names the account.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_CONTENT = Format(
    "TikTok Studio content export",
    known_by=("Video link|Post link", "Post time", "Total views|Video views", "Total likes|Likes"),
    parts=(
        Part(
            "posts",
            {
                "Video ID": "post_id", "Video link": "url", "Post link": "url",
                "Video title": "caption", "Post title": "caption", "Post time": "date",
                "Total views": "video_views", "Video views": "video_views",
                "Reached audience": "reach", "Total likes": "likes", "Likes": "likes",
                "Total comments": "comments", "Comments": "comments", "Total shares": "shares",
                "Shares": "shares", "Add to favorites": "saves", "Total bookmarks": "saves",
            },
            fixed={"platform": "TikTok"},
            address="Video link|Post link",
        ),
    ),
)  # fmt: skip
FORMATS = (_CONTENT,)
