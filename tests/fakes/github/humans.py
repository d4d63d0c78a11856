"""What people do at the fake GitHub: install, push, comment, press buttons, rename."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.fakes.github.checks import suite_id, tell
from tests.fakes.github.git import Git
from tests.fakes.github.owners import Owners
from tests.fakes.github.pulls import pull_json
from tests.fakes.github.pushes import push_fields
from tests.fakes.github.review_comments import outdate
from tests.fakes.github.talk import Talk
from tests.fakes.github.values import CheckRun, Installation, Pull, Repository
from tests.fakes.github.world import World


class Humans(Talk, Owners):
    """Every act changes the state and emits the webhook that GitHub would send."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self._folder = folder
        self._sources: dict[int, Git] = {}

    def install(
        self, account: str, *, permissions: Mapping[str, str] | None = None, kind: str = "Organization"
    ) -> Installation:
        """Install the app on an account, with the app's permissions unless told otherwise."""
        owner, now = self.world.user(account, kind), self.world.clock()
        granted = dict(self.world.app.permissions if permissions is None else permissions)
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
        self._set_refs(pull, {f"refs/heads/{base}": base_sha})
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

    def _set_refs(self, pull: Pull, refs: Mapping[str, str]) -> None:
        heads = {f"refs/pull/{pull.number}/head": pull.head_sha}
        if pull.head_repository is pull.repository:
            heads[f"refs/heads/{pull.head_ref}"] = pull.head_sha
        pull.repository.git.set_refs({**refs, **heads})

    def _pull_event(self, pull: Pull, action: str, extra: Mapping[str, Any] | None = None) -> None:
        fields = {"number": pull.number, "pull_request": pull_json(self.world, pull), **(extra or {})}
        self.world.emit("pull_request", action, pull.repository, fields, pull.author)
        self.world.happened(f"pull_request.{action}", pull)

    def push(self, pull: Pull, sha: str) -> None:
        """Move the head to a commit (or branch), forwards or by force."""
        before, after = pull.head_sha, self._resolve(pull.repository, sha)
        pull.previous_head, pull.head_sha, pull.updated_at = before, after, self.world.clock()
        self._set_refs(pull, {})
        outdate(self.world, pull, after)
        self._pull_event(pull, "synchronize", {"before": before, "after": after})

    def close(self, pull: Pull, *, merged: bool = False, by: str = "mona") -> None:
        """Close or merge."""
        pull.state, pull.merged, pull.closed_by = "closed", merged, self.world.user(by)
        pull.closed_at = pull.updated_at = self.world.clock()
        self._pull_event(pull, "closed")

    def reopen(self, pull: Pull) -> None:
        """Open again what was closed."""
        pull.state, pull.closed_at, pull.updated_at = "open", None, self.world.clock()
        pull.closed_by = None
        self._pull_event(pull, "reopened")

    def ready(self, pull: Pull) -> None:
        """Turn a draft into a pull request that is ready for review."""
        pull.draft = False
        self._pull_event(pull, "ready_for_review")

    def convert_to_draft(self, pull: Pull) -> None:
        """Turn an open pull request back into a draft."""
        pull.draft = True
        self._pull_event(pull, "converted_to_draft")

    def label(self, pull: Pull, name: str) -> None:
        """Add a label."""
        pull.labels = (*pull.labels, name)
        self._pull_event(pull, "labeled", {"label": pull_json(self.world, pull)["labels"][-1]})

    def unlabel(self, pull: Pull, name: str) -> None:
        """Take a label away."""
        shown = pull_json(self.world, pull)["labels"][pull.labels.index(name)]
        pull.labels = tuple(one for one in pull.labels if one != name)
        self._pull_event(pull, "unlabeled", {"label": shown})

    def edit_title(self, pull: Pull, title: str) -> None:
        """Give a pull request another title."""
        former, pull.title, pull.updated_at = pull.title, title, self.world.clock()
        self._pull_event(pull, "edited", {"changes": {"title": {"from": former}}})

    def retarget(self, pull: Pull, base: str) -> None:
        """Give a pull request another base branch."""
        former_ref, former_sha = pull.base_ref, pull.base_sha
        pull.base_ref, pull.base_sha = base, self._resolve(pull.repository, base)
        pull.updated_at = self.world.clock()
        self._set_refs(pull, {f"refs/heads/{base}": pull.base_sha})
        former = {"ref": {"from": former_ref}, "sha": {"from": former_sha}}
        self._pull_event(pull, "edited", {"changes": {"base": former}})

    def edit_body(self, pull: Pull, body: str) -> None:
        """Give a pull request another description, in a browser: it ends lines with CR LF."""
        former, pull.updated_at = pull.body, self.world.clock()
        pull.body = body.replace("\r\n", "\n").replace("\n", "\r\n")
        self._pull_event(pull, "edited", {"changes": {"body": {"from": former}}})

    def push_branch(self, repository: Repository, branch: str, sha: str, by: str = "mona") -> None:
        """Move a branch to a commit, or make it there; its open pull requests follow."""
        ref, after, user = f"refs/heads/{branch}", self._resolve(repository, sha), self.world.user(by)
        before = repository.git.refs(ref).get(ref)
        repository.git.set_refs({ref: after})
        fields = push_fields(self.world, repository, branch, before, after, user)
        self.world.emit("push", "", repository, fields, user)
        for pull in self.world.pulls.values():
            if pull.head_repository is repository and pull.head_ref == branch and pull.state == "open":
                self.push(pull, after)

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
