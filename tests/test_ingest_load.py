"""Loading small files: what is wrong is said at once, with file, row, column, value and fix."""

from __future__ import annotations

import io
from datetime import date, time, timedelta
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from hk_metrics.errors import ParameterError, SchemaError, UnknownNameError
from hk_metrics.ingest import load
from hk_metrics.ingest.reading.text import read_text
from hk_metrics.quality import Finding
from hk_metrics.settings import Settings
from hk_metrics.store.identity import content_id
from tests.length import LONG
from tests.small_files import INFLUENCERS, PAYOUTS, POSTS, SHOP, TRACKING, files


def _error(code: str, **changed: str | bytes | None) -> Finding:
    """The one error of that code, as raised."""
    with pytest.raises(SchemaError) as raised:
        load(files(**changed))
    assert raised.value.quality is not None
    found = [f for f in raised.value.quality.errors if f.code == code]
    assert len(found) == 1, str(raised.value)
    assert found[0].fix and found[0].message in str(raised.value)
    return found[0]


def test_small_files_load() -> None:
    data = load(files())
    totals = data.view().totals(["revenue", "orders", "spend", "reach"])
    assert totals.to_dict() == {"revenue": 2200, "orders": 8, "spend": 890, "reach": 10000}


def test_missing_column_is_named() -> None:
    error = _error("missing_column", posts=POSTS.replace("reach", "xyz"))
    assert (error.file, error.row, error.column) == ("posts.csv", 1, "reach")


def test_text_in_reach_is_placed() -> None:
    error = _error("not_a_number", posts=POSTS.replace("3000", "many"))
    assert (error.file, error.row, error.column, error.value) == ("posts.csv", 3, "reach", "many")


def test_unknown_influencer_is_placed_with_its_money() -> None:
    error = _error("unknown_influencer", payouts=PAYOUTS.replace("3,post", "A17,post"))
    assert (error.file, error.row, error.value, error.money) == ("payouts.csv", 4, "A17", 90)


def test_duplicate_influencer_is_placed() -> None:
    error = _error("duplicate_id", influencers=INFLUENCERS + "2,Bob,Yoga,Male,5,Twitter\n")
    assert (error.row, error.column, error.value, error.count) == (5, "id", "2", 1)


def test_empty_file_is_named() -> None:
    assert _error("empty_file", payouts=b"").file == "payouts.csv"
    assert _error("empty_file", payouts=b"\xef\xbb\xbf \r\n").file == "payouts.csv"


