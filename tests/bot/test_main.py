"""The command line: its grammar, its faults, and what it does not load."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import guarded, main
from bot.cli.arguments import parse, review_options
from bot.cli.registry import COMMANDS
from config.errors import ConfigError, Problem
from workers.domain.errors import TransientError, UserError

ROOT = Path(__file__).parents[2]


def raising(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UserError("No such ref."), 2, "quorum: No such ref.\n"),
        (TransientError("The database is away."), 3, "quorum: The database is away. Try again.\n"),
        (KeyboardInterrupt(), 130, ""),
        (
            ConfigError("quorum.yml", (Problem(1, "a", "is not a key."), Problem(2, "b", "must be text."))),
            2,
            "quorum: quorum.yml: line 1, `a`: is not a key.\nquorum: quorum.yml: line 2, `b`: must be text.\n",
        ),
    ],
)
def test_expected_faults_are_told_without_a_traceback(error: BaseException, code: int, said: str) -> None:
    errors = io.StringIO()
    assert (guarded(raising(error), errors), errors.getvalue()) == (code, said)


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        guarded(raising(ZeroDivisionError()), io.StringIO())


@pytest.mark.parametrize(
    "argv", [[], ["nothing"], ["review"], ["review", "--base", "x", "--fail-on", "worst"]]
)
def test_usage_is_told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "usage: quorum" in capsys.readouterr().err


def test_review_is_parsed() -> None:
    options = review_options(parse(COMMANDS, ["review", "there", "--base", "main", "--fail-on", "high"]))
    assert (options.path, options.base, options.head, options.format, options.output, options.fail_on) == (
        "there", "main", None, "text", None, "high",
    )  # fmt: skip


def test_a_reader_that_leaves_is_no_fault() -> None:
    script = f"{sys.executable} -m bot config schema | true; echo ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("141\n", "")


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == 0
    assert capsys.readouterr().out.count(".") >= 2


def loaded(code: str) -> set[str]:
    script = f"{code}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


def test_help_loads_no_library() -> None:
    heavy = {"pydantic", "sqlalchemy", "starlette", "arq", "githubkit", "pydantic_ai", "rich", "yaml"}
    assert not loaded("import bot.__main__") & heavy


def test_web_loads_nothing_of_the_worker() -> None:
    assert not loaded("import bot.cli.web") & {"arq", "githubkit", "pydantic_ai", "ast_grep_py", "lizard"}


def test_an_unusable_setting_is_named() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=ROOT,
        env={"QUORUM_PORT": "many"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert "QUORUM_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
