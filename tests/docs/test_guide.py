"""The guide's shell examples do what they say, in a repository made for each; what is exported is understood."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from config.layers import Source, effective
from config.loader import load, load_layer
from config.operator import OperatorRules, unknown_variables
from tests.docs.reading import blocks, exports

THEIRS = {
    ".coderabbit.yaml": "reviews:\n  auto_review:\n    drafts: true\n",
    ".pr_agent.toml": "[pr_reviewer]\nnum_max_findings = 4\n",
}
GUIDE = [text for name, text in blocks("sh") if "quorum config" in text]
QUORUM = f'quorum() {{ {shlex.quote(sys.executable)} -m bot "$@"; }}\n'
TIMEOUT_S = 60.0


@pytest.mark.parametrize("text", GUIDE, ids=lambda text: str(text.splitlines()[0].split("#")[0].strip()))
def test_the_guide_runs(text: str, tmp_path: Path) -> None:
    """Every line of a block succeeds, one after the other; what is written is a valid file."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".github").mkdir()
    for name, content in THEIRS.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("QUORUM_")}
    environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", QUORUM + text],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = tmp_path / ".github" / "quorum.yml"
    if written.exists():
        load(written.read_bytes(), "quorum.yml")


@pytest.mark.parametrize("text", [text for name, text in blocks("yaml") if name == "maintaining.md"])
def test_recipes_work_today(text: str) -> None:
    """No recipe sets what is not there yet, or what the operator must allow first."""
    assert effective([load_layer(text, Source.REPOSITORY, "recipe")], OperatorRules()).notices == ()


EXPORTS = [(name, text) for name, text in blocks("sh") if exports(text)]


@pytest.mark.parametrize(("name", "text"), EXPORTS)
def test_exported_variables_are_understood(name: str, text: str) -> None:
    found = exports(text)
    OperatorRules.from_environ(found)
    assert unknown_variables(found) == (), name