def test_picture_is_no_table() -> None:
    error = _error("not_a_table", posts=b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert error.file == "posts.csv" and "PNG image" in error.message


def test_every_problem_comes_at_once() -> None:
    with pytest.raises(SchemaError) as raised:
        load(
            files(
                posts=POSTS.replace("3000", "many").replace("2025-03-05", "31-02-2025"),
                tracking_data=TRACKING.replace(",750", ",").replace("u4", "u4"),
                payouts=PAYOUTS.replace("2,order", "2,gift"),
                influencers=None,
            )
        )
    assert raised.value.quality is not None
    codes = {f.code for f in raised.value.quality.errors}
    assert codes == {"not_a_number", "impossible_date", "empty_cell", "unknown_basis"}


def test_rejected_rows_are_left_out_and_kept_aside() -> None:
    data = load(files(tracking_data=TRACKING.replace("3,750", "three,750")), on_error="reject")
    assert data.tables["tracking_data"].height == 4
    assert data.view().totals(["revenue"])["revenue"] == 2200 - 750
    (row,) = data.quality.rejected["tracking_data"].rows(named=True)
    assert (row["file"], row["row"], row["orders"]) == ("tracking_data.csv", 6, "three")
    assert row["reason"] == "orders three: not a number"
    (error,) = data.quality.errors
    assert error.money == 750


def test_cell_that_may_be_empty_does_not_cost_its_row() -> None:
    data = load(files(payouts=PAYOUTS.replace("100,4", "tbd,4")), on_error="reject")
    assert data.view().totals(["spend"])["spend"] == 890
    assert "not_a_number" in {f.code for f in data.quality.warnings}


def test_unknown_influencers_can_be_kept() -> None:
    payouts = PAYOUTS.replace("3,post", "A17,post")
    data = load(files(payouts=payouts), unknown_influencers="keep")
    assert data.view().totals(["spend"])["spend"] == 890
    assert "Unknown influencer (A17)" in data.tables["influencers"]["name"].to_list()
    found = next(f for f in data.quality.warnings if f.code == "kept_unknown")
    assert found.message == (
        "1 influencer without a profile (A17), kept as 'Unknown influencer': "
        "1 row of payouts.csv with 90.00 of payouts"
    )
    assert (found.file, found.row, found.money) == ("payouts.csv", 4, 90)
    assert found.fix == "add them to the influencers file"


def test_no_influencers_file_keeps_every_row() -> None:
    data = load(files(influencers=None))
    found = next(f for f in data.quality.warnings if f.code == "kept_unknown")
    assert (
        "(1, 2, 3), kept as 'Unknown influencer': 3 rows of posts.csv, 5 rows of " in found.message
    )
    assert "tracking_data.csv with 2,200.00 of revenue, 3 rows of payouts.csv with 890.00 of " in (
        found.message
    )
    assert "to the influencers file" not in found.fix and found.money == 890
    assert data.tables["influencers"]["id"].to_list() == ["1", "2", "3"]
    assert data.view().totals(["spend", "revenue"]).to_dict() == {"spend": 890, "revenue": 2200}


def test_ids_are_text_and_keep_their_zeros() -> None:
    given = {"influencers": INFLUENCERS, "posts": POSTS, "payouts": PAYOUTS}
    changed = {name: text.replace("\n1,", "\n007,") for name, text in given.items()}
    tracking = TRACKING.replace(",1,u", ",007,u")
    data = load(files(**changed, tracking_data=tracking))
    assert data.tables["influencers"]["id"].to_list() == ["007", "2", "3"]


def test_headers_may_be_cased_spaced_and_known_by_other_names() -> None:
    head = "Influencer ID , NAME,Niche,Sex,No. of Followers,Primary Platform"
    influencers = INFLUENCERS.replace("id,name,category,gender,follower_count,platform", head)
    posts = POSTS.replace("url", "Permalink").replace("reach", "Total Reach")
    assert load(files(influencers=influencers, posts=posts)).id == load(files()).id


def test_extra_attribute_of_an_influencer_is_a_dimension() -> None:
    lines = INFLUENCERS.splitlines()
    extra = "\n".join([lines[0] + ",Age Group", *(f"{line},18-25" for line in lines[1:])])
    data = load(files(influencers=extra))
    assert data.view().by("age_group", metrics=["revenue"])["revenue"].to_dict() == {
        "18-25": 2200
    }  # fmt: skip


def test_mapping_answers_a_doubtful_header() -> None:
    payouts = PAYOUTS.replace("total_payout", "XYZ")
    with pytest.raises(SchemaError, match="total_payout"):
        load(files(payouts=payouts))
    for mapping in (
        {"XYZ": "total_payout"}, {"payouts": {"XYZ": "total_payout"}},
        {"payouts.csv": {"xyz": "total_payout"}}, {"total_payout": "XYZ"},
    ):  # fmt: skip
        assert load(files(payouts=payouts), mapping=mapping).id == load(files()).id


def test_mapping_to_unknown_names_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="column of the files"):
        load(files(), mapping={"nope": "total_payout"})
    with pytest.raises(UnknownNameError, match="did you mean 'reach'"):
        load(files(), mapping={"posts": {"likes": "reech"}})


def test_guessed_header_is_asked_about() -> None:
    error = _error("doubtful_column", posts=POSTS.replace("comments", "commments"))
    assert "'comments'" in error.message
    data = load(files(posts=POSTS.replace("comments", "commments")), on_error="reject")
    assert data.view().totals(["comments"])["comments"] == 80


