"""Changes that are odd, gone, moving, or meant to fool the tools that read them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.databases import Valkey
from tests.fakes.github import CheckRun, Fault, Pull
from tests.fakes.models import ModelRequest
from tests.fakes.repository import Content
from tests.journeys.shared_world import SINK, SINK_LINE, Services, commit_on, propose, refused_writes, shared
from tests.journeys.world import NOTHING_FOUND, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_server: Valkey
) -> AsyncIterator[World]:
    services = Services(sqlite_template, valkey_server.url)
    async with shared(tmp_path_factory.mktemp("changes"), services) as world:
        yield world


def ledger(world: World, pull: Pull) -> dict[str, str]:
    """Path, as it is shown → what the summary says became of the file."""
    [summary] = world.github.issue_comments(pull)
    fold = summary["body"].partition("<summary>Coverage: ")[2].partition("</details>")[0]
    return dict(re.findall(r"^- `+ ?(.+?) ?`+: (.+)$", fold, flags=re.MULTILINE))


def places(world: World, pull: Pull) -> set[tuple[str, int | None]]:
    """Path and line of every comment."""
    return {(one["path"], one["line"]) for one in world.github.review_comments(pull)}


def check_run(world: World, sha: str) -> CheckRun:
    """The only check run of a commit."""
    [run] = world.github.check_runs(sha)
    return run


# -- heads that move or go away


@asynccontextmanager
async def thinking(world: World) -> AsyncIterator[asyncio.Event]:
    """The model answers nobody until the event is set."""
    answer = asyncio.Event()

    async def wait(_: ModelRequest) -> str:
        await answer.wait()
        return NOTHING_FOUND

    world.models.default = wait
    try:
        yield answer
    finally:
        answer.set()
        world.models.default = NOTHING_FOUND


async def test_a_fork_that_is_gone_is_reviewed_all_the_same(world: World) -> None:
    """The head's commits outlive its repository: GitHub keeps them with the pull request."""
    pull = propose(world, "orphan", {"shop/run.py": SINK}, fork=True, draft=True)
    await world.reviewed(pull)
    pull.head_repository = None
    world.github.ready(pull)
    await world.wait(lambda: bool(world.github.reviews(pull)))
    assert ("shop/run.py", SINK_LINE) in places(world, pull)


async def test_a_force_push_during_a_review_leaves_the_old_head_without_one(world: World) -> None:
    pull = propose(world, "moving", {"shop/run.py": SINK})
    old = pull.head_sha
    async with thinking(world):
        await asyncio.wait_for(world.models.busy(), 20)
        world.github.push(pull, world.git.amend({"shop/run.py": '"""Safe now."""\n'}))
        await world.wait(lambda: check_run(world, old).status == "completed")
    run = await world.reviewed(pull)
    assert check_run(world, old).conclusion == "cancelled"
    assert run.conclusion == "success"
    assert {one["commit_id"] for one in world.github.reviews(pull)} <= {pull.head_sha}
    assert not world.github.review_comments(pull)


async def test_a_head_that_github_tells_late_is_not_reviewed(world: World) -> None:
    """A replica answers with the head before the push: what was read then is thrown away."""
    pull = propose(world, "stale", {"shop/run.py": SINK}, draft=True)
    await world.reviewed(pull)
    old, pull.draft = pull.head_sha, False
    world.github.faults.add(Fault(("GET", rf"/repos/octo/shop/pulls/{pull.number}$"), "stale_head"))
    world.github.push(pull, world.git.amend({"shop/run.py": f"{SINK}    return a\n"}))
    await world.reviewed(pull)
    assert {one["commit_id"] for one in world.github.reviews(pull)} == {pull.head_sha}
    await world.wait(lambda: all(run.status == "completed" for run in world.github.check_runs(old)))


@pytest.mark.parametrize("lost", [False, True], ids=["told", "untold"])
async def test_a_pull_request_closed_during_its_review_hears_nothing(world: World, lost: bool) -> None:
    """Whether the webhook arrives or not."""
    pull = propose(world, f"closed-{lost}", {"shop/run.py": SINK})
    async with thinking(world) as answer:
        await asyncio.wait_for(world.models.busy(), 20)
        if lost:
            world.github.faults.add(Fault(("pull_request", "closed"), "lost"))
        world.github.close(pull)
        await world.github.delivered()
        if lost:
            answer.set()
        await world.wait(lambda: check_run(world, pull.head_sha).status == "completed")
    assert check_run(world, pull.head_sha).conclusion == "cancelled"
    assert not world.github.reviews(pull)
    assert not world.github.review_comments(pull)
    assert not world.github.issue_comments(pull)


