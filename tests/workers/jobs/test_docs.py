"""The docs job, apart from what its journey shows: what is refused, what costs nothing, what is never written."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

import pytest

from config.operator import OperatorRules
from config.settings import Settings
from tests.fakes.github import Pull
from tests.workers.experts.answering import AnsweringModels
from tests.workers.github.octo import NAME
from tests.workers.jobs.delivery import Office
from tests.workers.jobs.desk import Desk
from tests.workers.jobs.shown import showing
from tests.workers.jobs.test_documenting import CODE, structure
from tests.workers.storage.telling import tell
from workers.analysis.house.jailed import patterns
from workers.analysis.sandbox import ReducedSandbox
from workers.bootstrap.models import RunModels
from workers.domain.command import CommandSeen, Source
from workers.domain.errors import UserError
from workers.domain.work import Priority, Want, WorkKey
from workers.github.leaks import LiveSecrets
from workers.jobs.answering import Answering
from workers.jobs.asked import Asked
from workers.jobs.docs import DocsJob
from workers.jobs.rules import RuleBook
from workers.storage.commands import CommandStore
from workers.storage.configurations import ConfigurationStore
from workers.storage.lease import Lease
from workers.storage.receipts import ReceiptBook
from workers.storage.work import bump

ON_PUSH = {".github/quorum.yml": "write: {docs: {on_push: true}}\n", "box.py": CODE}


@dataclass
class Door:
    """Models that write, or none; counts who came."""

    models: AnsweringModels | None = None
    opened: int = 0
    users: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def open(
        self, claim: Any, head_sha: str, config: Any, user_id: int = 0
    ) -> AsyncIterator[AnsweringModels | None]:
        self.opened += 1
        self.users.append(user_id)
        yield self.models


@dataclass
class Clerk:
    """Runs the job for a command on the desk's pull request, or for a push."""

    desk: Desk
    door: Door = field(default_factory=Door)
    ids: int = 900

    @property
    def office(self) -> Office:
        return Office(self.desk, cast("Lease", None))

    @property
    def job(self) -> DocsJob:
        clients, database, clock = self.desk.octo.clients, self.desk.database, self.desk.clock
        return DocsJob(
            clients,
            self.office.delivering,
            cast("RunModels", self.door),
            ReceiptBook(database),
            RuleBook(clients, ConfigurationStore(database, clock), OperatorRules()),
            Asked(CommandStore(database, clock), Answering(clients, LiveSecrets())),
            showing(self.desk),
            Settings(),
            LiveSecrets(),
            structure,
            partial(patterns, sandbox=ReducedSandbox(sys.executable)),
            lambda: "b0undary",
            clock,
        )

    async def _run(self, key: WorkKey) -> str:
        self.desk.clock.advance(60.0)
        claim = await self.desk.work.claim()
        assert claim is not None
        assert claim.key == key
        try:
            sha = await self.job(Lease(self.desk.work, claim))
        finally:
            await self.desk.work.finish(claim, "")
        return sha

    async def ask(self, pull: Pull, paths: str = "") -> str:
        """Somebody writes `/quorum docs`; what they are answered."""
        self.ids += 1
        comment = self.desk.octo.github.comment(pull, "mona", f"/quorum docs {paths}")
        key = replace(self.desk.key, number=pull.number, pipeline="docs")
        seen = CommandSeen(
            key.installation_id, key.repo_id, key.number, NAME, Source.COMMENT, comment.id, 5, "mona", "docs", paths
        )  # fmt: skip
        await tell(self.desk.database, seen, at=self.desk.clock())
        store = CommandStore(self.desk.database, self.desk.clock)
        (command,) = await store.wanted(key.repo_id, key.number)
        await store.await_work(command.id, Want(key, NAME, Priority.COMMAND, "command.docs", forced=True))
        with suppress(UserError):
            await self._run(key)
        return str(self.desk.octo.github.issue_comments(pull)[-1]["body"])

    async def push(self) -> str:
        """Something arrives at the default branch."""
        key = replace(self.desk.key, number=0, pipeline="docs")
        want = Want(key, NAME, Priority.PUSH, "push")
        await self.desk.database.write(lambda conn: bump(conn, [want], self.desk.clock()))
        return await self._run(key)


def writes(_: Any) -> dict[str, Any]:
    """A model that writes."""
    return {
        "pages": [],
        "overview": "Sizes.",
        "sections": [{"name": "area", "text": "Its area."}],
        "score": 1.0,
        "wrong": [],
    }


@pytest.fixture
def clerk(desk: Desk) -> Clerk:
    return Clerk(desk)


async def test_the_base_is_documented_and_no_fork_is_touched(clerk: Clerk) -> None:
    clerk.door.models = AnsweringModels(writes)
    pull = clerk.desk.octo.github.open_pull(clerk.desk.octo.repository, head="topic", fork=True)
    clerk.office.commit({"box.py": CODE}, "main")
    text = await clerk.ask(pull, "box.py")
    [proposed] = clerk.office.pulls
    assert f"#{proposed.number}" in text
    assert "`docs/box.md`" in text
    assert "Its area." in (clerk.office.file("docs/box.md") or "")
    assert proposed.base_ref == "main"
    assert clerk.door.users == [5], "in the name of whoever asked"
    (receipt,) = await ReceiptBook(clerk.desk.database).listed(0.0, 1e12)
    assert (receipt.workflow, receipt.calls, receipt.quality, receipt.validated) == ("docs", 3, 1.0, True)


