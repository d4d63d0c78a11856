"""`quorum config`, as it is called."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from bot.__main__ import main
from config.layers import Source, effective
from config.loader import load, load_layer
from config.operator import OperatorRules
from config.schema import schema_text
from config.template import template_text

FIXTURES = Path(__file__).parents[3] / "fixtures" / "importing"


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Path]:
    """An empty repository, and the folder that commands are given in."""
    (tmp_path / ".git").mkdir()
    with chdir(tmp_path):
        yield tmp_path


def configure(repository: Path, text: str) -> None:
    (repository / ".github").mkdir(exist_ok=True)
    (repository / ".github/quorum.yml").write_text(text)


def test_init_writes_a_file_that_sets_nothing_and_shows_everything(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "init"]) == 0
    text = (repository / ".github/quorum.yml").read_text()
    found = effective([load_layer(text, Source.FILE, "x")], OperatorRules())
    assert (set(found.origins.values()), found.notices) == ({"default"}, ())
    uncommented = re.sub(r"^( *)#(?=[a-z_]+: )", r"\1", text, flags=re.M)
    assert uncommented == template_text()
    capsys.readouterr()
    assert main(["config", "check"]) == 0
    assert "not there yet" not in capsys.readouterr().out


def test_init_replaces_nothing_unless_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(repository, "review: {drafts: true}\n")
    assert main(["config", "init"]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["config", "init", "--force"]) == 0


def test_check_tells_line_column_key_and_fix(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(repository, "review:\n  inlinemax: 3\n")
    assert main(["config", "check"]) == 1
    said = capsys.readouterr().err
    assert "line 2, column 3, `review.inlinemax`" in said
    assert "`inline_max`" in said


def test_check_reads_the_standard_input(repository: Path) -> None:
    command = [sys.executable, "-m", "bot", "config", "check", "-"]
    environ = {"PATH": os.environ["PATH"]}
    root = Path(__file__).parents[4]
    done = subprocess.run(
        command, input=b"review: 3\n", cwd=root, env=environ, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"`review`" in done.stderr


def test_check_without_a_file_is_content(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check"]) == 0
    assert "defaults" in capsys.readouterr().out


def test_show_names_the_origin_of_each_value(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(repository, "review: {inline_max: 3}\n")
    (repository / "all.yml").write_text("review: {inline_max: 1, findings_max: 4}\n")
    asked = ["config", "show", "--organisation", "all.yml", "--format", "json", "--changed"]
    assert main(asked) == 0
    rows = json.loads(capsys.readouterr().out)["values"]
    assert [(row["key"], row["value"], row["origin"]) for row in rows] == [
        ("review.inline_max", 3, ".github/quorum.yml"),
        ("review.findings_max", 4, "all.yml"),
    ]


def test_show_lists_every_key(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("review.required ") and line.endswith("# default") for line in lines)
    assert main(["config", "show", "--changed"]) == 0
    assert "Every value is its default" in capsys.readouterr().out


def test_schema_is_the_committed_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "schema"]) == 0
    assert capsys.readouterr().out == schema_text()


@pytest.mark.parametrize("name", ["coderabbit.yaml", "pr_agent.toml"])
def test_import_prints_a_file_that_loads_and_a_table(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = next(FIXTURES.rglob(f"*{name}"))
    assert main(["config", "import", str(found)]) == 0
    shown = capsys.readouterr()
    load(shown.out, name)
    assert "no counterpart" in shown.err


def test_import_writes_where_it_is_told(repository: Path) -> None:
    (repository / ".coderabbit.yaml").write_text("reviews: {auto_review: {drafts: true}}\n")
    assert main(["config", "import", ".coderabbit.yaml", "--output", ".github/quorum.yml"]) == 0
    assert load((repository / ".github/quorum.yml").read_text(), "x").review.drafts


def test_import_refuses_what_it_does_not_know(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "import", "kodus-config.json"]) == 2
    assert "neither" in capsys.readouterr().err


def test_import_names_the_file_that_it_was_given(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "old.toml").write_text("[config]\nmodel =\n", encoding="utf-8")
    assert main(["config", "import", "old.toml"]) == 2
    assert "old.toml: line 2, column 8: Invalid value." in capsys.readouterr().err


def test_check_names_models_that_nobody_knows(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Valid all the same: the operator's catalogue may have them."""
    configure(repository, "orchestration: {orchestrator: {model: claude-sonet-4.5}}\n")
    assert main(["config", "check"]) == 0
    assert "Did you mean `claude-sonnet-4.5`?" in capsys.readouterr().out
