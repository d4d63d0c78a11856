"""A question put to a model too small to know: an answer that claims no more than it shows, or a named failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import Valkey
from tests.journeys.asking import asked, introduce
from tests.journeys.shared_world import BROKEN_LOG, SINK, propose, refused_writes
from tests.model.serving import Served
from tests.model.world import assert_counted, modelled, used
from workers.github.prose import ZWSP
from workers.github.render.answered import NOTHING_NAMED

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1_800)]

ASK_TIMEOUT_S = 900.0


async def test_an_answer_shows_code_that_is_there_or_says_that_it_shows_none(
    served: Served, tmp_path: Path, sqlite_template: Path, valkey_server: Valkey
) -> None:
    before = served.requests()
    async with modelled(served, tmp_path, sqlite_template, valkey_server) as world:
        introduce(world)
        pull = propose(world, "runs", {"shop/run.py": SINK}, draft=True)
        await world.reviewed(pull)
        found, [text] = await asked(world, pull, "/quorum ask what does run do?", timeout_s=ASK_TIMEOUT_S)
        log = world.stack.web.text() + world.stack.worker.text()
        assert refused_writes(world) == []
    assert [mark for mark in BROKEN_LOG if mark in log] == [], log[-8000:]
    assert_counted(used(tmp_path), served.requests() - before)
    if found == ["eyes", "confused"]:
        assert text.replace(ZWSP, "").startswith("No answer: ")
    else:
        assert found == ["eyes", "rocket"]
        assert NOTHING_NAMED in text or f"/blob/{pull.head_sha}/shop/" in text
