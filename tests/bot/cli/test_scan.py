"""`quorum scan`: the whole way on a small tree."""

from __future__ import annotations

import json
import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bot.cli.formats.gaps import LINES_MAX, gaps
from tests.warm import quorum
from workers.domain.change import Omission
from workers.domain.review import Coverage

ROOT = Path(__file__).parents[3]
BAD = 'import subprocess\n\n\ndef f(name):\n    subprocess.run(f"ls {name}", shell=True)\n'


def scan(*arguments: str) -> CompletedProcess[str]:
    return quorum("scan", *arguments, environ={"PATH": os.environ["PATH"]}, folder=ROOT)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "run.py").write_text(BAD)
    (tmp_path / "torn.py").write_text("def f(:\n")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "theirs.py").write_text(BAD)
    return tmp_path


def test_a_tree_is_scanned(tree: Path) -> None:
    """Old code counts as new, vendored code is left out, what can't be parsed is a line, the gate fails."""
    ended = scan(str(tree), "--fail-on", "high")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "run.py:5  high  security" in ended.stdout
    assert "vendor/theirs.py" not in ended.stdout
    assert "not fully read: torn.py: ruff: does not parse" in ended.stdout


def test_sarif_names_the_weakness(tree: Path) -> None:
    run = json.loads(scan(str(tree), "--format", "sarif").stdout)["runs"][0]
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "ruff/S602")
    assert "external/cwe/cwe-078" in rule["properties"]["tags"]
    assert rule["relationships"][0]["target"]["id"] == "78"
    assert "78" in [taxon["id"] for taxon in run["taxonomies"][0]["taxa"]]


def test_sarif_says_what_was_not_read(tree: Path) -> None:
    run = json.loads(scan(str(tree), "--format", "sarif").stdout)["runs"][0]
    said = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert any(text.startswith("not fully read: torn.py: ruff: does not parse") for text in said)


def test_json_names_the_weakness(tree: Path) -> None:
    document = json.loads(scan(str(tree / "run.py"), "--format", "json").stdout)
    assert ("run.py", "CWE-78") in [(one["path"], one["cwe"]) for one in document["findings"]]


def test_a_path_where_nothing_is_is_told_in_a_sentence(tmp_path: Path) -> None:
    for path in ("no", ""):
        ended = scan(str(tmp_path / path), "--fail-on", "low")
        assert (ended.returncode, ended.stderr.count("\n"), ended.stdout) == (2, 1, "")


def test_many_gaps_are_counted() -> None:
    coverage = [Coverage(str(number), omitted=Omission.TOO_LARGE) for number in range(LINES_MAX + 2)]
    assert list(gaps(coverage))[-1] == "not fully read: 2 more; --format json lists all"


def test_what_needs_no_reading_is_no_gap() -> None:
    assert not list(gaps([Coverage("a", omitted=Omission.VENDORED), Coverage("b", ("ruff",))]))