def test_frames_load_by_table_name() -> None:
    frames = {n: pl.read_csv(t.encode()) for n, t in zip(
        ("influencers", "posts", "tracking_data", "payouts"),
        (INFLUENCERS, POSTS, TRACKING, PAYOUTS), strict=True,
    )}  # fmt: skip
    assert load(frames).id == load(files()).id
    assert load({n: f.to_pandas() for n, f in frames.items()}).id == load(files()).id
    assert load({n: f.lazy() for n, f in frames.items()}).id == load(files()).id


def test_pandas_ids_with_gaps_lose_their_fraction() -> None:
    # A column of ids with a gap becomes 1.0, 2.0 … in pandas.
    tracking = pd.DataFrame(
        {
            "source": ["a", "b"], "campaign": "c", "influencer_id": [1.0, None], "user_id": "u",
            "product": "p", "date": pd.to_datetime(["2025-03-01", "2025-03-02"]), "orders": 1,
            "revenue": [10.0, 20.0],
        }
    )  # fmt: skip
    data = load({"tracking_data": tracking, "influencers": pd.DataFrame({
        "id": [1], "name": "A", "category": "x", "gender": "F", "follower_count": 5,
        "platform": "Instagram"})})  # fmt: skip
    assert data.tables["tracking_data"]["influencer_id"].to_list() == ["1", None]
    assert data.view().totals(["revenue"])["revenue"] == 10


def test_folder_file_and_list_load_alike(tmp_path: Path) -> None:
    for name, data in files().items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "readme.md").write_text("# notes")
    (tmp_path / ".hidden.csv").write_text("x")
    assert load(tmp_path).id == load(sorted(tmp_path.glob("[a-z]*.csv"))).id == load(files()).id
    assert load(str(tmp_path)).name == tmp_path.name


def test_wrong_parameters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="on_error"):
        load(files(), on_error="ignore")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="date_order"):
        load(files(), date_order="dmy")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="no file or folder"):
        load(tmp_path / "absent")
    with pytest.raises(ParameterError, match="cannot load"):
        load(7)
    with pytest.raises(SchemaError, match="nothing to load"):
        load([])


def test_blank_words_are_no_values_and_said() -> None:
    tracking = TRACKING.replace("SwipeUp,Fit,2,u4", "SwipeUp,Fit,N/A,u4")
    data = load(files(tracking_data=tracking))
    assert data.tables["tracking_data"]["influencer_id"].to_list()[-1] is None
    note = next(f for f in data.quality.notes if f.code == "blank_word")
    assert (note.count, note.column) == (1, "influencer_id")


def test_spaces_are_stripped_and_said() -> None:
    data = load(files(payouts=PAYOUTS.replace("\n2,", "\n 2 ,")))
    assert next(f for f in data.quality.notes if f.code == "trimmed").count == 1


def test_line_of_totals_is_no_row() -> None:
    data = load(files(payouts=PAYOUTS + "Total,,,4,890\n"))
    assert data.view().totals(["spend"])["spend"] == 890
    assert "total_row" in {f.code for f in data.quality.warnings}
    assert data.quality.rejected["payouts"]["row"].to_list() == [5]


def test_same_file_twice_counts_once() -> None:
    twice = files() | {"payouts copy.csv": PAYOUTS.encode()}
    data = load(twice)
    assert data.view().totals(["spend"])["spend"] == 890
    assert "same_file" in {f.code for f in data.quality.warnings}


def test_overlapping_exports_count_once() -> None:
    head, *rows = TRACKING.splitlines()
    first = "\n".join([head, *rows[:3]])
    second = "\n".join([head, *rows[2:]])
    overlapping = files(tracking_data=first) | {"tracking 2.csv": second.encode()}
    with pytest.raises(SchemaError, match="already in another of the files"):
        load(overlapping)
    assert load(overlapping, on_error="reject").view().totals(["revenue"])["revenue"] == 2200


def test_equal_rows_without_an_id_are_listed_and_counted() -> None:
    data = load(files(tracking_data=TRACKING + TRACKING.splitlines()[-1] + "\n"))
    assert data.view().totals(["revenue"])["revenue"] == 2200 + 750
    warning = next(f for f in data.quality.warnings if f.code == "equal_rows")
    assert (warning.row, warning.money) == (7, 750)


