"""What a team says beside its data: tags, notes and saved views, kept, filtered by and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, StoreError, UnknownNameError
from hk_metrics.figures import pinned, trend
from hk_metrics.report import source
from hk_metrics.store.book import TeamBook
from hk_metrics.store.records import Records
from hk_metrics.view.filters import NONE

SHOWN = ["revenue", "spend", "roas", "orders", "posts", "reach", "customers"]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    """A store's dataset; who changes its book says so again."""
    made, _ = hk.simulate(seed=7, influencers=12, days=60, events=1500)
    store = hk.Store(tmp_path_factory.mktemp("store"))
    store.commit(made)
    data = store.current()
    assert data is not None
    yield data


@pytest.fixture
def book(stored: Dataset) -> Iterator[TeamBook]:
    assert stored.folder is not None
    made = TeamBook(stored.folder.parent.parent)
    yield made
    for file in made.folder.glob("*.jsonl"):
        file.unlink()


# -- tags ---------------------------------------------------------------------------------------


def test_totals_under_a_tag_are_those_of_its_influencers(stored: Dataset, book: TeamBook) -> None:
    some = [str(i) for i in stored.view().by("influencer_id").index[:4]]
    book.tag("summer list", some[:3])
    book.tag("micro", some[2:])
    for tags, ids in ({"micro"}, some[2:]), ({"micro", "summer list"}, some), (
        {"summer list"}, some[:3],
    ):  # fmt: skip
        tagged = stored.view(tag=sorted(tags)).totals(SHOWN)
        assert tagged.to_dict() == stored.view(influencer_id=ids).totals(SHOWN).to_dict()
    other = {str(v) for v in stored.view().values("influencer_id")} - set(some)
    rest = stored.view(tag=[NONE]).by("influencer_id").index
    assert set(map(str, rest)) <= other | {NONE}
    both = stored.view(tag="micro").totals("revenue") + stored.view(tag=[None]).totals("revenue")
    assert float(both["revenue"]) == pytest.approx(
        float(stored.view().totals("revenue")["revenue"])
        - float(stored.view(influencer_id=some[:2]).totals("revenue")["revenue"])
    )


def test_what_is_made_of_a_view_keeps_its_tag(stored: Dataset, book: TeamBook) -> None:
    some = [str(i) for i in stored.view().by("influencer_id").index[:3]]
    book.tag("micro", some)
    view = stored.view(tag="micro", date="2025-01")
    same = stored.view(influencer_id=some, date="2025-01")
    assert view.filters["tag"] == ("micro",)
    assert view.where(**view.filters).totals(SHOWN).to_dict() == same.totals(SHOWN).to_dict()
    assert stored.view(tag="micro", attribution="linear").totals("revenue").to_dict() == (
        stored.view(influencer_id=some, attribution="linear").totals("revenue").to_dict()
    )
    assert hk.rank(view)["shrunken"].to_dict() == hk.rank(same)["shrunken"].to_dict()
    assert len(hk.lift(stored, by="influencer_id", tag="micro", method="assumed_share")) == len(
        hk.lift(stored, by="influencer_id", influencer_id=some, method="assumed_share")
    )


def test_tag_is_spelled_once_and_gone_with_its_last_influencer(
    stored: Dataset, book: TeamBook
) -> None:
    assert book.tag(" Summer  list ", ["1", "2", "1"]) == "Summer list"
    assert book.tag("SUMMER LIST", ["3"], by="Bo") == "Summer list"
    assert book.tags() == {"Summer list": ("1", "2", "3")}
    assert book.now().tags_of("3") == ["Summer list"]
    book.untag("summer list", ["1", "2", "3"])
    assert book.tags() == {}
    with pytest.raises(UnknownNameError, match="nobody has a tag yet"):
        stored.view(tag="Summer list")


def test_unknown_tag_is_told_with_the_nearest(stored: Dataset, book: TeamBook) -> None:
    book.tag("summer list", ["1"])
    with pytest.raises(UnknownNameError, match="did you mean 'summer list'"):
        stored.view(tag="sumer list")
    for wrong in ("", "  ", NONE, "x" * 41):
        with pytest.raises(ParameterError):
            book.tag(wrong, ["1"])
    with pytest.raises(ParameterError, match="nobody is chosen"):
        book.tag("summer list", [])


# -- notes --------------------------------------------------------------------------------------


def test_notes_are_of_the_views_days_and_brands(stored: Dataset, book: TeamBook) -> None:
    first, last = stored.view().period or (date.min, date.max)
    brand, other = [str(b) for b in stored.view().values("brand") if b][:2]
    for day, text, of in (
        (last, "site down", ""), (first, "price rise", brand), (first, "new shop", other),
        ("1999-12-31", "long ago", ""),
    ):  # fmt: skip
        book.pin(day, text, of, by="Asha")
    notes = stored.view().pinned_notes()
    assert notes["note"].tolist() == ["price rise", "new shop", "site down"]
    assert set(notes["by"]) == {"Asha"}
    assert notes.index.tolist() == [1, 2, 3]
    assert stored.view(brand=brand).pinned_notes()["note"].tolist() == ["price rise", "site down"]
    assert stored.view(date=(last, last)).pinned_notes()["note"].tolist() == ["site down"]


