"""`quorum ask`, with a model over HTTP and without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.ask import AskOptions, answered, lines
from config.settings import Settings
from tests.fakes.models import Failure, FakeOpenAI, Reply
from tests.fakes.repository import GitRepository
from workers.domain.errors import TransientError, UserError

CODE = "def area(side):\n    return side * side\n"


def environ(models: FakeOpenAI) -> dict[str, str]:
    return {
        "QUORUM_MODEL": "fake-model",
        "QUORUM_MODEL_BASE_URL": models.url,
        "QUORUM_MODEL_API_KEY": models.key,
        "QUORUM_MODEL_ATTEMPTS_MAX": "1",
    }


async def ask(path: Path, given: dict[str, str]) -> list[str]:
    options = AskOptions("What is the area of a box?", str(path), "HEAD", None)
    return list(lines(await answered(Settings.from_environ(given), options, given, lambda _: None)))


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    git = GitRepository.create(tmp_path / "boxes")
    git.commit({"box.py": CODE})
    (git.path / "box.py").write_text(CODE.replace("* side", "* 2"))
    return git.path


async def test_an_answer_names_the_lines_on_disk(boxes: Path) -> None:
    said = {"path": "box.py", "quote": "return side * 2", "why": "It doubles."}
    told = {"answer": "Twice the side.", "evidence": [said], "confident": True}
    async with FakeOpenAI.serve(Reply(json.dumps(told))) as models:
        text = await ask(boxes, environ(models))
        assert "return side * side" in models.requests[0].text
    assert text[:3] == ["Twice the side.", "", "  box.py:2  It doubles."]
    assert text[-1] == "answered by fake-model, an unknown sum"


async def test_who_can_mend_it_is_told_why_nobody_answers(boxes: Path) -> None:
    with pytest.raises(UserError, match="No model"):
        await ask(boxes, {})
    async with FakeOpenAI.serve(default=Failure(503, "busy")) as models:
        with pytest.raises(TransientError):
            await ask(boxes, environ(models))
    (boxes / ".github").mkdir()
    (boxes / ".github" / "quorum.yml").write_text("orchestration: {enabled: false}\n")
    with pytest.raises(UserError, match="is off"):
        await ask(boxes, {})
