"""What owners do at the fake GitHub: rename, move, shut and delete repositories and accounts, and let apps in."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.apps import installation_json
from tests.fakes.github.people import organization_json, user_json
from tests.fakes.github.repositories import brief_json
from tests.fakes.github.values import Installation, Repository, User
from tests.fakes.github.webhooks import installation_fields
from tests.fakes.github.world import World


class Owners:
    """Every act changes the state and emits the webhook that GitHub would send."""

    world: World

    def rename(self, repository: Repository, name: str) -> None:
        """Rename a repository; its former name redirects."""
        former = repository.name
        self._leave_name(repository)
        repository.name = name
        self._repository_event(repository, "renamed", {"repository": {"name": {"from": former}}})

    def transfer(self, repository: Repository, to: Installation) -> None:
        """Hand a repository to an account that has the app too; its former name redirects."""
        former = repository.owner
        self._leave_name(repository)
        if installation := self.world.installations.get(repository.installation_id or 0):
            installation.repository_ids.discard(repository.id)
        to.repository_ids.add(repository.id)
        repository.owner, repository.installation_id = to.account, to.id
        if former.type == "Organization":
            before = {"organization": organization_json(self.world, former)}
        else:
            before = {"user": user_json(self.world, former)}
        self._repository_event(repository, "transferred", {"owner": {"from": before}})

    def archive(self, repository: Repository) -> None:
        """Make a repository read-only."""
        repository.archived = True
        self._repository_event(repository, "archived")

    def unarchive(self, repository: Repository) -> None:
        """Let an archived repository be written again."""
        repository.archived = False
        self._repository_event(repository, "unarchived")

    def privatize(self, repository: Repository) -> None:
        """Show a repository to its collaborators alone."""
        repository.private = True
        self._repository_event(repository, "privatized")

    def publicize(self, repository: Repository) -> None:
        """Show a repository to everybody."""
        repository.private = False
        self._repository_event(repository, "publicized")

    def edit_default_branch(self, repository: Repository, branch: str) -> None:
        """Make another branch the default."""
        former, repository.default_branch = repository.default_branch, branch
        self._repository_event(repository, "edited", {"default_branch": {"from": former}})

    def delete_repository(self, repository: Repository) -> None:
        """Delete a repository: nothing of it is found any more."""
        self._repository_event(repository, "deleted")
        del self.world.repositories[repository.id]
        if installation := self.world.installations.get(repository.installation_id or 0):
            installation.repository_ids.discard(repository.id)

    def add_repositories(self, installation: Installation, *repositories: Repository) -> None:
        """Let the app work in more repositories of an account."""
        for repository in repositories:
            installation.repository_ids.add(repository.id)
            repository.installation_id = installation.id
        self._selection_event(installation, "added", repositories)

    def remove_repositories(self, installation: Installation, *repositories: Repository) -> None:
        """Take repositories away from the app: its tokens don't reach them any more."""
        for repository in repositories:
            installation.repository_ids.discard(repository.id)
            repository.installation_id = None
        self._selection_event(installation, "removed", repositories)

    def rename_account(self, login: str, to: str) -> None:
        """Call an account otherwise; the names of its repositories redirect, its old login is free."""
        world, former = self.world, self.world.users.pop(login.lower())
        for repository in world.repositories.values():
            if repository.owner is former:
                self._leave_name(repository)
            if role := repository.roles.pop(login.lower(), ""):
                repository.roles[to.lower()] = role
        old, former.login = former.login, to
        world.users[to.lower()] = former
        for installation in world.installations.values():
            if installation.account is former:
                self._target_event(installation, former, old)

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

    def accept_permissions(self, installation: Installation) -> None:
        """Grant all that the app asks for by now."""
        installation.permissions = dict(self.world.app.permissions)
        self._installation_event(installation, "new_permissions_accepted")

    def uninstall(self, installation: Installation) -> None:
        """Delete an installation."""
        self._installation_event(installation, "deleted")
        del self.world.installations[installation.id]

    def _leave_name(self, repository: Repository) -> None:
        self.world.former_names[repository.full_name.lower()] = repository.id

    def _repository_event(
        self, repository: Repository, action: str, changes: dict[str, Any] | None = None
    ) -> None:
        fields = {} if changes is None else {"changes": changes}
        self.world.emit("repository", action, repository, fields, repository.owner)

    def _selection_event(
        self, installation: Installation, action: str, repositories: tuple[Repository, ...]
    ) -> None:
        shown = [brief_json(self.world, one) for one in repositories]
        fields = {
            "installation": installation_json(self.world, installation),
            "repository_selection": "selected",
            "repositories_added": shown if action == "added" else [],
            "repositories_removed": shown if action == "removed" else [],
            "requester": None,
        }
        self.world.emit("installation_repositories", action, None, fields, installation.account)

    def _target_event(self, installation: Installation, account: User, former: str) -> None:
        fields = {
            "account": user_json(self.world, account),
            "changes": {"login": {"from": former}},
            "installation": {"id": installation.id, "node_id": f"I_{installation.id}"},
            "target_type": account.type,
        }
        self.world.emit("installation_target", "renamed", None, fields, account)

    def _installation_event(self, installation: Installation, action: str) -> None:
        fields = installation_fields(self.world, installation.id)
        self.world.emit("installation", action, None, fields, installation.account)
