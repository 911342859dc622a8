"""How many files one import passes, and how often it goes from one to another.

What a reader follows who wants to know how four clean files become a dataset; not a time.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import hk_metrics as hk
from benchmarks.table import Row

PACKAGE = str(Path(hk.__file__).resolve().parent)
# The same of the same files before the package had rooms: files passed, changes of file.
BEFORE = (72, 1803)
FILES: Mapping[str, str] = {
    "influencers.csv": "id,name,category,gender,follower_count,platform\n"
    "1,Asha,Fitness,Female,10000,Instagram\n2,Bo,Nutrition,Male,20000,YouTube\n",
    "posts.csv": "influencer_id,platform,date,url,caption,reach,likes,comments\n"
    "1,Instagram,2025-03-01,https://i.example/1,P1,1000,40,10\n"
    "2,YouTube,2025-03-05,https://y.example/3,P3,6000,200,40\n",
    "tracking_data.csv": "source,campaign,influencer_id,user_id,product,date,orders,revenue\n"
    "SwipeUp,Fit,1,u1,Whey,2025-03-02,1,300\nBioLink,Run,2,u3,Omega,2025-03-06,1,250\n",
    "payouts.csv": "influencer_id,basis,rate,orders,total_payout\n1,post,400,,400\n2,order,100,1,100\n",
}


def passed(files: Mapping[str, bytes]) -> tuple[int, int]:
    """Return the files of the package that a load passes, and the changes from one to another.

    Only what runs counts, not what is loaded: one load before leaves no import to be done. What
    it remembered of headers is forgotten, as it is in a new process.
    """
    hk.load(dict(files))
    _forget()
    way: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(PACKAGE) and file not in way[-1:]:
            way.append(file)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        hk.load(dict(files))
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return len(set(way)), len(way) - 1


def _forget() -> None:
    for module in [m for n, m in sys.modules.items() if n.startswith("hk_metrics.ingest")]:
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()


def run(_quick: bool = False) -> Iterator[Row]:
    """Yield both figures, against what they were before the house had rooms."""
    files, changes = passed({name: text.encode() for name, text in FILES.items()})
    name = "before the rooms"
    yield Row("import: files passed", "4 files", files, "", BEFORE[0], name, 1.0)
    yield Row("import: changes of file", "4 files", changes, "", BEFORE[1], name, 1.0)