def test_copies_with_an_id_are_rejected() -> None:
    head, *rows = TRACKING.splitlines()
    numbered = [f"T{i},{row}" for i, row in enumerate(rows)]
    text = "\n".join([f"tracking_id,{head}", *numbered, numbered[0]])
    with pytest.raises(SchemaError, match="copied from an earlier one"):
        load(files(tracking_data=text))


def test_refunds_count_and_are_said() -> None:
    data = load(files(tracking_data=TRACKING + "SwipeUp,Fit,2,u4,Omega,2025-03-21,0,-750\n"))
    assert data.view().totals(["revenue"])["revenue"] == 2200 - 750
    assert "refund" in {f.code for f in data.quality.notes}


def test_negative_counts_are_refused() -> None:
    assert _error("negative", posts=POSTS.replace("200,40", "-200,40")).value == "-200"


def test_future_dates_are_listed() -> None:
    data = load(files(posts=POSTS.replace("2025-03-11", "2099-03-11")))
    warning = next(f for f in data.quality.warnings if f.code == "future_date")
    assert "11 March 2099" in warning.message


def test_engagement_above_reach_is_listed() -> None:
    data = load(files(posts=POSTS.replace("6000", "60")))
    assert "engagement_above_reach" in {f.code for f in data.quality.warnings}


def test_other_currency_is_refused() -> None:
    head, *rows = PAYOUTS.splitlines()
    text = "\n".join([f"{head},currency", f"{rows[0]},INR", f"{rows[1]},USD", f"{rows[2]},₹"])
    error = _error("other_currency", payouts=text)
    assert (error.row, error.value, error.count) == (3, "USD", 1)


def test_source_on_a_platform_that_nobody_uses_is_noted() -> None:
    data = load(files(tracking_data=TRACKING.replace("BioLink", "FB Ads")))
    note = next(f for f in data.quality.notes if f.code == "unused_platform")
    assert (note.value, note.count, note.money) == ("FB Ads", 1, 400)
    used = load(files(tracking_data=TRACKING.replace("BioLink", "YT"))).quality.notes
    assert "unused_platform" not in {f.code for f in used}


def test_clicks_of_both_tables_are_noted() -> None:
    clicked = {
        name: "\n".join(f"{line},{'clicks' if i == 0 else i}" for i, line in
                        enumerate(text.splitlines()))
        for name, text in (("posts", POSTS), ("tracking_data", TRACKING))
    }  # fmt: skip
    data = load(files(**clicked))
    # 1 + 2 + 3 of posts, 1 + 2 + 3 + 4 + 5 tracked.
    assert data.view().totals(["clicks"])["clicks"] == 6
    note = next(f for f in data.quality.notes if f.code == "clicks_twice")
    assert "posts (6)" in note.message and "(15)" in note.message
    tracked = load(files(tracking_data=clicked["tracking_data"]))
    assert tracked.view().totals(["clicks"])["clicks"] == 15
    assert "clicks_twice" not in {f.code for f in tracked.quality.notes}


def test_spelling_variants_are_listed_not_merged() -> None:
    data = load(files(tracking_data=TRACKING.replace("SwipeUp,Fit,2", "SwipeUp,FIT,2")))
    warning = next(f for f in data.quality.warnings if f.code == "spelling_variants")
    assert warning.column == "campaign" and "FIT / Fit" in warning.message
    assert {"Fit", "FIT"} <= set(data.tables["tracking_data"]["campaign"])


def test_platforms_and_genders_take_their_usual_spelling() -> None:
    data = load(files(influencers=INFLUENCERS.replace("Instagram", "insta").replace("Male", "m")))
    assert data.tables["influencers"]["platform"][0] == "Instagram"
    assert data.tables["influencers"]["gender"][1] == "Male"
    unknown = load(files(influencers=INFLUENCERS.replace("Twitter", "Koo")))
    assert unknown.tables["influencers"]["platform"][2] == "Koo"


