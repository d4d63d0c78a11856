"""`quorum docs`, with a model over HTTP and without one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli.docs import NO_MODEL, OFF, DocsOptions, written
from config.settings import Settings
from tests.fakes.models import FakeOpenAI, Reply
from workers.domain.errors import UserError

CODE = '"""Sizes of boxes."""\n\n\ndef area(side: float) -> float:\n    return side * side\n\n\ndef _hidden(): ...\n'


@dataclass(frozen=True)
class Here:
    """A repository, and the only model server that its pages know of."""

    root: Path
    models: FakeOpenAI

    async def docs(self, *files: str, **more: Any) -> list[str]:
        """`quorum docs` with a model; `model=False`: without one."""
        environ = {
            "QUORUM_MODEL": "fake-model",
            "QUORUM_MODEL_BASE_URL": self.models.url,
            "QUORUM_MODEL_API_KEY": self.models.key,
            "QUORUM_MODEL_INPUT_USD_PER_MILLION": "1",
            "QUORUM_MODEL_OUTPUT_USD_PER_MILLION": "4",
        }
        environ = environ if more.pop("model", True) else {}
        given = {"format": None, "out": None, "dry_run": False} | more
        named = tuple(str(self.root / file) for file in files or ("box.py",))
        return await written(Settings.from_environ(environ), DocsOptions(named, **given), environ, print)

    def page(self) -> str:
        """The page of box.py."""
        return (self.root / "docs" / "box.md").read_text(encoding="utf-8")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "box.py").write_text(CODE)
    async with FakeOpenAI.serve() as models:
        yield Here(tmp_path, models)


def draft(text: str) -> Reply:
    return Reply(json.dumps({"overview": "Measures boxes.", "sections": [{"name": "area", "text": text}]}))


async def test_pages_are_written_by_a_model_and_mended_where_it_made_something_up(here: Here) -> None:
    plan = Reply(json.dumps({"pages": [{"path": "box.py", "category": "Sizes", "focus": "Areas."}]}))
    validation = Reply('{"score": 0.9, "wrong": []}')
    here.models.answer(plan, draft("Calls `Box.make_up()`."), draft("The square of `side`."), validation)
    lines = await here.docs()
    assert lines[0] == f"written: {here.root / 'docs' / 'box.md'} (0.90 of 1)"
    assert "The square of `side`." in here.page()
    assert "make_up" not in here.page()
    assert "The module has no: Box.make_up()." in here.models.requests[2].text
    assert "_hidden" not in here.page()
    asked = len(here.models.requests)
    assert (await here.docs())[0].startswith("unchanged:")
    assert len(here.models.requests) == asked == 4


async def test_what_a_model_gets_wrong_twice_is_left_out_and_the_rest_counts(here: Here) -> None:
    (here.root / "box.py").write_text(CODE + "\n\ndef lid(side: float) -> float: ...\n")
    bad = {"name": "lid", "text": "Calls `Box.make_up()`."}
    answer = json.loads(draft("The square of `side`.").text)
    wrong = Reply(json.dumps(answer | {"sections": [*answer["sections"], bad]}))
    here.models.answer(Reply('{"pages": []}'), wrong, wrong, Reply('{"score": 0.9, "wrong": []}'))
    lines = await here.docs()
    assert lines[1] == "  Left out: lid. The module has no: Box.make_up()."
    assert "The square of `side`." in here.page()
    assert "make_up" not in here.page()


async def test_without_a_model_pages_say_what_the_code_says(here: Here) -> None:
    lines = await here.docs(model=False, format="logseq", out=str(here.root / "graph"))
    page = (here.root / "graph" / "pages" / "box.md").read_text(encoding="utf-8")
    assert (lines[0], lines[1].split(":")[0]) == (NO_MODEL, "skeleton")
    assert "status:: [[Draft]]" in page
    assert "Sizes of boxes." in page


async def test_a_dry_run_writes_nothing_and_asks_nobody(here: Here) -> None:
    lines = await here.docs(dry_run=True)
    assert lines[0].startswith("would be written:")
    assert "dry run: 2 question(s) would be asked first" in lines[-1]
    assert not (here.root / "docs").exists()
    assert here.models.requests == []


async def test_what_can_not_be_described_is_said(here: Here) -> None:
    (here.root / "notes.txt").write_text("no code")
    (here.root / "tool.py").write_bytes(b"\x7fELF\0\0")
    (here.root / "src").mkdir()
    (here.root / "src" / "link.py").symlink_to("/etc/passwd")
    (here.root / "empty.py").write_text("")
    lines = await here.docs("notes.txt", "tool.py", "src", "empty.py", model=False)
    said = "\n".join(lines)
    assert "root:" not in said
    assert all(f"{name}: " in said for name in ("notes.txt", "tool.py", "src/link.py", "empty.py"))


async def test_no_page_is_written_through_a_link(
    here: Here, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (here.root / "src").mkdir()
    (here.root / "src" / "box.py").write_text(CODE)
    (here.root / "docs").mkdir()
    (here.root / "docs" / "src").symlink_to(elsewhere)
    with pytest.raises(UserError, match="through a link"):
        await here.docs("src", model=False)
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    "folder", ["../escaped", "a/../../escaped", ".git/hooks", ".github", ".husky", "link", "link/x"]
)
async def test_a_repository_s_rules_lead_pages_neither_out_of_it_nor_to_what_acts(
    here: Here, tmp_path_factory: pytest.TempPathFactory, folder: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (here.root / "link").symlink_to(elsewhere)
    (here.root / ".quorum.yml").write_text(f"write: {{docs: {{folder: {folder}}}}}\n")
    before = sorted(here.root.parent.rglob("*"))
    with pytest.raises(UserError, match=r"no page may stand|through a link"):
        await here.docs()
    assert (sorted(here.root.parent.rglob("*")), list(elsewhere.iterdir())) == (before, [])
    assert here.models.requests == []


async def test_a_leading_slash_is_the_repository_s_own_root(here: Here) -> None:
    (here.root / ".quorum.yml").write_text("write: {docs: {folder: /site/}}\n")
    await here.docs(model=False)
    assert (here.root / "site" / "box.md").is_file()


async def test_where_models_are_off_none_is_asked(here: Here) -> None:
    (here.root / ".quorum.yml").write_text("orchestration: {enabled: false}\n")
    assert (await here.docs())[0] == OFF
    assert here.models.requests == []
