"""Tests as pull requests: written, run in the real sandbox, proposed on the branch that they are for."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.github import Pull
from tests.fakes.models import ModelRequest, Reply
from tests.fakes.repository import GitRepository
from tests.journeys.asking import asked, introduce
from tests.journeys.stage import Stage
from tests.journeys.world import World
from workers.analysis.jail import find_jail
from workers.analysis.sandbox import works

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOX = "def area(side):\n    return side * side\n"
NEW = "\n\ndef volume(side):\n    return side**3\n"
LID = "def fits(side):\n    return side > 0\n"
CODE = {
    "box.py": BOX,
    "pytest.ini": "[pytest]\n",
    "package.json": '{"scripts": {"test": "node --test", "pretest": "node evil.mjs"}}\n',
    "web/edge.mjs": "export function edge(area) {\n  if (area < 0) return 0;\n  return Math.sqrt(area);\n}\n",
    "tests/test_area.py": "from box import area\n\n\ndef test_area():\n    assert area(2) == 4\n",
}
GOOD = "from box import volume\n\n\ndef test_volume_is_cubed():\n    assert volume(3) == 27\n"
BAD = "from lid import fits\n\n\ndef test_fits():\n    fits(1)\n"
OLD = "from box import area\n\n\ndef test_area_is_squared():\n    assert area(3) == 9\n"
SCRIPT = """import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edge } from './edge.mjs';

test('an edge is the root of its area', () => {
  assert.deepEqual([edge(9), edge(0), edge(-4)], [3, 0, 0]);
});
"""
NO_RUN = {".github/quorum.yml": "write: {tests: {run: false}}\n"}


def writer(request: ModelRequest) -> Reply:
    """A model that writes a good test, one that proves nothing, and one of what was there before."""
    if "Write a new test file" not in request.text:
        return Reply('{"findings": []}')
    if "for node:test" in request.text:
        return Reply(json.dumps({"file": SCRIPT}))
    if "def fits" in request.text:
        return Reply(json.dumps({"file": BAD}))
    return Reply(json.dumps({"file": GOOD if "def volume" in request.text else OLD}))


@pytest_asyncio.fixture(loop_scope="module")
async def boxes(stage: Stage, tmp_path: Path) -> AsyncIterator[World]:
    """A repository whose branch "topic" adds two functions."""
    git = GitRepository.create(tmp_path)
    git.commit(CODE)
    git.branch("topic")
    git.commit({"box.py": BOX + NEW, "lid.py": LID})
    git.checkout("main")
    async with stage.world(git) as world:
        introduce(world)
        world.models.default = writer
        yield world


def proposed(world: World) -> list[Pull]:
    """The pull requests of tests, oldest first."""
    every = world.github.world.pulls.values()
    bot = world.github.world.bot
    return [one for one in every if one.repository is world.repository and one.author is bot]


def text_of(world: World, pull: Pull, path: str) -> str:
    """A file at a pull request's head; "" if there is none."""
    git = world.repository.git
    entry = git.entry(pull.head_sha, path)
    return git.blob(entry.sha).decode() if entry else ""


async def runs_tests() -> bool:
    jail = find_jail()
    return jail is not None and await works(jail)


async def test_tests_of_a_change_are_run_and_stacked_on_it(boxes: World) -> None:
    world = boxes
    if not await runs_tests():
        pytest.skip("no namespaces here")
    draft = world.github.open_pull(world.repository, head="topic", draft=True)
    await world.reviewed(draft)
    found, [text] = await asked(world, draft, "/quorum tests", timeout_s=100.0)
    assert found == ["eyes", "rocket"]
    [pull] = proposed(world)
    assert (pull.base_ref, pull.title) == ("topic", "tests: 1 function of box.py")
    assert text_of(world, pull, "tests/test_box.py") == GOOD
    assert f"#{pull.number}" in text
    assert "1 test, green three times" in text
    assert "These tests assert nothing" in text, "what proves nothing is dropped, and that is said"
    assert "lid" not in pull.title + text_of(world, pull, "tests/test_lid.py")
    assert "Tests for the code at" in pull.body
    assert "Cost: " in pull.body

    head = pull.head_sha
    world.github.close(pull)
    asked_before = len(world.models.requests)
    _, [text] = await asked(world, draft, "/quorum tests")
    assert "Nothing was written" in text
    assert (proposed(world), pull.head_sha) == ([pull], head)
    assert len(world.models.requests) == asked_before, "closed means closed, and costs nothing"


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js here")
async def test_tests_in_javascript_are_run_too(boxes: World) -> None:
    if not await runs_tests():
        pytest.skip("no namespaces here")
    draft = boxes.github.open_pull(boxes.repository, head="topic", draft=True)
    await boxes.reviewed(draft)
    found, [text] = await asked(boxes, draft, "/quorum tests web/edge.mjs")
    assert found == ["eyes", "rocket"]
    [pull] = proposed(boxes)
    assert (pull.base_ref, pull.title) == ("topic", "tests: 1 function of web/edge.mjs")
    assert text_of(boxes, pull, "web/edge.test.mjs") == SCRIPT
    assert re.search(r"1 test, green three times \| [1-9] of [1-9] \|", text)


async def test_of_a_fork_only_what_the_base_holds_is_tested_and_what_is_not_run_is_called_so(
    boxes: World,
) -> None:
    world, git = boxes, boxes.git
    world.github.push_branch(world.repository, "main", git.commit(NO_RUN))
    draft = world.github.open_pull(world.repository, head="topic", draft=True, fork=True)
    await world.reviewed(draft)
    found, [text] = await asked(world, draft, "/quorum tests")
    assert found == ["eyes", "confused"]
    assert "not in this repository" in text
    assert proposed(world) == []
    found, [text] = await asked(world, draft, "/quorum tests box.py nowhere.py")
    [pull] = proposed(world)
    assert (pull.base_ref, pull.title) == (
        "main",
        "tests: 1 function of box.py (not executed: write.tests.run is off)",
    )
    assert text_of(world, pull, "tests/test_box.py") == OLD
    assert "Nothing that tests are written for is called `nowhere.py`" in text
    assert "`write.tests.run` is off" in text
    assert "what `main` holds now" in pull.body