def test_period_of_payouts_becomes_its_days() -> None:
    text = "influencer_id,basis,rate,orders,total_payout,Month\n2,order,100,4,400,March 2025\n"
    row = load(files(payouts=text)).tables["payouts"].row(0, named=True)
    assert str(row["period_start"]) == "2025-03-01 00:00:00"
    assert str(row["period_end"]) == "2025-03-31 00:00:00"


def test_equal_content_has_an_equal_id() -> None:
    assert load(files()).id == load(files()).id
    assert load(files()).id != load(files(payouts=PAYOUTS.replace("400", "401"))).id


def test_progress_goes_from_nothing_to_all() -> None:
    shares: list[float] = []
    load(files(), progress=lambda _step, share: shares.append(share))
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1


def test_limits_are_enforced() -> None:
    with pytest.raises(SchemaError, match="rows are above the limit of 2"):
        load(files(), settings=Settings(max_rows=2))
    with pytest.raises(SchemaError, match="columns are above the limit of 5"):
        load(files(), settings=Settings(max_columns=5))
    big = files(posts=POSTS + " " * 1_100_000)
    with pytest.raises(SchemaError, match="above the upload limit of 1 MB"):
        load(big, settings=Settings(max_upload_mb=1))
    long = POSTS.replace("P1", "x" * 101)
    with pytest.raises(SchemaError, match="more characters than is allowed"):
        load(files(posts=long), settings=Settings(max_cell_chars=100))


def test_hidden_likes_keep_their_post() -> None:
    data = load(files(posts=POSTS.replace("90,30", "-,30")))
    assert data.view().totals(["reach", "likes"]).to_dict() == {"reach": 10000, "likes": 240}
    assert "hidden_engagement" in {f.code for f in data.quality.warnings}


def test_frames_of_mixed_types_load() -> None:
    payouts = pd.read_csv(io.StringIO(PAYOUTS))
    payouts["influencer_id"] = [1, "2", 3.0]
    payouts["total_payout"] = ["₹400", 400, 90.0]
    frames = {n.removesuffix(".csv"): pl.read_csv(d) for n, d in files().items()}
    data = load({**frames, "payouts": payouts.set_index("basis")})
    assert data.view().totals(["spend"])["spend"] == 890
    doubled = pd.concat([payouts, payouts[["rate"]]], axis=1)
    assert load({**frames, "payouts": doubled}).view().totals(["spend"])["spend"] == 890
    records = pd.read_csv(io.StringIO(PAYOUTS)).to_dict("records")
    assert load({**frames, "payouts": records}).view().totals(["spend"])["spend"] == 890


ODD_CELLS = {
    "time": pl.lit(time(3, 4)), "duration": pl.lit(timedelta(3)), "bytes": pl.lit(b"\xff"),
    "list": pl.concat_list(pl.lit(1), pl.lit(2)), "struct": pl.struct(a=pl.lit(1)),
    "category": pl.lit("x").cast(pl.Categorical), "null": pl.lit(None), "true": pl.lit(True),
    "huge": pl.lit(1e300), "nan": pl.lit(float("nan")), "day": pl.lit(date(2025, 3, 1)),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD_CELLS)
def test_frames_of_odd_types_give_a_dataset_or_words(kind: str) -> None:
    frames = {n.removesuffix(".csv"): pl.read_csv(d) for n, d in files().items()}
    places = [(table, column) for table, frame in frames.items() for column in frame.columns]
    # Each place meets every third kind, and each kind every third place.
    turn = list(ODD_CELLS).index(kind)
    for table, column in places if LONG else places[turn % 3 :: 3]:
        frame = frames[table]
        odd = frame.with_columns(ODD_CELLS[kind].alias(column))
        try:
            load({**frames, table: odd}, on_error="reject")
        except SchemaError as error:
            assert str(error)