async def test_without_a_model_pages_hold_what_the_code_says_and_that_is_said(clerk: Clerk) -> None:
    clerk.office.commit({"box.py": CODE}, "main")
    text = await clerk.ask(clerk.desk.octo.pull)
    assert "No model was asked" in text
    assert "from the code alone" in text
    assert "area(side: float) -> float" in (clerk.office.file("docs/box.md") or "")


async def test_a_missing_permission_is_named_to_whoever_asked_and_nobody_is_paid(clerk: Clerk) -> None:
    installations = clerk.desk.octo.github.world.installations
    installations[clerk.desk.key.installation_id].permissions["contents"] = "read"
    clerk.office.commit({"box.py": CODE}, "main")
    text = await clerk.ask(clerk.desk.octo.pull)
    assert "contents=write" in text
    assert (clerk.door.opened, clerk.office.pulls) == (0, [])


async def test_rules_that_refuse_us_are_told_once_and_pushes_ask_nobody_again(clerk: Clerk) -> None:
    """What made pages that nobody could be given is not paid for at each push; a command tries again."""
    clerk.door.models = AnsweringModels(writes)
    clerk.desk.octo.repository.restricted = ("quorum/**",)
    clerk.office.commit(ON_PUSH, "main")
    assert "rules don't let Quorum write" in await clerk.ask(clerk.desk.octo.pull)
    before = clerk.door.opened
    await clerk.push()
    assert clerk.door.opened == before
    clerk.desk.octo.repository.restricted = ()
    assert "is proposed in" in await clerk.ask(clerk.desk.octo.pull)


async def test_a_push_that_nobody_wants_documented_ends_quietly(clerk: Clerk) -> None:
    sha = clerk.office.commit({"box.py": CODE}, "main")
    assert await clerk.push() == sha
    assert clerk.desk.writes() == []
    tokens = clerk.desk.octo.github.world.tokens.values()
    assert not any(one.permissions.get("contents") == "write" for one in tokens)


async def test_a_push_to_an_archived_repository_ends_quietly(clerk: Clerk) -> None:
    clerk.office.commit(ON_PUSH, "main")
    clerk.desk.octo.repository.archived = True
    assert await clerk.push() == ""
    assert clerk.desk.writes() == []


async def test_a_run_that_nobody_waits_for_any_more_writes_nothing(clerk: Clerk) -> None:
    """It was answered already; what was named in it is known to nobody now."""
    clerk.office.commit({"box.py": CODE}, "main")
    key = replace(clerk.desk.key, pipeline="docs")
    want = Want(key, NAME, Priority.COMMAND, "command.docs")
    await clerk.desk.database.write(lambda conn: bump(conn, [want], clerk.desk.clock()))
    await clerk._run(key)
    assert clerk.office.pulls == []


async def test_files_that_are_no_modules_and_paths_that_lead_out_cost_nobody_anything(clerk: Clerk) -> None:
    clerk.desk.octo.source.symlink("secret.py", "/etc/passwd")
    strange = {"odd.py": "def f(:\n", "tool.py": "\x7fELF\0\0", "we[[ird]] #1.py": CODE}
    clerk.office.commit({"box.py": CODE, "big.py": "x = 1\n" * 900_000, **strange}, "main")
    text = await clerk.ask(clerk.desk.octo.pull, "*.py ../../etc/passwd /etc/shadow.py")
    (pull,) = clerk.office.pulls
    made = {path: clerk.office.file(path) or "" for path in ("docs/box.md", "docs/we_ird_ _1.md")}
    assert all("area(side: float) -> float" in page for page in made.values())
    assert not any(clerk.office.file(f"docs/{name}.md") for name in ("secret", "big", "tool"))
    assert "root:" not in text + pull.body + "".join(made.values())
    assert text.count("Nothing that can be documented is called") == 2, text


async def test_of_a_branch_without_a_file_it_is_said(clerk: Clerk) -> None:
    git = clerk.desk.octo.source
    git.checkout("main")
    every = git.git("ls-files", "-z").decode().split("\0")
    clerk.office.commit(dict.fromkeys(filter(None, every)), "main")
    assert "holds no file" in await clerk.ask(clerk.desk.octo.pull)
    assert (clerk.door.opened, clerk.office.pulls) == (0, [])


async def test_a_page_that_something_stands_in_the_way_of_keeps_no_other_back(clerk: Clerk) -> None:
    clerk.office.commit({"box.py": CODE, "lid.py": CODE, "docs/BOX.md": "# Mine\n"}, "main")
    text = await clerk.ask(clerk.desk.octo.pull)
    assert "`box.py` has no page: something stands there" in text
    assert clerk.office.file("docs/lid.md")
    assert clerk.office.file("docs/BOX.md") == "# Mine\n"
