"""Many links opened at once: each gets its page in its turn, and none an error."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.serving import Server, serving
from hk_metrics.ui.serve.pool import Pool
from tests.attacks.conftest import opened


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with one warm session."""
    with serving(tmp_path_factory.mktemp("queue"), "--pool", "1", "--idle-minutes", "5") as started:
        yield started


def test_links_opened_at_once_get_their_pages_in_turn(small: Server) -> None:
    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(lambda _: opened(small.url), range(6)))
    assert len({page.kernel for page in pages}) == 6
    assert not any("hk-failure" in page.text for page in pages)
    assert any("<script>hkMetrics.place(" in page.text for page in pages)


def warm(name: str) -> Any:
    """A session that lives."""

    async def alive() -> bool:
        return True

    async def end() -> None:
        return None

    return SimpleNamespace(kernel_id=name, alive=alive, end=end)


def queue(size: int) -> Pool:
    """A queue whose sessions are put there by the test."""
    kernels: Any = SimpleNamespace(waiting=set())
    made = Pool(kernels, None, "", lambda _: size, dict)
    made.fill = lambda: None  # type: ignore[method-assign]
    return made


def test_first_come_is_first_served() -> None:
    async def scene() -> None:
        pool = queue(size=0)
        turns = [await pool.turn("open") for _ in range(3)]
        assert [pool.place(turn) for turn in turns] == [1, 2, 3]
        pool.shelf["open"].append(warm("one"))
        await pool._serve("open")
        assert turns[0].session.result().kernel_id == "one"
        assert [pool.place(turn) for turn in turns] == [0, 1, 2]
        pool.leave(turns[1])
        assert [pool.place(turn) for turn in turns] == [0, 0, 1]

    asyncio.run(scene())


def test_session_without_data_is_for_its_own_kind() -> None:
    async def scene() -> None:
        pool = queue(size=1)
        turn = await pool.turn("blank")
        pool.shelf["open"].append(warm("whole"))
        await pool._serve("open")
        await pool._serve("blank")
        assert not turn.session.done()
        pool.shelf["blank"].append(warm("none"))
        await pool._serve("blank")
        assert turn.session.result().kernel_id == "none"

    asyncio.run(scene())
