"""What a file does not say and its other cells tell: names, platforms; hints that make sense."""

from __future__ import annotations

import pytest

from hk_metrics.ingest import load
from hk_metrics.ingest.headers.columns import map_columns
from tests.small_files import POSTS, TRACKING, files


def test_creator_is_the_name_beside_a_handle() -> None:
    for headers in (["Creator", "Handle"], ["Handle", "Creator"]):
        assert map_columns("influencers", headers).chosen == {"Creator": "name", "Handle": "id"}


def test_number_of_a_creator_is_the_id_beside_a_handle() -> None:
    def fits(header: str, column: str) -> bool:
        return (header, column) != ("Creator", "name")

    chosen = map_columns("influencers", ["Creator", "Handle"], None, fits).chosen
    assert chosen == {"Creator": "id", "Handle": "name"}


def test_lone_creator_is_the_name_too() -> None:
    people = "Creator,category,gender,follower_count,platform\nAsha,Yoga,F,10,Instagram\n"
    orders = TRACKING.replace("Fit,1,", "Fit,Asha,").replace("Run,1,", "Run,Asha,")
    given = {"influencers.csv": people.encode(), "tracking_data.csv": orders.encode()}
    profiles = load(given, on_error="reject").tables["influencers"]
    assert profiles.select("id", "name").rows() == [("Asha", "Asha")]


LINKS = POSTS.replace("i.example/", "www.instagram.com/p/").replace("y.example/", "youtu.be/")


def _without_platform(text: str, column: int) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    return "\n".join(",".join(c for i, c in enumerate(row) if i != column) for row in rows)


def test_platform_is_told_by_the_links() -> None:
    data = load(files(posts=_without_platform(LINKS, 1)))
    assert data.tables["posts"]["platform"].to_list() == ["Instagram", "Instagram", "YouTube"]
    assert "platform_of_link" in {f.code for f in data.quality.notes}


@pytest.mark.parametrize("link", ["https://netflix.com/p", "https://s.example/?u=x.com/3"])
def test_platform_is_not_told_where_one_link_is_of_none(link: str) -> None:
    text = _without_platform(LINKS.replace("https://youtu.be/3", link), 1)
    assert load(files(posts=text)).tables["posts"]["platform"].null_count() == 3


def test_hint_names_what_may_be_meant() -> None:
    headers = ["id", "name", "email", "na_base", "platform name of choice"]
    missing = map_columns("influencers", headers).missing
    assert missing["gender"] == () and missing["category"] == ()
    assert map_columns("tracking_data", ["id", "total orders placed"]).missing["user_id"] == ()
