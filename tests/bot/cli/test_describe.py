"""`quorum describe` and `quorum improve` on a local repository, with a model over HTTP and without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import describe, improve
from bot.cli.change_arguments import ChangeOptions
from bot.cli.review import Progress
from config.settings import Settings
from tests.bot.cli.test_ask import environ
from tests.fakes.models import Failure, FakeOpenAI, Reply
from tests.fakes.repository import GitRepository
from workers.domain.errors import TransientError, UserError
from workers.domain.improvement import Improvements

CODE = '"""Boxes."""\n\n\ndef area(side):\n    return side * side\n'
GOOD = {
    "path": "box.py",
    "quote": "    return side * 2",
    "replacement": "return side**2",
    "title": "Square it",
}
BROKEN = {**GOOD, "replacement": "return (side", "title": "@octo/all break it"}


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    git = GitRepository.create(tmp_path / "boxes")
    git.commit({"box.py": CODE, "lid.py": "import box\n"})
    (git.path / "box.py").write_text(CODE.replace("* side", "* 2"))
    (git.path / "lid.py").write_text("import box\n\nLID = box.area(2)\n")
    return git.path


def options(path: Path) -> ChangeOptions:
    return ChangeOptions(str(path), "HEAD", None, "markdown", None)


def quiet() -> Progress:
    return lambda _: None


async def improved(path: Path, given: dict[str, str]) -> Improvements:
    return await improve.suggested(Settings.from_environ(given), options(path), given, quiet())


async def test_a_description_is_written_with_a_model_and_without(boxes: Path) -> None:
    plain = await describe.told(Settings.from_environ({}), options(boxes), {}, quiet())
    text = describe.FORMATS["markdown"](plain)
    assert "no model is configured" in text
    assert '  n0["box.py"]\n  n1["lid.py"]\n  n1 --> n0\n' in text
    async with FakeOpenAI.serve(Reply(json.dumps({"bullets": ["@octo/all it doubles."]}))) as models:
        given = environ(models)
        got = await describe.told(Settings.from_environ(given), options(boxes), given, quiet())
    said = json.loads(describe.FORMATS["json"](got))
    assert (said["version"], said["model"]) == (1, "fake-model")
    assert [one["path"] for one in said["files"]] == ["box.py", "lid.py"]
    assert "@octo" not in said["bullets"][0]


async def test_suggestions_are_checked_as_on_a_pull_request(boxes: Path) -> None:
    answer = Reply(json.dumps({"suggestions": [BROKEN, GOOD]}))
    async with FakeOpenAI.serve(answer) as models:
        found = await improved(boxes, environ(models))
    text = improve.FORMATS["markdown"](found)
    assert text.startswith("### `box.py:5`\n\n")
    assert "```\n    return side**2\n```" in text
    assert "break it: the file would no longer parse" in text
    said = json.loads(improve.FORMATS["json"](found))
    assert [(one["line"], one["suggestion"]) for one in said["suggestions"]] == [(5, "    return side**2")]
    assert "@octo" not in said["not_offered"][0]["title"]


async def test_who_can_mend_it_is_told_why_nobody_suggests(boxes: Path) -> None:
    with pytest.raises(UserError, match="No model"):
        await improved(boxes, {})
    async with FakeOpenAI.serve(default=Failure(503, "busy")) as models:
        with pytest.raises(TransientError):
            await improved(boxes, environ(models))
