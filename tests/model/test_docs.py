"""Pages by a model too small to write them: every one stands up to the checker all the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bot.cli.docs import DocsOptions, written
from config.settings import Settings
from tests.model.serving import Served
from tests.model.world import PATIENT, settings

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1_800)]

CODE = '"""Sizes of boxes."""\n\n\ndef area(side: float) -> float:\n    return side * side\n\n\ndef _hidden(): ...\n'


async def test_a_page_covers_what_is_public_whatever_the_model_writes(served: Served, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "box.py").write_text(CODE)
    environ = PATIENT | settings(served)
    before = served.requests()
    lines = await written(
        Settings.from_environ(environ),
        DocsOptions((str(tmp_path / "box.py"),), format=None, out=None, dry_run=False),
        environ,
        print,
    )
    asked = served.requests() - before
    page = (tmp_path / "docs" / "box.md").read_text(encoding="utf-8")
    assert asked > 0
    assert any(line.startswith("models: ") for line in lines), json.dumps(lines)
    assert "area" in page
    assert "_hidden" not in page
    # Written again, a page that the checker could not read would be left as it is and said.
    again = await written(
        Settings.from_environ({}), DocsOptions((str(tmp_path / "box.py"),), None, None, False), {}, print
    )
    assert any(line.startswith(("unchanged", "kept")) for line in again), json.dumps(again)
