"""`quorum review`, apart from the pipeline: what is written where, and what the exit code says."""

from __future__ import annotations

import io
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.review import FORMATS, exit_code, progress_on, write
from tests import warm
from tests.workers.github.reviews_by_hand import MINOR, review
from workers.domain.change import Omission
from workers.domain.errors import UserError
from workers.domain.finding import Severity
from workers.domain.review import Coverage, Verdict

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("fail_on", "worst", "code"),
    [
        (None, Severity.CRITICAL, 0),
        ("high", Severity.MEDIUM, 0),
        ("high", Severity.HIGH, 1),
        ("low", Severity.CRITICAL, 1),
    ],
)
def test_exit_code(fail_on: str | None, worst: Severity, code: int) -> None:
    made = review(findings=(replace(MINOR, severity=worst),))
    assert exit_code(made, fail_on) == code


def test_a_failed_review_passes_no_gate() -> None:
    assert exit_code(review(findings=(), verdict=Verdict.FAILED), "critical") == 1


def test_document_goes_to_the_file(tmp_path: Path) -> None:
    stdout = io.StringIO()
    write("said\n", str(tmp_path / "out"), stdout)
    assert ((tmp_path / "out").read_text(), stdout.getvalue()) == ("said\n", "")


def test_document_goes_to_a_terminal_of_any_encoding() -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    write("é\ud800\n", None, stdout)
    stdout.seek(0)
    assert stdout.read() == "??\n"


def test_a_file_that_cannot_be_written_is_the_users_matter(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Cannot write"):
        write("said", str(tmp_path / "no" / "out"), io.StringIO())
    with (
        open("/dev/full", "w") as full,
        pytest.raises(UserError, match="Cannot write the standard output: No space"),
    ):
        write("said", None, full)


@pytest.mark.parametrize("name", ["text", "json", "sarif"])
def test_every_format_writes_the_review(name: str) -> None:
    document = FORMATS[name](review(coverage=(Coverage("huge.py", omitted=Omission.TOO_LARGE),)), False)
    assert ("Shell call with user input" in document, "huge.py" in document) == (True, True)


def test_progress_is_silent_away_from_terminals() -> None:
    stream = io.StringIO()
    with progress_on(stream) as progress:
        progress("working")
    assert stream.getvalue() == ""


def test_a_local_change_is_reviewed(tmp_path: Path) -> None:
    """The whole way: git, rules of the repository, analysers, SARIF, gate."""
    root = repository(tmp_path / "repository", "def f(name):\n    return name\n")
    (root / ".quorum.yml").write_text("review: {experts: [security]}\n")
    (root / "run.py").write_text(
        'import subprocess\n\n\ndef f(name):\n    subprocess.run(f"ls {name}", shell=True)\n'
    )
    out = tmp_path / "out.sarif"
    ended = quorum(
        "review", str(root), "--base", "main", "--format", "sarif", "--output", str(out), "--fail-on", "high"
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "")
    results = json.loads(out.read_text())["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["ruff/S602"]


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    ended = quorum("review", str(repository(tmp_path, "x = 1\n")), "--base", "nowhere")
    assert ended.returncode == 2
    assert ended.stderr.startswith("quorum: 'nowhere'")
    assert ended.stderr.count("\n") == 1


def repository(root: Path, content: str) -> Path:
    root.mkdir(exist_ok=True)
    (root / "run.py").write_text(content)
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], [*identity, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return root


def quorum(*arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"]}
    return warm.quorum(*arguments, environ=environ, folder=ROOT)
