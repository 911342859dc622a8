"""What others import or undo is told in each session, once, and what one did oneself is not."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hk_metrics.ingest import load
from hk_metrics.settings import default_settings
from hk_metrics.store import Store
from hk_metrics.ui import sources
from hk_metrics.ui.shell.news import News
from tests.small_files import TRACKING, files


def _write(folder: Path, content: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in content.items():
        (folder / name).write_bytes(text)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    made.commit(load(files()), by="Asha")
    return made


def test_import_of_another_is_told_once_with_its_time_and_name(store: Store) -> None:
    mine = store.current()
    assert mine is not None
    news = News(store)
    assert news.look(mine) == ""
    Store(store.folder).commit(load(files(tracking_data=TRACKING.replace("750", "700"))), by="Bo")
    at = store.journal()[-1].at.astimezone(ZoneInfo("Asia/Kolkata"))
    assert news.look(mine) == f"New data was imported at {at:%H:%M} by Bo."
    assert news.look(mine) == ""


def test_undo_of_another_is_told_and_ones_own_import_is_not(store: Store) -> None:
    news = News(store)
    store.commit(load(files(tracking_data=TRACKING.replace("750", "700"))))
    mine = store.current()
    assert mine is not None and news.look(mine) == ""
    Store(store.folder).undo()
    assert news.look(mine).startswith("The last import was undone at ")


def test_undo_back_to_what_is_shown_is_told_to_whoever_knew_of_more(store: Store) -> None:
    mine = store.current()
    assert mine is not None
    news = News(store)
    Store(store.folder).commit(load(files(tracking_data=TRACKING.replace("750", "700"))), by="Bo")
    assert news.look(mine).startswith("New data was imported at ")
    Store(store.folder).undo(by="Bo")
    assert news.look(mine).endswith(" by Bo.")
    assert news.look(mine) == ""


def test_restart_leaves_an_import_on_top_of_an_unchanged_source(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HK_METRICS_STORE", str(tmp_path / "data" / "store"))
    default_settings.cache_clear()
    try:
        _write(tmp_path / "source", files())
        store = Store(sources.served(str(tmp_path / "source")))
        imported = store.commit(load(files(tracking_data=TRACKING.replace("750", "700"))))
        assert Store(sources.served(str(tmp_path / "source"))).current_version() == imported
        store.undo()
        assert Store(sources.served(str(tmp_path / "source"))).current_version().number == 1
        store.commit(load(files(tracking_data=TRACKING.replace("750", "700"))))
        # A source that has changed is news, and comes on top.
        changed = files(tracking_data=TRACKING.replace("750", "650"))
        _write(tmp_path / "source", changed)
        current = Store(sources.served(str(tmp_path / "source"))).current()
        assert current is not None and current.tables["tracking_data"]["revenue"].sum() == 2100
    finally:
        default_settings.cache_clear()


def test_store_without_a_whole_version_opens_the_sample_and_says_why(store: Store) -> None:
    (store.folder / "versions/000001/rows.arrow").write_bytes(b"")
    shown = sources.opened(store)
    assert sources.is_sample(shown)
    assert "rows.arrow is damaged" in shown.quality.warnings[0].message
    assert "Shown is the generated sample" in shown.quality.warnings[0].message