def test_figures_over_time_that_the_library_draws_have_the_notes(
    stored: Dataset, book: TeamBook
) -> None:
    _, last = stored.view().period or (date.min, date.max)
    book.pin(last, "site down", by="Asha")
    view = stored.view()
    drawn = view.trend("D", ["revenue"]).plot()
    assert "1: site down" in {t for trace in drawn.data for t in (trace.hovertext or ())}
    chart = view.trend("M", ["revenue"]).chart()
    assert "site down" in chart.note
    assert "site down" not in view.by("brand", ["revenue"]).chart().note


def test_note_is_edited_and_deleted_by_its_key(book: TeamBook) -> None:
    note = book.pin("2025-01-03", "prise rise", by="Asha")
    changed = book.pin("2025-01-04", "price rise", "Gritzo", by="Bo", key=note.key)
    assert book.notes() == [changed]
    assert (changed.words, changed.by, changed.day) == (
        "price rise (Gritzo)", "Asha", date(2025, 1, 4),
    )  # fmt: skip
    book.unpin(note.key)
    assert book.notes() == []
    with pytest.raises(ParameterError, match="deleted it meanwhile"):
        book.pin("2025-01-04", "again", key=note.key)
    for day, text in (("3 June", "x"), ("2025-02-30", "x"), ("2025-01-03", " \n ")):
        with pytest.raises(ParameterError):
            book.pin(day, text)


def test_chart_over_time_has_its_notes_and_no_other(stored: Dataset, book: TeamBook) -> None:
    first, last = stored.view().period or (date.min, date.max)
    settings = stored.settings
    plain = trend(stored.view().trend("D"), ["revenue"], settings=settings)
    assert pinned(plain, stored.view().pinned) is plain
    book.pin(first, "<b>price</b> rise")
    book.pin(last, "site down")
    view = stored.view(date=(last, None))
    drawn = pinned(trend(view.trend("D"), ["revenue"], settings=settings), view.pinned)
    marks = drawn.data[-1]
    assert (marks["x"], marks["text"]) == ([last.isoformat()], ["1"])
    assert drawn.note.endswith("site down.")
    whole = pinned(plain, stored.view().pinned)
    assert whole.data[-1]["hovertext"][0] == "1: &lt;b&gt;price&lt;/b&gt; rise"
    assert [s["x0"] for s in whole.layout["shapes"]] == [first.isoformat(), last.isoformat()]
    assert whole.table is plain.table


def test_letter_is_made_anew_when_the_team_says_more(stored: Dataset, book: TeamBook) -> None:
    folder = str(book.folder)
    before = source.version(folder)
    assert before == stored.id
    note = book.pin("2025-01-03", "price rise")
    after = source.version(folder)
    assert after != before
    book.tag("micro", ["INF001"])
    assert source.version(folder) not in (before, after)
    book.unpin(note.key)
    book.untag("micro", ["INF001"])
    assert source.version(folder) == before


def test_notes_are_in_the_workbook(stored: Dataset, book: TeamBook) -> None:
    from hk_metrics.present.workbook import sheets

    assert "Notes" not in {t.title for t in sheets(stored.view())}
    book.pin((stored.view().period or (date.min,))[0], "price rise")
    (notes,) = (t for t in sheets(stored.view()) if t.title == "Notes")
    assert notes.frame["note"].tolist() == ["price rise"]


# -- views --------------------------------------------------------------------------------------


def test_view_is_saved_renamed_and_deleted(book: TeamBook) -> None:
    june = book.save_view("June", "page=payouts", by="Asha")
    assert (june.name, june.query, june.by) == ("June", "page=payouts", "Asha")
    assert book.save_view("june", "page=posts", by="Asha").key == june.key
    with pytest.raises(ParameterError, match="“june” by Asha already"):
        book.save_view("JUNE", "page=roas", by="Bo")
    other = book.save_view("July", "", by="Bo")
    with pytest.raises(ParameterError, match="already"):
        book.rename_view(other.key, "June")
    assert book.rename_view(june.key, "Gritzo in June", by="Bo").by == "Asha"
    assert [(v.name, v.query) for v in book.views()] == [("Gritzo in June", "page=posts"), ("July", "")]  # fmt: skip
    book.forget_view(june.key)
    assert [v.name for v in book.views()] == ["July"]
    for gone in (lambda: book.forget_view(june.key), lambda: book.rename_view(june.key, "x")):
        with pytest.raises(ParameterError, match="gone"):
            gone()