async def test_a_pull_request_without_files_is_clean(world: World) -> None:
    pull = propose(world, "empty", {})
    run = await world.reviewed(pull)
    assert run.conclusion == "success"
    assert "0/0 files" in (run.output["title"] or "")


def many_files(count: int) -> Iterator[bytes]:
    """A commit of `count` tiny files on `many-base`, as git's fast-import reads it."""
    yield b"commit refs/heads/many\ncommitter Mona <mona@example.com> 1700000000 +0000\ndata 4\nMany\n"
    yield b"from refs/heads/many-base\n"
    for number in range(count):
        text = b"Number %d.\n" % number
        yield b"M 100644 inline notes/%04d.md\ndata %d\n%s\n" % (number, len(text), text)


async def test_three_thousand_files_are_accounted_for_one_by_one(world: World) -> None:
    """Those that GitHub does not list are counted, and the head is not called clean."""
    rules = "ignore:\n  paths: ['notes/0*', 'notes/1*', 'notes/20*']\n"
    commit_on(world, "many-base", {".github/quorum.yml": rules})
    world.git.git("fast-import", "--quiet", stdin=b"".join(many_files(3_007)))
    pull = world.github.open_pull(world.repository, head="many", base="many-base", title="Many")
    run = await world.reviewed(pull)
    assert run.conclusion == "neutral"
    assert "7 of 3007 files not fully read" in (run.output["title"] or "")
    [summary] = world.github.issue_comments(pull)
    assert "900/3,000 files (2,100 omitted: filtered by configuration)" in summary["body"]
    assert "lists no more than 3000 files; 7 more were not read" in summary["body"]


# -- kinds of files

LONG_LINE = b"x = '" + b"y" * (5 * 1024 * 1024) + b"'\n"
BEFORE: dict[str, Content] = {
    ".github/quorum.yml": "review:\n  inline_max: 30\n  findings_max: 60\n",
    "crlf.py": b'"""Windows."""\r\n\r\n\r\ndef total(price):\r\n    """Total."""\r\n    return price\r\n',
    "gone.py": '"""Goes."""\n',
    "becomes_link.py": '"""A file."""\n',
    "old_name.py": '"""Is renamed only; long enough for git to see it is the same."""\n\nNUMBER = 1\n',
    "script.sh": "echo hello\n",
    "tail.py": '"""Ends without a line end."""\nimport os',
}
AFTER: dict[str, Content] = {
    "crlf.py": SINK.replace("\n", "\r\n").encode()
    + b"\r\n\r\ndef total(price):\r\n    return price * 10\r\n",
    "gone.py": None,
    "tail.py": '"""Ends without a line end."""\nimport os\n\n\ndef run(a):\n    """Run."""\n    os.system("x " + a)',
    "grüße/ünïcode 😀.py": SINK,
    'odd\t"quoted" back\\slash.py': SINK,
    "-dash.py": SINK,
    "with two  spaces.py": SINK,
    "new\nline.py": SINK,
    "bom.py": f"\ufeff{SINK}",
    "breaks.py": SINK.replace("\n\n\n", '\nSEP = "\u2028\x85"  # \x0c and \r are no line ends\n\n'),
    "-rf": "no code\n",
    "logo.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
    "nul.py": SINK.encode() + b"# \x00 in a comment\n",
    "latin1.py": SINK.encode() + b"# Gr\xfc\xdfe\n",
    "long.py": LONG_LINE,
    "empty.py": "",
}
COMMENTED = {
    "crlf.py", "tail.py", "grüße/ünïcode 😀.py", 'odd\t"quoted" back\\slash.py',
    "-dash.py", "with two  spaces.py", "new\nline.py", "bom.py", "breaks.py",
}  # fmt: skip
OMITTED = {
    "gone.py": "removed",
    "new_name.py": "renamed or mode changed only",
    "script.sh": "renamed or mode changed only",
    "lib": "submodule",
    "logo.png": "binary",
    "nul.py": "binary",
    "latin1.py": "could not be read",
    "link.py": "symbolic link",
    "becomes_link.py": "GitHub sent no patch",
    "long.py": "GitHub sent no patch",
}


def odd_files(world: World) -> Pull:
    """One pull request with every kind of file."""
    base = commit_on(world, "kinds-base", BEFORE)
    world.git.branch("kinds")
    world.git.rename("old_name.py", "new_name.py")
    world.git.mode("script.sh", executable=True)
    world.git.symlink("link.py", "/etc/passwd")
    world.git.symlink("becomes_link.py", "../../../etc/passwd")
    world.git.commit(AFTER)
    world.git.commit_submodule("lib", base)
    return world.github.open_pull(world.repository, head="kinds", base="kinds-base", title="Kinds")


