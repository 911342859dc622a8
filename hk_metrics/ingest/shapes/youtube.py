"""YouTube Studio: the export of a channel's content ("Table data").

Source: YouTube Help, "Get to know YouTube Analytics" and "Export your reports" (Content, Video
title, Video publish time, Views, Impressions, Comments added). The file names no channel: its own
name or its folder's does, with an influencer's name or handle, or the column is chosen on import.
The first row is the total.
"""

from hk_metrics.ingest.shapes.format import Format, Part

_CONTENT = Format(
    "YouTube Studio content export",
    known_by=("Content|Video", "Video title", "Video publish time", "Views"),
    parts=(
        Part(
            "posts",
            {
                "Channel": "influencer_id", "Channel name": "influencer_id",
                "Content": "post_id", "Video": "post_id", "Video title": "caption",
                "Video publish time": "date", "Views": "video_views",
                "Unique viewers": "reach", "Impressions": "impressions",
                "Thumbnail impressions": "impressions", "Likes": "likes",
                "Comments added": "comments", "Comments": "comments", "Shares": "shares",
            },
            fixed={"platform": "YouTube"},
            named_by_file=True,
        ),
    ),
)  # fmt: skip
FORMATS = (_CONTENT,)