def _write(folder: str, who: int) -> int:
    """Save, tag and pin beside others, and say how many names were refused."""
    book, refused = TeamBook(Path(folder)), 0
    for n in range(10):
        book.tag("all", [f"{who}-{n}"], by=str(who))
        book.pin("2025-01-03", f"{who}-{n}", by=str(who))
        try:
            book.save_view(f"view {n}", f"page={who}", by=str(who))
        except ParameterError:
            refused += 1
    return refused


def test_sessions_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    # Each opens the files anew, as two processes do.
    with ThreadPoolExecutor(2) as pool:
        refused = list(pool.map(_write, [str(tmp_path)] * 2, [1, 2]))
    book = TeamBook(tmp_path)
    assert len(book.tags()["all"]) == 20
    assert len(book.notes()) == 20
    # Of each name one of the two was first, and the other was told.
    assert len({v.name for v in book.views()}) == len(book.views()) == 10
    assert sum(refused) == 10


def test_damaged_line_takes_no_other_along(book: TeamBook) -> None:
    book.save_view("June", "page=payouts")
    with (book.folder / "views.jsonl").open("ab") as file:
        file.write(b'\n[{"facts": {"key": "x", "name": "half')
    assert [v.name for v in book.views()] == ["June"]
    assert book.save_view("July", "").name == "July"
    assert len(book.views()) == 2


def test_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="nothing was changed"):
        TeamBook(tmp_path / "file").save_view("June", "")


def test_what_is_current_is_read_when_it_has_changed(book: TeamBook) -> None:
    before, other = book.marker(), TeamBook(book.folder)
    assert other.now().notes == ()
    book.pin("2025-01-03", "price rise", by="Bo")
    assert book.marker() != before
    assert [n.text for n in other.now().notes] == ["price rise"]
    kind, record = other.latest() or ("", None)
    assert (kind, record and record.by) == ("notes", "Bo")
    assert len(Records(book.folder, "notes").all()) == 1


# -- those who see a part -----------------------------------------------------------------------


def test_part_has_what_names_nothing_of_the_rest(
    stored: Dataset, book: TeamBook, tmp_path: Path
) -> None:
    from hk_metrics.scope import within
    from hk_metrics.ui.allowed import allowed

    ours, other = [str(b) for b in stored.view().values("brand") if b][:2]
    part = within(stored, {"brand": (ours,)})
    people = [str(i) for i in part.tables["influencers"]["id"]]
    strangers = [str(i) for i in stored.tables["influencers"]["id"] if str(i) not in people]
    assert strangers
    book.tag("micro", [people[0], strangers[0]], by="Asha")
    book.tag("theirs", strangers[:1])
    book.tag(f"for {other.lower()}", people[:1])
    first = (stored.view().period or (date.min,))[0]
    for text, brand in (
        ("site down", ""), ("price rise", ours), ("launch", other), (f"{other} sale", ""),
    ):  # fmt: skip
        book.pin(first, text, brand, by="Asha")
    for name, query in (
        ("all", ""), ("ours", f"page=roas&brand={ours}&tag=micro&o.margin=35"),
        ("other", f"brand={other}"), (f"{other} in June", ""), ("found", f"t.ranking.find={other}"),
        ("person", f"influencer_id={strangers[0]}"), ("tagged", "tag=theirs"),
        ("both", f"brand={ours}&brand={other}"), ("named", f"f.brand={other}"),
    ):  # fmt: skip
        book.save_view(name, query, by="Asha")
    views, team = allowed(stored, part, book)
    assert [(v.name, v.by) for v in views] == [("all", ""), ("ours", "")]
    assert [(n.text, n.by) for n in team.notes] == [("site down", ""), ("price rise", "")]
    assert dict(team.tags) == {"micro": (people[0],)}
    copy = TeamBook(tmp_path)
    copy.put(views, team)
    marker = copy.marker()
    copy.put(views, team)
    assert copy.marker() == marker
    assert (copy.now(), [v.query for v in copy.views()]) == (team, [v.query for v in views])


def test_what_others_say_is_told_once(book: TeamBook) -> None:
    from hk_metrics.ui.shell.news import TeamNews

    news = TeamNews()
    news.heard(book)
    other = TeamBook(book.folder)
    view = other.save_view("June", "page=payouts", by="Bo")
    first = news.look(book, "Asia/Kolkata")
    assert first.startswith("The view “June” was saved at ") and first.endswith(" by Bo.")
    assert news.look(book, "Asia/Kolkata") == ""
    other.forget_view(view.key, by="Bo")
    assert "was deleted at" in news.look(book, "Asia/Kolkata")
    book.pin("2025-01-03", "site down")
    news.heard(book)
    assert news.look(book, "Asia/Kolkata") == ""
