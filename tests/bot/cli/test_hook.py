"""The pre-commit hook: written once, never over somebody's own; real commits with it, without it, and past it."""

from __future__ import annotations

import os
import stat
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.hook import fallback_of, installed, uninstalled
from bot.cli.hook_git import Hooked, here
from bot.cli.hook_run import PARTIAL, documented, reviewed
from bot.cli.hook_script import is_ours, script
from config.settings import Settings
from tests.fakes.repository import GitRepository
from workers.domain.errors import UserError

QUORUM = str(Path(sysconfig.get_path("scripts")) / "quorum")
BAD = "import subprocess\n\n\ndef run(command):\n    subprocess.run(command, shell=True)\n"
GOOD = '"""Sizes."""\n\n\ndef area(side: float) -> float:\n    """Of a square."""\n    return side * side\n'


def environ(home: Path) -> dict[str, str]:
    """As a person's shell has it, with their own git configuration in `home`."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Mona",
        "GIT_AUTHOR_EMAIL": "mona@example.com",
        "GIT_COMMITTER_NAME": "Mona",
        "GIT_COMMITTER_EMAIL": "mona@example.com",
    }


@pytest.fixture
def git(tmp_path: Path) -> Hooked:
    """An empty repository."""
    return here(GitRepository.create(tmp_path).path, environ(tmp_path))


def commit(git: Hooked, path: str, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    (git.root / path).parent.mkdir(parents=True, exist_ok=True)
    (git.root / path).write_text(text)
    git.add([path])
    return subprocess.run(
        ["git", "commit", "--quiet", "-m", "Work", *options],
        cwd=git.root,
        env=dict(git.environ),
        capture_output=True,
        text=True,
        check=False,
    )


async def test_a_commit_with_a_finding_is_stopped_unless_its_maker_insists(git: Hooked) -> None:
    """Also the first commit of all; what is not staged is nobody's business."""
    (git.root / "unstaged.py").write_text(BAD)
    installed(git, (), QUORUM)
    stopped = commit(git, "run.py", BAD)
    assert stopped.returncode == 1
    assert "run.py:5  high" in stopped.stdout + stopped.stderr
    assert "unstaged.py" not in stopped.stdout + stopped.stderr
    assert "--no-verify" in stopped.stderr
    assert commit(git, "run.py", BAD, "--no-verify").returncode == 0
    (git.root / "box.py").write_text(GOOD)
    git.add(["box.py"])
    review = await reviewed(Settings.from_environ({}), git, {}, lambda _: None, ask=False)
    assert ([one.path for one in review.coverage], review.findings) == (["box.py"], ())


@pytest.mark.parametrize(
    ("program", "word"), [("", "was not found"), ("/bin/false", "could not check this commit")]
)
def test_without_a_quorum_that_works_a_commit_is_made_and_it_is_said(
    git: Hooked, program: str, word: str
) -> None:
    installed(git, (), program)
    made = commit(git, "run.py", BAD)
    assert (made.returncode, word in made.stderr) == (0, True)


def test_it_is_written_once_anew_for_other_wishes_and_taken_away(git: Hooked) -> None:
    place = git.root / ".git/hooks/pre-commit"
    assert "is written" in installed(git, (), QUORUM)
    assert place.stat().st_mode & stat.S_IXUSR
    assert "is there already" in installed(git, (), QUORUM)
    assert "is written" in installed(git, ("--docs", "--review"), QUORUM)
    assert "hook run --docs --review\n" in place.read_text()
    assert "is gone" in uninstalled(git)
    assert "There is no" in uninstalled(git)
    assert [one.name for one in place.parent.iterdir()] == []


def theirs(place: Path) -> None:
    place.write_text("#!/bin/sh\nexit 0\n")


def changed(place: Path) -> None:
    place.write_text(script((), QUORUM) + "echo mine\n")


def linked(place: Path) -> None:
    place.with_name("shared").write_text(script((), QUORUM))
    place.symlink_to("shared")


@pytest.mark.parametrize("write", [theirs, changed, linked])
def test_what_others_wrote_stays_and_they_are_told_what_to_add(
    git: Hooked, write: Callable[[Path], None]
) -> None:
    place = git.root / ".git/hooks/pre-commit"
    place.parent.mkdir()
    write(place)
    before = place.read_text()
    with pytest.raises(UserError, match="quorum hook run --docs; "):
        installed(git, ("--docs",), QUORUM)
    with pytest.raises(UserError, match="stays"):
        uninstalled(git)
    assert place.read_text() == before


def test_hooks_stand_where_git_looks_for_them(git: Hooked, tmp_path: Path) -> None:
    """In the folder of all worktrees, or the one that the repository names; never in that of every repository."""
    commit(git, "a", "")
    git.run("worktree", "add", "--quiet", str(tmp_path / "beside"), "-b", "other")
    beside = here(tmp_path / "beside", git.environ)
    installed(beside, (), "")
    assert is_ours((git.root / ".git/hooks/pre-commit").read_text())
    assert "was not found" in commit(beside, "b", "").stderr
    assert fallback_of(git) == QUORUM

    git.run("config", "core.hooksPath", ".githooks")
    assert fallback_of(git) == "", "a file of the repository names no path of one machine"
    installed(git, (), "")
    assert is_ours((git.root / ".githooks/pre-commit").read_text())
    assert "was not found" in commit(git, "c", "").stderr

    git.run("config", "--unset", "core.hooksPath")
    git.run("config", "--global", "core.hooksPath", str(tmp_path / "all"))
    with pytest.raises(UserError, match="all of your repositories"):
        installed(git, (), "")
    assert not (tmp_path / "all").exists()


async def test_pages_of_staged_modules_are_staged_and_nothing_else(git: Hooked) -> None:
    for path in ("box.py", "lid.py"):
        (git.root / path).write_text(GOOD)
    (git.root / "docs").mkdir()
    (git.root / "docs/own.md").write_text("Mine.\n")
    git.add(["box.py", "lid.py"])
    (git.root / "lid.py").write_text(GOOD + "# more\n")
    lines = await documented(Settings.from_environ({}), git, {}, lambda _: None)
    assert set(git.staged()) == {"box.py", "lid.py", "docs/box.md"}
    assert "lid.py: not documented, not all of it is staged" in lines


async def test_a_commit_of_named_files_gets_no_page_that_the_next_commit_would_take_back(git: Hooked) -> None:
    hook = git.hooks() / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\nprintf %s "$GIT_INDEX_FILE" > told\n')
    hook.chmod(0o755)
    for options, is_partial in (((), False), (("--only", "box.py"), True)):
        commit(git, "box.py", f"{GOOD}# {options}\n", *options)
        told = Hooked(git.root, {**git.environ, "GIT_INDEX_FILE": (git.root / "told").read_text()})
        assert told.is_partial() == is_partial
    assert await documented(Settings.from_environ({}), told, {}, lambda _: None) == [PARTIAL]
    assert not (git.root / "docs").exists()


def test_outside_of_a_repository_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a git repository"):
        here(tmp_path, {**environ(tmp_path), "GIT_CEILING_DIRECTORIES": os.fspath(tmp_path)})
