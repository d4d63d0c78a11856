"""What is left alone: the check says why and how to ask all the same, and is never green for it where it is required."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github import CheckRun, Pull
from tests.fakes.repository import GitRepository
from tests.journeys.asking import WRITER, asked, ended, introduce
from tests.journeys.stage import Stage
from tests.journeys.world import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("services", ["sqlite", "postgresql"], indirect=True),
]

NEUTRAL, ACTION, FAILURE = "neutral", "action_required", "failure"


@dataclass(frozen=True)
class Case:
    """A base's rules, a pull request that they skip, what its check says and how it ends."""

    rules: str
    says: str
    conclusion: str = NEUTRAL
    how: Mapping[str, Any] = field(default_factory=dict)


CASES: Mapping[str, Case] = {
    "draft": Case("{}", "is a draft (`review.drafts` is off)", how={"draft": True}),
    "off": Case("review: {enabled: false}", "reviews are off (`review.enabled`)"),
    "author": Case("ignore: {authors: ['Renovate[bot]']}", "author renovate[bot] is in `ignore.authors`",
                   how={"author": "renovate[bot]"}),
    "title": Case("ignore: {titles: ['(?i)^wip']}", "matches `(?i)^wip` of `ignore.titles`", how={"title": "WIP: x"}),
    "label": Case("ignore: {labels: [Later]}", "label later is in `ignore.labels`", how={"labels": ["later"]}),
    "branch": Case("ignore: {branches: ['branch*']}", "matches `ignore.branches`"),
    "files": Case("ignore: {size: {files_max: 1}}", "it changes 2 files, more than the 1 of `ignore.size.files_max`"),
    "lines": Case("ignore: {size: {lines_max: 1}}", "more than the 1 of `ignore.size.lines_max`"),
    "gate": Case("review: {required: true}\nignore: {labels: [later]}", "`ignore.labels`", ACTION,
                 how={"labels": ["later"]}),
    "gate-draft": Case("review: {required: true}", "is a draft", ACTION, how={"draft": True}),
    "chosen": Case("review: {required: true, conclusions: {draft: failure}}", "is a draft", FAILURE,
                   how={"draft": True}),
    "lenient": Case("review: {required: true, conclusions: {ignored: neutral, draft: failure}}\n"
                    "ignore: {labels: [later]}", "`ignore.labels`", NEUTRAL, how={"labels": ["later"]}),
    "paths": Case("review: {required: true}\nignore: {paths: ['*.md']}",
                  "`ignore.paths` leaves nothing to read of 2 changed files", ACTION),
    "advice": Case("review: {conclusions: {ignored: action_required}, enabled: false}", "`review.enabled`", ACTION),
}  # fmt: skip


def repository(folder: Path) -> GitRepository:
    """A base branch for each case, and a "topic" of two files."""
    git = GitRepository.create(folder)
    first = git.commit({"a.md": "A\n", "b.md": "B\n"})
    for name, case in CASES.items():
        git.branch(name, first)
        git.commit({".github/quorum.yml": f"{case.rules}\n"})
    git.branch("topic", first)
    git.commit({"a.md": "A, and more\n", "b.md": "B, and more\n"})
    return git


def stands(run: CheckRun) -> str:
    """All that a check run says; what breaks up mentions does not count."""
    return "\n".join(text or "" for text in run.output.values()).replace("\u200b", "")


async def test_each_reason_to_skip_is_said_and_none_is_green_where_the_check_is_required(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.world(repository(tmp_path)) as world:
        pulls = {
            name: world.github.open_pull(world.repository, **{"head": "topic", "base": name, **case.how})
            for name, case in CASES.items()
        }
        runs = dict(zip(pulls, await asyncio.gather(*map(world.reviewed, pulls.values())), strict=True))
        assert {name: run.conclusion for name, run in runs.items()} == {
            name: case.conclusion for name, case in CASES.items()
        }
        assert [name for name, case in CASES.items() if case.says not in stands(runs[name])] == []
        unasked = [name for name, run in runs.items() if "/quorum review" not in stands(run)]
        assert unasked == ["paths"], "what is not read is not read for anybody"
        assert all([one["identifier"] for one in run.actions] == ["review", "pause"] for run in runs.values())
        assert world.models.requests == []


RULES = "review: {required: true, auto_pause_pushes: 2}\nignore: {paths: ['notes/**']}\n"


async def test_pushes_pause_reviews_and_ignored_paths_are_named(stage: Stage, tmp_path: Path) -> None:
    """After two reviewed pushes the third is not reviewed, and no green is left; whoever asks gets one all the same."""
    git = GitRepository.create(tmp_path)
    git.commit({"a.md": "A\n", ".github/quorum.yml": RULES})
    git.branch("topic")
    git.commit({"a.md": "AA\n", "notes/x.md": "X\n"})
    async with stage.world(git) as world:
        introduce(world)
        world.models.default = '{"findings": []}'
        pull = world.github.open_pull(world.repository, head="topic")
        run = await world.reviewed(pull)
        assert run.conclusion == "success"
        assert "1/2 files (1 omitted: filtered by configuration)" in world.said(pull)
        assert (await pushed(world, pull)).conclusion == "success"
        run = await pushed(world, pull)
        assert (run.conclusion, "review.auto_pause_pushes" in stands(run)) == (ACTION, True)
        assert "/quorum resume" in stands(run)
        assert (await asked(world, pull, "/quorum review"))[0] == ["eyes", "rocket"]
        assert {one.conclusion for one in world.check_runs(pull)} == {ACTION, "success"}
        run = await pushed(world, pull)
        assert run.conclusion == ACTION, "asking once does not end the pause"
        comment = world.github.comment(pull, WRITER, "/quorum resume")
        assert await ended(world, comment.id) == ["eyes", "rocket"]
        assert (await pushed(world, pull)).conclusion == "success"


async def pushed(world: World, pull: Pull) -> CheckRun:
    """One more commit, and the check run of it."""
    world.git.checkout("topic")
    world.github.push(pull, world.git.commit({"a.md": f"{world.git.head}\n"}))
    return await world.reviewed(pull)