def said_by_the_model(path: str, quote: str) -> dict[str, Any]:
    return {
        "aspect": "quality", "severity": "medium", "path": path, "quote": quote, "title": f"Wrong in {path}",
        "description": "It is wrong.", "recommendation": "Mend it.", "confidence": 0.9, "rule": "wrong",
    }  # fmt: skip


async def test_every_kind_of_file_in_one_pull_request(world: World) -> None:
    """What can be read is commented on the right line, what can't is listed with its reason, GitHub takes it all."""
    quotes = [
        said_by_the_model("crlf.py", "    return price * 10"),
        said_by_the_model("grüße/ünïcode 😀.py", "def run(a):"),
        said_by_the_model("tail.py", "import os\n\n\ndef run(a):"),
    ]
    world.models.default = {"findings": quotes}
    pull = odd_files(world)
    run = await world.reviewed(pull)
    world.models.default = NOTHING_FOUND
    assert refused_writes(world) == []
    commented = places(world, pull)
    assert {(path, SINK_LINE) for path in COMMENTED} <= commented
    assert {("crlf.py", 11), ("grüße/ünïcode 😀.py", 5), ("tail.py", 5)} <= commented
    became = ledger(world, pull)
    assert len(became) == len(AFTER) + 5
    why = {path: became[path].removeprefix("**omitted**: ").partition(" (")[0] for path in OMITTED}
    assert why == OMITTED
    assert all("read by" in became[path] for path in ("crlf.py", "-dash.py", "-rf", "grüße/ünïcode 😀.py"))
    assert run.conclusion == "neutral"
    assert (run.output["title"] or "").startswith("Partly reviewed: ")


# -- configuration that tools would obey


def hostile(canary: Path) -> dict[str, Content]:
    """Everything that a tool started inside of the repository would run, or take as a reason to be silent."""
    code = f"open({str(canary)!r}, 'a').write('executed')\n"
    return {
        "shop/run.py": SINK.replace('"x " + a)', '"x " + a)  # noqa  # nosec  # pylint: disable=all'),
        "ruff.toml": 'extend = "/etc/passwd"\n[lint]\nignore = ["ALL"]\nselect = []\n',
        "pyproject.toml": '[tool.ruff.lint]\nignore = ["ALL"]\n[tool.bandit]\nskips = ["*"]\n',
        ".pylintrc": f"[MAIN]\ninit-hook={code}[MESSAGES CONTROL]\ndisable=all\n",
        "mypy.ini": "[mypy]\nplugins = plugin.py\n",
        "plugin.py": code,
        "setup.cfg": "[flake8]\nexclude = *\n[flake8:local-plugins]\nextension =\n  X = plugin:run\n",
        "conftest.py": code,
        "sitecustomize.py": code,
        "usercustomize.py": code,
        "ruff.py": code,
        "lizard.py": code,
        "workers/__init__.py": code,
        "sgconfig.yml": "ruleDirs: []\ncustomLanguages:\n  evil:\n    libraryPath: ./evil.so\n",
        ".secrets.baseline": '{"plugins_used": [], "results": {}}\n',
        ".gitattributes": (
            "*.py filter=evil diff=evil linguist-generated linguist-vendored export-ignore\n"
            "shop/** export-subst\n"
        ),
        ".gitconfig": f'[filter "evil"]\n\tsmudge = touch {canary}\n\tclean = touch {canary}\n',
        "Makefile": f"all:\n\ttouch {canary}\n",
        ".github/quorum.yml": "review:\n  enabled: false\nignore:\n  paths: ['**']\n",
    }


async def test_configuration_of_tools_in_a_change_is_neither_run_nor_obeyed(
    world: World, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    pull = propose(world, "hostile", hostile(canary))
    run = await world.reviewed(pull)
    assert not canary.exists()
    assert ("shop/run.py", SINK_LINE) in places(world, pull)
    assert "blocking" in (run.output["title"] or "")
    became = ledger(world, pull)
    assert [path for path in became if "omitted" in became[path]] == []


async def test_a_comment_that_names_the_rule_does_not_hide_the_finding(world: World) -> None:
    """Whoever reads the pull request sees the line, and that somebody tried."""
    pull = propose(world, "named", {"shop/run.py": SINK.replace('"x " + a)', '"x " + a)  # noqa: S605')})
    await world.reviewed(pull)
    [comment] = [one for one in world.github.review_comments(pull) if one["line"] == SINK_LINE]
    assert "can't silence security rules about itself" in comment["body"]