def test_frame_without_known_headers_is_refused() -> None:
    frames = {n.removesuffix(".csv"): pl.read_csv(d) for n, d in files().items()}
    tracking = frames["tracking_data"]
    numbered = tracking.rename({c: str(i) for i, c in enumerate(tracking.columns)})
    with pytest.raises(SchemaError, match="no column 'revenue'"):
        load({**frames, "tracking_data": numbered})


def test_line_of_totals_without_a_word_is_no_row() -> None:
    data = load(files(tracking_data=TRACKING + ",,,,,,8,2200\n"))
    assert data.view().totals(["revenue"])["revenue"] == 2200
    line = next(f for f in data.quality.warnings if f.code == "total_row")
    assert "Fix" not in str(line)


def test_subtotals_and_headers_within_a_table_are_no_rows() -> None:
    head, *rows = TRACKING.strip().splitlines()
    lines = [head, *rows[:3], "1 Total,,,,,,4,1200", head, *rows[3:], "Grand Total,,,,,,8,2200"]
    data = load(files(tracking_data="\n".join(lines)))
    assert data.view().totals(["revenue"])["revenue"] == 2200
    said = {f.code: f.count for f in data.quality.warnings if f.code.endswith("_row")}
    assert said == {"total_row": 2, "header_row": 1}


@pytest.mark.parametrize("column", [0, 1, 2])
def test_marks_that_do_not_pair_take_no_rows_with_them(column: int) -> None:
    caption = "a long caption of fifty letters without any comma"
    rows = [["1", "2025-03-01", caption] for _ in range(10)]
    for i in (3, 5):
        rows[i][column] = '"' + rows[i][column]
    text = "\n".join(["id,date,caption", *map(",".join, rows)])
    read = read_text(text.encode(), "posts.csv", "posts", Settings())
    assert read.frame.height == 10
    assert [f.code for f in read.findings] == ["quoting"]


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_draft_is_named_by_what_it_keeps(spoilt: bool) -> None:
    payouts = PAYOUTS + "A17,post,5,,5\n" if spoilt else PAYOUTS
    data = load(files(payouts=payouts), on_error="reject")
    assert (data.quality.rejected != {}) == spoilt
    assert data.id == content_id(data.tables) == load(files()).id


def test_column_left_empty_throughout_is_not_known_and_said_once() -> None:
    uncounted = "\n".join(
        line if n == 0 else ",".join([*line.split(",")[:6], "", line.split(",")[7]])
        for n, line in enumerate(TRACKING.splitlines())
    )
    data = load(files(tracking_data=uncounted))
    assert data.tables["tracking_data"].height == 5
    said = [f for f in data.quality.warnings if f.code == "no_values"]
    assert [(f.table, f.column, f.count) for f in said] == [("tracking_data", "orders", 5)]
    # Nor is anybody said to be paid for other orders than were tracked.
    assert "payout_orders" not in {f.code for f in data.quality.findings}


def test_single_empty_count_stays_an_error() -> None:
    found = _error("empty_cell", tracking_data=TRACKING.replace(",1,300", ",,300"))
    assert (found.row, found.column) == (2, "orders")


def test_file_without_a_column_of_revenue_is_used_once_that_is_said() -> None:
    moneyless = "\n".join(line.rpartition(",")[0] for line in TRACKING.splitlines())
    found = _error("missing_column", tracking_data=moneyless)
    assert found.column == "revenue"
    totals = load(files(tracking_data=moneyless), on_error="reject").view().totals()
    assert totals["orders"] == 8
    assert totals.attrs["unavailable"]["revenue"] == "the data has no revenue"


@pytest.mark.parametrize("header", ["^.*$", "^name|id$", "*"])
def test_header_that_looks_like_a_pattern_is_a_header(header: str) -> None:
    lines = INFLUENCERS.splitlines()
    text = "\n".join(
        [f"{lines[0]},{header}", *(f"{line},x{i}" for i, line in enumerate(lines[1:]))]
    )
    shop = SHOP.replace("ASHA10", "x0").replace("asha10", "x0")
    data = load({"influencers.csv": text.encode(), "orders_export.csv": shop.encode()})
    assert data.view().totals(["revenue"])["revenue"] == 1350
