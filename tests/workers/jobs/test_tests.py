"""The tests job, apart from what its journey shows: what is brought up to date, what is refused, what costs nothing."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from config.operator import OperatorRules
from config.settings import Settings
from tests.workers.experts.answering import AnsweringModels
from tests.workers.github.octo import NAME
from tests.workers.jobs.delivery import Office
from tests.workers.jobs.desk import Desk
from tests.workers.jobs.shown import showing
from tests.workers.jobs.test_docs import Door
from tests.workers.storage.telling import tell
from workers.analysis.diff import parse_patch
from workers.analysis.sandbox import ReducedSandbox
from workers.analysis.testing.toolchains.registry import Toolchains
from workers.bootstrap.models import RunModels
from workers.domain.command import CommandSeen, Source
from workers.domain.errors import UserError
from workers.domain.task import Task
from workers.domain.work import Priority, Want
from workers.github.leaks import LiveSecrets
from workers.jobs.answering import Answering
from workers.jobs.asked import Asked
from workers.jobs.rules import RuleBook
from workers.jobs.tests import TestsJob, Workbench
from workers.storage.commands import CommandStore
from workers.storage.configurations import ConfigurationStore
from workers.storage.lease import Lease
from workers.storage.receipts import ReceiptBook

CODE = "def {name}(side):\n    return side\n"
NOT_EXECUTED = " (not executed: no Python runs tests here)"
FILES = {"box.py": CODE.format(name="area"), "lid.py": CODE.format(name="fits"), "pytest.ini": "[pytest]\n"}


def writes(task: Task[Any]) -> dict[str, Any]:
    """A model that tests whichever of the two functions it is shown."""
    module, name = ("box", "area") if "def area" in task.prompt else ("lid", "fits")
    return {"file": f"from {module} import {name}\n\n\ndef test_{name}():\n    assert {name}(1) == 1\n"}


@dataclass
class Clerk:
    """Runs the job for a command on the desk's pull request."""

    desk: Desk
    door: Door = field(default_factory=lambda: Door(AnsweringModels(writes)))
    ids: int = 900

    @property
    def office(self) -> Office:
        return Office(self.desk, cast("Lease", None))

    @property
    def job(self) -> TestsJob:
        clients, database, clock = self.desk.octo.clients, self.desk.database, self.desk.clock
        return TestsJob(
            clients,
            self.office.delivering,
            cast("RunModels", self.door),
            ReceiptBook(database),
            RuleBook(clients, ConfigurationStore(database, clock), OperatorRules()),
            Asked(CommandStore(database, clock), Answering(clients, LiveSecrets())),
            showing(self.desk),
            Settings(),
            LiveSecrets(),
            Workbench(ReducedSandbox(sys.executable), self._nobody, lambda: "word", lambda: 1),
            parse_patch,
            lambda: "b0undary",
            clock,
        )

    async def _nobody(self, _: str, __: str) -> Toolchains:
        return Toolchains(why="no Python runs tests here")

    def push(self, files: dict[str, str]) -> None:
        """Move the head."""
        self.desk.octo.github.push(self.desk.octo.pull, self.desk.octo.source.commit(files))

    async def ask(self, paths: str = "") -> str:
        """Somebody writes `/quorum tests`; what they are answered."""
        self.ids += 1
        desk, pull = self.desk, self.desk.octo.pull
        comment = desk.octo.github.comment(pull, "mona", f"/quorum tests {paths}")
        key = replace(desk.key, pipeline="tests")
        seen = CommandSeen(
            key.installation_id, key.repo_id, key.number, NAME, Source.COMMENT, comment.id, 5, "mona", "tests", paths
        )  # fmt: skip
        await tell(desk.database, seen, at=desk.clock())
        store = CommandStore(desk.database, desk.clock)
        (command,) = await store.wanted(key.repo_id, key.number)
        await store.await_work(command.id, Want(key, NAME, Priority.COMMAND, "command.tests", forced=True))
        desk.clock.advance(60.0)
        claim = await desk.work.claim()
        assert claim is not None
        with suppress(UserError):
            await self.job(Lease(desk.work, claim))
        await desk.work.finish(claim, "")
        return str(desk.octo.github.issue_comments(pull)[-1]["body"])


@pytest.fixture
def clerk(desk: Desk) -> Clerk:
    return Clerk(desk)


async def test_tests_that_were_not_run_are_called_so_and_are_kept_beside_later_ones(clerk: Clerk) -> None:
    clerk.push(FILES)
    text = await clerk.ask("box.py")
    [proposed] = clerk.office.pulls
    assert (proposed.title, proposed.base_ref) == (f"tests: 1 function of box.py{NOT_EXECUTED}", "topic")
    assert "no Python runs tests here" in text
    assert "no Python runs tests here" in proposed.body
    assert clerk.door.users == [5], "in the name of whoever asked"
    (receipt,) = await ReceiptBook(clerk.desk.database).listed(0.0, 1e12)
    assert (receipt.workflow, receipt.quality, receipt.validated) == ("tests", 1.0, False)
    text = await clerk.ask("lid.py")
    assert [one.title for one in clerk.office.pulls] == [
        f"tests: 1 function of box.py{NOT_EXECUTED}",
        f"tests: 1 function of lid.py{NOT_EXECUTED}",
    ], "each choice of paths has its own"


async def test_asked_again_the_same_pull_request_holds_what_was_written_before_too(clerk: Clerk) -> None:
    clerk.push({name: text for name, text in FILES.items() if name != "lid.py"})
    await clerk.ask()
    clerk.push({"lid.py": FILES["lid.py"]})
    clerk.door.models = AnsweringModels(
        lambda task: writes(task) if "def fits" in task.prompt else {"file": "("}
    )
    text = await clerk.ask()
    [proposed] = clerk.office.pulls
    assert proposed.title == "tests: 1 function of lid.py and 1 earlier file (not executed)"
    assert "up to date again" in text
    assert "It does not parse" in text
    branch = proposed.head_ref
    assert all(clerk.office.file(f"tests/test_{name}.py", branch) for name in ("box", "lid"))


async def test_a_missing_permission_is_named_to_whoever_asked_and_nobody_is_paid(clerk: Clerk) -> None:
    installations = clerk.desk.octo.github.world.installations
    installations[clerk.desk.key.installation_id].permissions["contents"] = "read"
    clerk.push(FILES)
    assert "contents=write" in await clerk.ask()
    assert (clerk.door.opened, clerk.office.pulls) == (0, [])


async def test_where_nothing_can_be_tested_nobody_is_asked_and_nothing_proposed(clerk: Clerk) -> None:
    text = await clerk.ask("logo.png")
    assert "There is no code here that tests are written for" in text
    assert "is called `logo.png`" in text
    assert clerk.office.pulls == []
