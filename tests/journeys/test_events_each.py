"""Every event and every action that matters, from GitHub through the receiver into both databases, on one page.

Nothing is claimed meanwhile: the owner has suspended the app, so what is wanted stands still and can be read.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.handlers.registry import HANDLERS
from tests.fakes.github import CheckRun, Pull
from tests.fakes.github.values import Installation, Repository, ReviewComment
from tests.fakes.repository import GitRepository
from tests.journeys.asking import WRITER, introduce
from tests.journeys.stage import Stage
from tests.journeys.storing import rows
from tests.journeys.world import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("services", ["sqlite", "postgresql"], indirect=True),
]

WORK = "SELECT installation_id, pipeline, number, wanted_gen, done_gen FROM work WHERE repo_id = :id"
LABEL_OF_OURS = "quorum: clean"


@dataclass
class Desk:
    """A pull request and whatever belongs to it, as the cases before left them."""

    world: World
    pull: Pull = field(init=False)
    run: CheckRun = field(init=False)
    thread: ReviewComment = field(init=False)
    own: Installation = field(init=False)
    other: Installation = field(init=False)
    _commits: int = 0

    def __post_init__(self) -> None:
        self.own = self.world.github.world.installations[self.repository.installation_id or 0]
        self.other = self.world.github.install(f"other-{self.repository.id}")

    @property
    def repository(self) -> Repository:
        return self.world.repository

    def open(self) -> None:
        self.pull = self.world.github.open_pull(self.repository, head="topic")

    def write(self, body: str) -> None:
        self.world.github.comment(self.pull, WRITER, body)

    def answer(self, body: str) -> None:
        self.thread = self.world.github.comment_on_review(self.pull, WRITER, body, path="m.py")

    def check(self) -> None:
        """A finished check run of ours."""
        ours = self.world.github.app.app_id
        self.run = self.world.github.foreign_check(self.repository, self.pull.head_sha, "Quorum", app_id=ours)
        self.run.external_id = (
            f"{self.repository.installation_id}:{self.repository.id}:{self.pull.number}:review:1"
        )

    def commit(self, branch: str, path: str) -> str:
        self._commits += 1
        self.world.git.checkout(branch)
        return self.world.git.commit({path: f"N = {self._commits}\n"})

    def push(self, branch: str, path: str = "n.py", by: str = WRITER) -> None:
        self.world.github.push_branch(self.repository, branch, self.commit(branch, path), by)

    async def send(self, event: str, action: str, **payload: Any) -> None:
        await self.world.github.deliver(event, action, {"action": action, **payload})

    async def again(self, event: str, action: str, **changes: dict[str, Any]) -> None:
        """The last delivery of an event once more, as another action and with fields that differ."""
        log = self.world.github.deliveries
        payload = json.loads(next(one.payload for one in reversed(log) if one.event == event))
        for name, more in changes.items():
            payload[name] = {**payload.get(name, {}), **more}
        await self.world.github.deliver(event, action, payload | {"action": action})


Act = Callable[[Desk], Any]
COMMAND = "/quorum cost"
OF_ISSUE = {"pull_request": None}
OURS = {"user": {"id": 900_001, "login": "quorum[bot]", "type": "Bot"}}
SUBMITTED = {"id": 1, "body": "/quorum review", "state": "commented"}
HOOK = {"type": "App", "id": 1, "name": "web", "active": True, "events": ["*"], "app_id": 1}

CASES: tuple[tuple[str, str, str, set[str], Act], ...] = (
    ("installation", "created", "noted", set(), lambda d: d.world.github.announce(d.own)),
    ("installation", "created", "noted", set(), lambda d: d.world.github.announce(d.other)),
    ("installation", "suspend", "noted", set(), lambda d: d.world.github.suspend(d.own)),
    ("installation", "suspend", "noted", set(), lambda d: d.world.github.suspend(d.other)),
    ("pull_request", "opened", "wanted", {"review"}, Desk.open),
    ("pull_request", "synchronize", "wanted", {"review"},
     lambda d: d.world.github.push(d.pull, d.commit("topic", "m.py"))),
    ("pull_request", "edited", "wanted", {"review"}, lambda d: d.world.github.edit_title(d.pull, "Other")),
    ("pull_request", "edited", "wanted", {"review"}, lambda d: d.world.github.retarget(d.pull, "next")),
    ("pull_request", "edited", "ignored", set(), lambda d: d.world.github.edit_body(d.pull, "Other")),
    ("pull_request", "labeled", "ignored", set(), lambda d: d.world.github.label(d.pull, "later")),
    ("pull_request", "unlabeled", "wanted", {"review"}, lambda d: d.world.github.unlabel(d.pull, "later")),
    ("pull_request", "labeled", "ignored", set(), lambda d: d.world.github.label(d.pull, LABEL_OF_OURS)),
    ("pull_request", "unlabeled", "ignored", set(), lambda d: d.world.github.unlabel(d.pull, LABEL_OF_OURS)),
    ("pull_request", "converted_to_draft", "wanted", {"review"},
     lambda d: d.world.github.convert_to_draft(d.pull)),
    ("pull_request", "ready_for_review", "wanted", {"review"}, lambda d: d.world.github.ready(d.pull)),
    ("pull_request", "assigned", "ignored", set(), lambda d: d.again("pull_request", "assigned")),
    ("issue_comment", "created", "wanted", {"command"}, lambda d: d.write(COMMAND)),
    ("issue_comment", "edited", "ignored", set(), lambda d: d.again("issue_comment", "edited")),
    ("issue_comment", "deleted", "ignored", set(), lambda d: d.again("issue_comment", "deleted")),
    ("issue_comment", "created", "ignored", set(), lambda d: d.again("issue_comment", "created", issue=OF_ISSUE)),
    ("issue_comment", "created", "ignored", set(), lambda d: d.again("issue_comment", "created", comment=OURS)),
    ("issue_comment", "created", "ignored", set(), lambda d: d.write("Thanks!")),
    ("pull_request_review_comment", "created", "wanted", {"command"}, lambda d: d.answer(COMMAND)),
    ("pull_request_review_comment", "edited", "ignored", set(),
     lambda d: d.again("pull_request_review_comment", "edited")),
    ("pull_request_review_comment", "created", "ignored", set(),
     lambda d: d.again("pull_request_review_comment", "created", comment=OURS)),
    ("pull_request_review_thread", "resolved", "noted", set(),
     lambda d: d.world.github.resolve_thread(d.thread, WRITER)),
    ("pull_request_review_thread", "unresolved", "noted", set(),
     lambda d: d.world.github.unresolve_thread(d.thread, WRITER)),
    ("pull_request_review", "submitted", "ignored", set(),
     lambda d: d.send("pull_request_review", "submitted", review=SUBMITTED)),
    ("check_run", "completed", "ignored", set(), Desk.check),
    ("check_run", "created", "ignored", set(), lambda d: d.again("check_run", "created")),
    ("check_run", "rerequested", "wanted", {"review"}, lambda d: d.world.github.rerequest(d.run)),
    ("check_run", "rerequested", "ignored", set(),
     lambda d: d.again("check_run", "rerequested", check_run={"app": {"id": 7}})),
    ("check_run", "requested_action", "wanted", {"command"},
     lambda d: d.world.github.request_action(d.run, "pause", by=WRITER)),
    ("check_run", "requested_action", "ignored", set(),
     lambda d: d.world.github.request_action(d.run, "audit", by=WRITER)),
    ("check_suite", "rerequested", "wanted", {"review"}, lambda d: d.world.github.rerequest_suite(d.run)),
    ("check_suite", "requested", "ignored", set(), lambda d: d.again("check_suite", "requested")),
    ("push", "", "ignored", set(), lambda d: d.push("side")),
    ("push", "", "wanted", {"docs"}, lambda d: d.push("main")),
    ("push", "", "ignored", set(), lambda d: d.push("main", by="quorum[bot]")),
    ("push", "", "ignored", set(), lambda d: d.push("main", "docs/n.md")),
    ("pull_request", "closed", "wanted", {"outcomes", "-review"}, lambda d: d.world.github.close(d.pull)),
    ("pull_request", "reopened", "wanted", {"review"}, lambda d: d.world.github.reopen(d.pull)),
    ("repository", "renamed", "noted", set(), lambda d: d.world.github.rename(d.repository, "store")),
    ("repository", "publicized", "noted", set(), lambda d: d.world.github.publicize(d.repository)),
    ("repository", "privatized", "noted", set(), lambda d: d.world.github.privatize(d.repository)),
    ("repository", "edited", "noted", set(), lambda d: d.world.github.edit_default_branch(d.repository, "next")),
    ("repository", "edited", "ignored", set(),
     lambda d: d.again("repository", "edited", changes={"default_branch": None})),
    ("repository", "archived", "noted", {"-review", "-command", "-docs", "-outcomes"},
     lambda d: d.world.github.archive(d.repository)),
    ("repository", "unarchived", "noted", set(), lambda d: d.world.github.unarchive(d.repository)),
    ("check_run", "rerequested", "wanted", {"review"}, lambda d: d.world.github.rerequest(d.run)),
    ("installation_repositories", "removed", "noted", {"-review"},
     lambda d: d.world.github.remove_repositories(d.own, d.repository)),
    ("installation_repositories", "added", "noted", set(),
     lambda d: d.world.github.add_repositories(d.own, d.repository)),
    ("installation_target", "renamed", "noted", set(),
     lambda d: d.world.github.rename_account(d.repository.owner.login, f"new-{d.repository.owner.login}")),
    ("installation", "new_permissions_accepted", "noted", set(),
     lambda d: d.world.github.accept_permissions(d.own)),
    ("installation", "unsuspend", "noted", set(), lambda d: d.world.github.unsuspend(d.own)),
    ("installation", "suspend", "noted", set(), lambda d: d.world.github.suspend(d.own)),
    ("check_suite", "rerequested", "wanted", {"review"}, lambda d: d.world.github.rerequest_suite(d.run)),
    ("repository", "transferred", "noted", {"-review", "review"},
     lambda d: d.world.github.transfer(d.repository, d.other)),
    ("repository", "deleted", "noted", {"-review"}, lambda d: d.world.github.delete_repository(d.repository)),
    ("installation", "deleted", "noted", set(), lambda d: d.world.github.uninstall(d.other)),
    ("ping", "", "ignored", set(), lambda d: d.send("ping", "", zen="Keep it logical.", hook_id=1, hook=HOOK)),
    ("star", "created", "ignored", set(), lambda d: d.send("star", "created")),
)  # fmt: skip
"""Event, action, what the receiver answers, which pipelines are wanted then ("-": which no longer are), and the act."""


async def opened_work(world: World, stage: Stage) -> dict[tuple[int, str, int], tuple[int, bool]]:
    """Installation, pipeline and number → the wanted generation, and whether it is still to be done."""
    found = await rows(stage.database_url, WORK, world.repository.id)
    return {(key, pipeline, number): (wanted, wanted > done) for key, pipeline, number, wanted, done in found}


def changed(before: dict[Any, Any], after: dict[Any, Any]) -> Iterator[str]:
    """The pipelines that are wanted anew, and with "-" those that no longer are."""
    for key, (wanted, is_open) in after.items():
        former, was_open = before.get(key, (0, False))
        if is_open and wanted > former:
            yield key[1]
        if was_open and not is_open:
            yield f"-{key[1]}"


async def told(world: World, event: str, action: str, act: Act, desk: Desk) -> set[str]:
    """What the receiver answered to the deliveries of this event that `act` led to."""
    log = world.github.deliveries
    first = len(log)
    if inspect.isawaitable(sending := act(desk)):
        await sending
    await world.github.delivered()
    return {
        json.loads(one.response)["outcome"]
        for one in log[first:]
        if (one.event, one.action) == (event, action)
    }


async def test_each_event_asks_for_what_it_should(stage: Stage, tmp_path: Path) -> None:
    async with stage.world(repository(tmp_path)) as world:
        introduce(world)
        desk = Desk(world)
        handled = {(name, action) for name, one in HANDLERS.items() for action in one.actions or ("",)}
        assert handled <= {(event, action) for event, action, *_ in CASES}
        for event, action, outcome, wanted, act in CASES:
            before = await opened_work(world, stage)
            outcomes = await told(world, event, action, act, desk)
            after = await opened_work(world, stage)
            assert (outcomes, set(changed(before, after))) == ({outcome}, wanted), (event, action)
        unread = await rows(stage.database_url, "SELECT event FROM delivery WHERE outcome = 'unparsed'")
        assert unread == []


def repository(folder: Path) -> GitRepository:
    """A module, and the branches that the cases speak of."""
    git = GitRepository.create(folder)
    git.commit({"m.py": "M = 1\n"})
    for name in ("next", "side", "topic"):
        git.branch(name)
    git.commit({"m.py": "M = 2\n"})
    return git
