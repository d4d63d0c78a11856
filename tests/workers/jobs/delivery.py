"""A repository at the fake GitHub, where documentation is delivered: who does it, and what people do meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.fakes.github import Fault, Pull
from tests.workers.github.octo import NAME
from tests.workers.jobs.desk import Desk
from workers.domain.delivery import Delivered, Proposal, Topic
from workers.domain.work import Priority, Want
from workers.jobs.delivering import Delivering, Place
from workers.storage.lease import Lease
from workers.storage.topics import TopicStore
from workers.storage.work import bump

TOPIC = Topic("docs", "main")
BRANCH = TOPIC.branch()
FOLDERS = ("docs",)
Files = Mapping[str, str | None]


@dataclass
class Office:
    """Delivers over a desk; `lease` is of the present generation."""

    desk: Desk
    lease: Lease
    topic: Topic = TOPIC

    @classmethod
    async def at(cls, desk: Desk) -> Office:
        """With a claimed generation."""
        return cls(desk, await desk.lease())

    async def rival(self) -> Office:
        """Another run about the same topic, for a push: it has work, and a lease, of its own."""
        want = Want(replace(self.desk.key, number=0), NAME, Priority.PUSH, "push")
        await self.desk.database.write(lambda conn: bump(conn, [want], self.desk.clock()))
        claim = await self.desk.work.claim()
        assert claim is not None
        assert claim.key == want.key
        return Office(self.desk, Lease(self.desk.work, claim))

    @property
    def place(self) -> Place:
        key = self.desk.key
        return Place(key.installation_id, key.repo_id, NAME)

    @property
    def topics(self) -> TopicStore:
        return TopicStore(self.desk.database, self.desk.clock)

    @property
    def delivering(self) -> Delivering:
        return Delivering(self.desk.octo.clients, self.desk.ledger, self.topics)

    def ref(self, branch: str = BRANCH) -> str | None:
        """Where a branch stands at GitHub."""
        return self.desk.octo.repository.git.refs().get(f"refs/heads/{branch}")

    def file(self, path: str, branch: str = BRANCH) -> str | None:
        """What a branch holds at a path."""
        git, tip = self.desk.octo.repository.git, self.ref(branch)
        entry = git.entry(tip, path) if tip else None
        return git.blob(entry.sha).decode() if entry else None

    @property
    def pulls(self) -> list[Pull]:
        """Those that we opened, oldest first."""
        bot = self.desk.octo.bot_id
        return [one for one in self.desk.octo.github.world.pulls.values() if one.author.id == bot]

    async def deliver(self, files: Files, base_sha: str | None = None, **said: str) -> Delivered:
        """Deliver `files` over the base as it is now."""
        proposal = Proposal(
            self.topic,
            base_sha or self.ref("main") or "",
            said.get("title", "Document the shop"),
            said.get("body", "Pages."),
            "docs: describe the shop",
            files,
            FOLDERS,
        )
        async with self.lease.writing():
            return await self.delivering.deliver(self.lease, self.place, proposal)

    async def next(self) -> None:
        """Another generation: a later command."""
        self.lease = await self.desk.lease()

    def commit(self, files: Files, branch: str = BRANCH) -> str:
        """A person commits to a branch."""
        source, github = self.desk.octo.source, self.desk.octo.github
        bare = self.desk.octo.repository.git
        tip = self.ref(branch)
        assert tip
        source.git("fetch", "--quiet", str(bare.path), tip)
        source.git("checkout", "--quiet", "--detach", tip)
        sha = source.commit(files, "By hand")
        github.push_branch(self.desk.octo.repository, branch, sha)
        return sha

    def fail(self, method: str, path: str, kind: str = "status_after_commit", **how: object) -> Fault:
        """Have GitHub fail once at such a request, after it has acted."""
        return self.desk.octo.github.faults.add(Fault((method, f".*{path}"), kind, **how))  # type: ignore[arg-type]
