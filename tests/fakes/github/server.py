"""FakeGitHub: a strict, stateful GitHub over HTTP, with real git behind its repositories."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.routing import Route, Router

from tests.fakes.github.app import FakeApp
from tests.fakes.github.application import Application
from tests.fakes.github.apps import app_json
from tests.fakes.github.checks import check_json, suite_id, tell
from tests.fakes.github.contents import Codeload
from tests.fakes.github.git import Git
from tests.fakes.github.issue_comments import add_comment
from tests.fakes.github.issue_comments import comment_json as issue_comment_json
from tests.fakes.github.limits import Limits
from tests.fakes.github.pulls import pull_json
from tests.fakes.github.review_comments import comment_json as review_comment_json
from tests.fakes.github.review_comments import outdate
from tests.fakes.github.reviews import review_json
from tests.fakes.github.routes import all_routes
from tests.fakes.github.values import (
    CheckRun,
    Happening,
    Installation,
    IssueComment,
    Pull,
    Recorded,
    Repository,
)
from tests.fakes.github.webhooks import TIMEOUT_S, Delivery, Sender, installation_fields
from tests.fakes.github.world import World
from tests.fakes.listener import listening


class FakeGitHub:
    """What tests and the demo hold: it plays the humans, and shows what the app did."""

    def __init__(self, world: World, sender: Sender, folder: Path) -> None:
        self.world = world
        self._sender = sender
        self._folder = folder
        self._sources: dict[int, Git] = {}

    @classmethod
    @asynccontextmanager
    async def serve(
        cls,
        app: FakeApp | None = None,
        *,
        clock: Callable[[], float] = time.time,
        latency_s: float = 0.0,
        strict_schemas: bool = False,
        limits: Limits | None = None,
    ) -> AsyncIterator[FakeGitHub]:
        """Listen on loopback in the running loop; on exit, raise what went wrong inside the fake itself."""
        world = World(app or FakeApp(), clock, limits or Limits())
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fake-github-")))
            client = await stack.enter_async_context(httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False))
            sender = Sender(world, client)
            world.emit = sender.emit
            api = Application(world, all_routes(sender), latency_s=latency_s, strict_schemas=strict_schemas)
            archive = Router([Route("/{path:path}", Codeload(world).serve)])
            world.url = await stack.enter_async_context(listening(api))
            world.codeload_url = await stack.enter_async_context(listening(archive))
            runner = asyncio.create_task(sender.run())
            stack.push_async_callback(sender.stop, runner)
            yield cls(world, sender, folder)
        if world.bugs:
            raise ExceptionGroup("the fake GitHub failed itself", world.bugs)

    # --- where it is, and what goes wrong there

    @property
    def url(self) -> str:
        """Base of the API, without a slash at its end."""
        return self.world.url

    @property
    def app(self) -> FakeApp:
        """The registered app."""
        return self.world.app

    @property
    def webhook_target(self) -> str | None:
        """Where webhooks go; None: nowhere."""
        return self._sender.target

    @webhook_target.setter
    def webhook_target(self, url: str | None) -> None:
        self._sender.target = url

    @property
    def faults(self) -> Any:
        """The fault plan."""
        return self.world.faults

    @property
    def limits(self) -> Limits:
        """The rate limits."""
        return self.world.limits

    # --- what the humans do

    def install(
        self, account: str, *, permissions: Mapping[str, str] | None = None, kind: str = "Organization"
    ) -> Installation:
        """Install the app on an account, with the app's permissions unless told otherwise."""
        owner, now = self.world.user(account, kind), self.world.clock()
        granted = dict(self.app.permissions if permissions is None else permissions)
        installation = Installation(self.world.next_id(), owner, granted, created_at=now)
        self.world.installations[installation.id] = installation
        return installation

    def add_repository(
        self,
        owner: str,
        name: str,
        path: Path | str,
        *,
        installation_id: int | None = None,
        private: bool = True,
        default_branch: str = "main",
        collaborators: Mapping[str, str] | None = None,
    ) -> Repository:
        """A repository over the git repository at `path`, which is read and never written.

        Without `installation_id` it joins the owner's installation, which is made when there is none.
        """
        world = self.world
        installation = self._installation(owner, installation_id)
        number = world.next_id()
        git = Git.borrow(Path(path), self._folder / f"{number}.git")
        repository = Repository(
            number, installation.account, name, git, default_branch, installation.id, world.clock(), private
        )
        repository.roles.update({login.lower(): role for login, role in (collaborators or {}).items()})
        for login in collaborators or ():
            world.user(login)
        world.repositories[number] = repository
        installation.repository_ids.add(number)
        self._sources[number] = Git(Path(path))
        return repository

    def _installation(self, owner: str, installation_id: int | None) -> Installation:
        if installation_id is not None:
            return self.world.installations[installation_id]
        installations = self.world.installations.values()
        found = next((one for one in installations if one.account.login == owner), None)
        return found or self.install(owner)

    def _resolve(self, repository: Repository, name: str) -> str:
        sha = self._sources[repository.id].resolve(name) or repository.git.resolve(name)
        if sha is None:
            raise ValueError(f"{repository.full_name} has no branch or commit {name!r}")
        return sha

    def open_pull(
        self,
        repository: Repository,
        *,
        head: str,
        base: str = "main",
        title: str = "Change the shop",
        body: str = "",
        author: str = "mona",
        fork: bool = False,
        draft: bool = False,
        labels: Sequence[str] = (),
    ) -> Pull:
        """Open a pull request from a branch or commit; `fork` makes it come from the author's fork."""
        world, now = self.world, self.world.clock()
        head_sha, base_sha = self._resolve(repository, head), self._resolve(repository, base)
        repository.numbers += 1
        user = world.user(author)
        head_ref = f"patch-{repository.numbers}" if head == head_sha else head
        source = self._fork(repository, author) if fork else repository
        pull = Pull(
            world.next_id(), repository.numbers, repository, source, head_ref, head_sha, base, base_sha,
            title, body, user, now, now, draft=draft, labels=tuple(labels),
        )  # fmt: skip
        world.pulls[repository.id, pull.number] = pull
        repository.git.set_ref(f"refs/heads/{base}", base_sha)
        self._set_head(pull)
        self._pull_event(pull, "opened")
        return pull

    def _fork(self, repository: Repository, author: str) -> Repository:
        world, owner = self.world, self.world.user(author)
        found = world.named(f"{owner.login}/{repository.name}")
        if found is not None:
            return found
        fork = Repository(
            world.next_id(), owner, repository.name, repository.git, repository.default_branch, None,
            world.clock(), repository.private, parent=repository,
        )  # fmt: skip
        world.repositories[fork.id] = fork
        return fork

    def _set_head(self, pull: Pull) -> None:
        git = pull.repository.git
        git.set_ref(f"refs/pull/{pull.number}/head", pull.head_sha)
        if pull.head_repository is pull.repository:
            git.set_ref(f"refs/heads/{pull.head_ref}", pull.head_sha)

    def _pull_event(self, pull: Pull, action: str, extra: Mapping[str, Any] | None = None) -> None:
        fields = {"number": pull.number, "pull_request": pull_json(self.world, pull), **(extra or {})}
        self.world.emit("pull_request", action, pull.repository, fields, pull.author)
        self.world.happened(f"pull_request.{action}", pull)

    def push(self, pull: Pull, sha: str) -> None:
        """Move the head to a commit (or branch), forwards or by force."""
        before, after = pull.head_sha, self._resolve(pull.repository, sha)
        pull.previous_head, pull.head_sha, pull.updated_at = before, after, self.world.clock()
        self._set_head(pull)
        outdate(self.world, pull, after)
        self._pull_event(pull, "synchronize", {"before": before, "after": after})

    def close(self, pull: Pull, *, merged: bool = False) -> None:
        """Close or merge."""
        pull.state, pull.merged = "closed", merged
        pull.closed_at = pull.updated_at = self.world.clock()
        self._pull_event(pull, "closed")

    def reopen(self, pull: Pull) -> None:
        """Open again what was closed."""
        pull.state, pull.closed_at, pull.updated_at = "open", None, self.world.clock()
        self._pull_event(pull, "reopened")

    def ready(self, pull: Pull) -> None:
        """Turn a draft into a pull request that is ready for review."""
        pull.draft = False
        self._pull_event(pull, "ready_for_review")

    def label(self, pull: Pull, name: str) -> None:
        """Add a label."""
        pull.labels = (*pull.labels, name)
        self._pull_event(pull, "labeled", {"label": pull_json(self.world, pull)["labels"][-1]})

    def comment(self, pull: Pull, author: str, body: str) -> IssueComment:
        """A person (or a stranger's bot: "name[bot]") writes in the conversation."""
        return add_comment(self.world, pull, self.world.user(author), body)

    def rerequest(self, run: CheckRun, by: str = "mona") -> None:
        """Press "Re-run" at a check run."""
        tell(self.world, run, "rerequested", self.world.user(by))

    def request_action(self, run: CheckRun, identifier: str, by: str = "mona") -> None:
        """Press one of a check run's own buttons."""
        extra = {"requested_action": {"identifier": identifier}}
        tell(self.world, run, "requested_action", self.world.user(by), extra)

    def foreign_check(
        self, repository: Repository, head_sha: str, name: str, *, app_id: int = 15_368
    ) -> CheckRun:
        """A finished check run of another app."""
        world, now = self.world, self.world.clock()
        suite = suite_id(world, repository, app_id, head_sha)
        run = CheckRun(
            world.next_id(), repository, suite, app_id, "other-ci", name, head_sha, "", "completed", "success",
            now, now, "https://example.com",
        )  # fmt: skip
        world.check_runs[run.id] = run
        tell(world, run, "completed", world.user("other-ci[bot]"))
        return run

    def rename(self, repository: Repository, name: str) -> None:
        """Rename a repository; its former name redirects."""
        former = repository.name
        self.world.former_names[repository.full_name.lower()] = repository.id
        repository.name = name
        changes = {"changes": {"repository": {"name": {"from": former}}}}
        self.world.emit("repository", "renamed", repository, changes, repository.owner)

    def announce(self, installation: Installation) -> None:
        """Tell the app that it was installed."""
        self._installation_event(installation, "created")

    def suspend(self, installation: Installation) -> None:
        """Suspend an installation: its tokens stop working."""
        installation.suspended_at = self.world.clock()
        self._installation_event(installation, "suspend")

    def unsuspend(self, installation: Installation) -> None:
        """Let a suspended installation work again."""
        installation.suspended_at = None
        self._installation_event(installation, "unsuspend")

    def uninstall(self, installation: Installation) -> None:
        """Delete an installation."""
        self._installation_event(installation, "deleted")
        del self.world.installations[installation.id]

    def _installation_event(self, installation: Installation, action: str) -> None:
        fields = installation_fields(self.world, installation.id)
        self.world.emit("installation", action, None, fields, installation.account)

    # --- webhooks

    async def deliver(self, event: str, action: str, payload: dict[str, Any], *, guid: str = "") -> Delivery:
        """Send a payload of one's own making, signed; the finished delivery."""
        return await self._sender.deliver(event, action, payload, guid=guid)

    async def delivered(self) -> None:
        """Wait until all webhooks so far were sent."""
        await self._sender.drain()

    @property
    def deliveries(self) -> list[Delivery]:
        """All attempts, oldest first."""
        return self._sender.log

    # --- what the app did

    def on_event(self, observer: Callable[[Happening], None]) -> None:
        """Call `observer` at every change of state: "check_run.created", "pull_request_review.submitted" …"""
        self.world.observers.append(observer)

    @property
    def requests(self) -> list[Recorded]:
        """All requests, oldest first; status 0 was cut."""
        return self.world.requests

    def reviews(self, pull: Pull) -> list[dict[str, Any]]:
        """Reviews of a pull request, as the API shows them."""
        return [review_json(self.world, one) for one in self.world.reviews.values() if one.pull is pull]

    def review_comments(self, pull: Pull) -> list[dict[str, Any]]:
        """Line and file comments of a pull request, as the API shows them."""
        comments = self.world.review_comments.values()
        return [review_comment_json(self.world, one) for one in comments if one.pull is pull]

    def issue_comments(self, pull: Pull) -> list[dict[str, Any]]:
        """Comments in the conversation, as the API shows them."""
        comments = self.world.issue_comments.values()
        return [issue_comment_json(self.world, one) for one in comments if one.pull is pull]

    def check_runs(self, sha: str) -> list[CheckRun]:
        """All check runs of a commit, oldest first."""
        return [run for run in self.world.check_runs.values() if run.head_sha == sha]

    def shown_check(self, run: CheckRun) -> dict[str, Any]:
        """A check run, as the API shows it."""
        return check_json(self.world, run)

    def shown_app(self) -> dict[str, Any]:
        """The app, as the API shows it."""
        return app_json(self.world)
