"""Every command in a small repository, and what only looks like one, on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from config.commands import COMMANDS
from tests.fakes.github import Fault, Pull
from tests.fakes.models import ModelRequest, Reply
from tests.fakes.repository import GitRepository
from tests.journeys.asking import WRITER, ended, introduce, reactions, replies
from tests.journeys.stage import Stage
from tests.journeys.world import NOTHING_FOUND, World
from tests.workers.pipelines.test_audit import ANSWERS as AUDIT

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("services", ["sqlite", "postgresql"], indirect=True),
]

BOX = '"""Boxes."""\n\n\ndef area(side):\n    """Of one side."""\n    return side * side\n'
CUBE = "    return side * side * sides"
VOLUME = f'\n\ndef volume(side, sides):\n    """Of a box."""\n{CUBE}\n'
TEST = "from box import volume\n\n\ndef test_volume():\n    assert volume(3, 3) == 27\n"
RULES = "write: {tests: {run: false}}\ncommands: {bots: [%s]}\n"
NAMED = re.compile(r"^name: (.+)$", re.MULTILINE)
FINDING = {
    "aspect": "quality", "severity": "high", "path": "box.py", "quote": CUBE.strip(), "title": "Cubes are no cubes",
    "description": "It multiplies by the wrong thing.", "recommendation": "Cube it.", "confidence": 0.95,
    "suggestion": None, "rule": "wrong-cube",
}  # fmt: skip
BETTER = {"path": "box.py", "quote": CUBE, "replacement": "    return side**3", "title": "Cube the side",
          "why": "A box is a cube.", "impact": "high"}  # fmt: skip
ANSWERED = {"answer": "It cubes.", "evidence": [], "confident": True}

SAYINGS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("You are the architect.", lambda _: AUDIT["audit/architect"]),
    ("You are the deployment specialist.", lambda _: AUDIT["audit/deployment"]),
    ("You are the business specialist.", lambda _: AUDIT["audit/business"]),
    ("You are the last one", lambda _: AUDIT["audit"]),
    ("You describe a change", lambda _: {"bullets": ["Boxes have volumes."], "kinds": ["feature"]}),
    ("You suggest improvements", lambda _: {"suggestions": [BETTER]}),
    ("Write a new test file", lambda _: {"file": TEST}),
    ('Write "overview"', lambda text: {"overview": "Boxes.", "sections": [
        {"name": name, "text": f"What {name} does."} for name in NAMED.findall(text)]}),
    ('"left_out"', lambda _: {"pages": []}),
    ('"score"', lambda _: {"score": 0.9, "wrong": []}),
    ("How large is a box?", lambda _: ANSWERED),
    ("model=gpt-9", lambda _: ANSWERED),
)  # fmt: skip
"""Words of a question → what the model says to it; reviews find one thing."""


def speaker(request: ModelRequest) -> Reply:
    said = next((says(request.text) for words, says in SAYINGS if words in request.text), None)
    return Reply(json.dumps({"findings": [FINDING]} if said is None else said))


@pytest_asyncio.fixture(loop_scope="module")
async def boxes(stage: Stage, tmp_path: Path) -> AsyncIterator[World]:
    """A repository whose branch "topic" adds a function; one bot may give commands there."""
    helper = stage.github.world.user("helper[bot]")
    git = GitRepository.create(tmp_path)
    git.commit({"box.py": BOX, "pytest.ini": "[pytest]\n", ".github/quorum.yml": RULES % helper.id})
    git.branch("topic")
    git.commit({"box.py": BOX + VOLUME})
    git.checkout("main")
    async with stage.world(git) as world:
        introduce(world)
        for login in ("helper[bot]", "stranger[bot]"):
            world.repository.roles[login] = "write"
        world.models.default = speaker
        yield world
        world.models.default = NOTHING_FOUND


def open_draft(world: World) -> Pull:
    """A pull request that is not reviewed by itself."""
    return world.github.open_pull(world.repository, head="topic", title="Volumes", draft=True)


AT_ONCE: Mapping[str, tuple[str, str]] = {
    "help": ("rocket", "| Command |"),
    "help pause": ("rocket", "Stop reviewing pushes"),
    "config": ("rocket", "commands.bots"),
    "cost": ("rocket", "nothing"),
    "compare fake-model": ("confused", "comparisons of models"),
    "ask How large is a box?": ("rocket", "It cubes."),
    "describe": ("rocket", "Boxes have volumes."),
    "improve": ("rocket", "```suggestion\n    return side**3\n```"),
    "docs": ("rocket", "new, written"),
    "tests": ("rocket", "test"),
    "audit": ("rocket", "| Code quality |"),
    "dismiss never mind": ("confused", "as a reply in the thread of the finding"),
    "pause": ("rocket", "/quorum resume"),
}
"""Commands → the reaction that ends them, and words of what is said."""
AFTERWARDS = ("resume", "review", "review full", "resolve", "dismiss it is meant so")


async def test_each_command_does_its_work(boxes: World) -> None:
    """One after the other on one pull request; what takes longer goes on beside the others."""
    world, pull = boxes, open_draft(boxes)
    assert {text.split()[0] for text in (*AT_ONCE, *AFTERWARDS)} == set(COMMANDS)
    given = {text: world.github.comment(pull, WRITER, f"/quorum {text}").id for text in AT_ONCE}
    for text, (end, words) in AT_ONCE.items():
        found = await ended(world, given[text])
        assert found == ["eyes", end], text + world.said(pull) + world.stack.worker.text()[-6000:]
        await world.wait(lambda words=words: words in world.said(pull).replace("\u200b", ""))  # type: ignore[misc]
    assert [name for name in COMMANDS if f"`/quorum {name}" not in world.said(pull)] == []

    for text in ("resume", "review", "review full", "resolve"):
        comment = world.github.comment(pull, WRITER, f"/quorum {text}")
        assert await ended(world, comment.id) == ["eyes", "rocket"], text
    first = next(one for one in world.github.review_comments(pull) if FINDING["title"] in one["body"])
    reply = "/quorum dismiss it is meant so"
    said = world.github.comment_on_review(pull, WRITER, reply, in_reply_to=first["id"])
    assert await ended(world, said.id) == ["eyes", "rocket"]
    assert "it is meant so" in world.github.review_comments(pull)[-1]["body"]


REFUSED = "Arguments cannot change the model, keys, URLs or limits."
ODD: Mapping[str, tuple[list[str], str]] = {
    "See:\n```\n/quorum pause\n```": ([], ""),
    "> /quorum pause\n\n/quorum pause": ([], ""),
    "<!-- /quorum pause -->": ([], ""),
    "    /quorum pause": ([], ""),
    "/quorumpause": ([], ""),
    "@quorum pause": ([], ""),
    "/pause": ([], ""),
    "/improve --pr_reviewer.model=x": ([], ""),
    "\n  /QUORUM  Cost\r\n/quorum pause": (["eyes", "rocket"], "nothing"),
    "/quorum": (["eyes", "rocket"], "| Command |"),
    "/quorum puase": (["eyes", "confused"], "Did you mean `pause`?"),
    "/quorum @everybody": (["eyes", "confused"], "There is no command"),
    "/quorum cost --model=gpt-9": (["eyes", "confused"], REFUSED),
    "/quorum review api_key=x": (["eyes", "confused"], REFUSED),
    "/quorum review full please": (["eyes", "confused"], "or nothing, not `full please`"),
    "/quorum docs --base-url=https://evil.example": (["eyes", "confused"], REFUSED),
    "/quorum tests ../../etc/passwd": (["eyes", "confused"], "inside the repository"),
    "/quorum docs https://evil.example/x.md": (["eyes", "confused"], "inside the repository"),
    "/quorum ask --model=gpt-9 and who are you?": (["eyes", "rocket"], "It cubes."),
    "/quorum ask": (["eyes", "confused"], "needs more words"),
}
"""Comments → our reactions, and words of the answer."""


async def test_what_only_looks_like_a_command_is_none_and_what_is_wrong_is_explained(boxes: World) -> None:
    world, pull = boxes, open_draft(boxes)
    issue = world.github.open_issue(world.repository, "Boxes")
    given = {text: world.github.comment(pull, WRITER, text).id for text in ODD}
    bots = {
        who: world.github.comment(pull, who, "/quorum cost").id for who in ("stranger[bot]", "helper[bot]")
    }
    last = world.github.comment(pull, WRITER, "/quorum help cost")
    found = await ended(world, last.id)
    assert found == ["eyes", "rocket"], world.stack.worker.text()[-6000:]
    assert {text: reactions(world, known) for text, known in given.items()} == {
        text: found for text, (found, _) in ODD.items()
    }
    said = world.said(pull).replace("\u200b", "")
    assert [words for _, words in ODD.values() if words not in said] == []
    assert {who: reactions(world, known) for who, known in bots.items()} == {
        "stranger[bot]": [], "helper[bot]": ["eyes", "rocket"]
    }  # fmt: skip
    assert {one.model for one in world.models.requests} <= {"fake-model"}
    assert issue.number == pull.number + 1


CALLED = ".*/collaborators/{}/permission"
UNSURE: Mapping[str, tuple[str, int, list[str]]] = {
    "gone": ("404 for good", 404, ["confused"]),
    "hidden": ("403 for good", 403, ["confused"]),
    "unlucky": ("500 for a while", 500, ["eyes", "rocket"]),
}


async def test_without_githubs_word_nobody_may_command(boxes: World) -> None:
    """A refusal is a refusal; where GitHub itself is in trouble the command waits, and is carried out once."""
    world, pull = boxes, open_draft(boxes)
    given = {}
    for login, (_, status, _) in UNSURE.items():
        world.github.set_permission(world.repository, login, "admin")
        times = 5 if status == 500 else 99
        world.github.faults.add(Fault(("GET", CALLED.format(login)), "status", times, status=status))
        given[login] = world.github.comment(pull, login, "/quorum cost").id
    found = {login: await ended(world, known) for login, known in given.items()}
    assert found == {login: expected for login, (_, _, expected) in UNSURE.items()}
    assert len(replies(world, pull)) == 3, "two refusals with one line each, and the answer"
