"""`quorum tests`, with a model over HTTP and without one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.tests import Outcome, TestsOptions, document, lines, written
from bot.cli.tests_files import write
from config.settings import Settings
from tests.fakes.models import FakeOpenAI, Reply
from workers.domain.errors import UserError

CODE = "def area(side):\n    if side < 0:\n        raise ValueError\n    return side * side\n"
BAD = {"big": "too large", "tool": "binary", "link": "symbolic link"}
GOOD = "from box import area\n\n\ndef test_area_is_square():\n    assert area(3) == 9\n"


@dataclass(frozen=True)
class Here:
    """A repository, and the only model server that its tests are written by."""

    root: Path
    models: FakeOpenAI

    async def tests(self, *files: str, model: bool = True, dry_run: bool = False) -> Outcome:
        environ = {
            "QUORUM_MODEL": "fake-model",
            "QUORUM_MODEL_BASE_URL": self.models.url,
            "QUORUM_MODEL_API_KEY": self.models.key,
            "QUORUM_MODEL_INPUT_USD_PER_MILLION": "1",
            "QUORUM_MODEL_OUTPUT_USD_PER_MILLION": "4",
        }
        environ = environ if model else {}
        named = tuple(str(self.root / file) for file in files or ("box.py",))
        options = TestsOptions(named, dry_run)
        return await written(Settings.from_environ(environ), options, environ, lambda _: None)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "box.py").write_text(CODE)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / ".quorum.yml").write_text("write: {tests: {run: false}}\n")
    async with FakeOpenAI.serve() as models:
        yield Here(tmp_path, models)


async def test_a_test_is_written_into_the_working_tree_and_reported(here: Here) -> None:
    here.models.answer(Reply(json.dumps({"file": GOOD})))
    outcome = await here.tests()
    assert (here.root / "tests" / "test_box.py").read_text() == GOOD
    said = list(lines(outcome))
    assert said[:2] == [
        "written (not executed): tests/test_box.py tests area",
        "  not executed: `write.tests.run` is off",
    ]
    assert "100% of 1 function(s) have a new test" in said
    assert said[-1].startswith("models: 1 call(s), $0.0")
    told = document(outcome)
    assert [one["path"] for one in told["written"]] == ["tests/test_box.py"]
    assert (told["quality"], told["calls"]) == (1.0, 1)
    assert (told["validated"], told["executed"]) == (False, False)


async def test_a_dry_run_writes_nothing_and_asks_nobody(here: Here) -> None:
    said = list(lines(await here.tests(".", dry_run=True)))
    assert said[0] == "would be tested: box.py (area)"
    assert not any("% of" in line or "no model answered" in line for line in said)
    assert said[-1].startswith("dry run: 1 question(s) would be asked, for $0.0")
    assert not (here.root / "tests").exists()
    assert here.models.requests == []


async def test_without_a_model_and_for_no_code_nothing_is_written_and_that_is_said(here: Here) -> None:
    (here.root / "notes.txt").write_text("no code")
    (here.root / "src").mkdir()
    (here.root / "src" / "big.py").write_text("x = 1\n" * 900_000)
    (here.root / "src" / "tool.py").write_bytes(b"\x7fELF\0\0")
    (here.root / "src" / "link.py").symlink_to("/etc/passwd")
    said = "\n".join(lines(await here.tests("box.py", "notes.txt", "src", model=False)))
    assert all(f"src/{name}.py: {why}" in said for name, why in BAD.items())
    assert "no test for box.py (area): no model is configured" in said
    assert "notes.txt: nothing there that tests are written for" in said


def test_nothing_is_written_over_a_file_or_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "here" / "tests").mkdir(parents=True)
    (tmp_path / "here" / "tests" / "test_a.py").write_text("mine")
    (tmp_path / "here" / "link").symlink_to(tmp_path)
    for path, why in (("tests/test_a.py", "there already"), ("link/new/test_a.py", "through a link")):
        with pytest.raises(UserError, match=why):
            write(tmp_path / "here", path, "ours")
    assert (tmp_path / "here" / "tests" / "test_a.py").read_text() == "mine"
    assert not (tmp_path / "new").exists()
