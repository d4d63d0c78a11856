"""`installation`, `installation_repositories`, `installation_target` and `ping`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, Field

from bot.events.model import Event, Id, Model, Ref, Repository, Word

Repositories = Annotated[tuple[Repository, ...] | None, Field(strict=False)]


class Account(Model):
    """Who installed the app: a user or an organisation has a login, an enterprise a slug."""

    id: Id
    login: Word = Field("", validation_alias=AliasChoices("login", "slug"))


class Installation(Model):
    """An installation in full, as only its own events carry it."""

    id: Id
    account: Account
    permissions: dict[Word, Word] = Field(default_factory=dict)
    suspended_at: Word | None = None


class InstallationEvent(Event):
    """`installation`; `repositories` are those that the app was installed on."""

    installation: Installation
    repositories: Repositories = None

    @property
    def installation_id(self) -> int:
        """GitHub's id of the installation."""
        return self.installation.id


class InstallationRepositoriesEvent(Event):
    """`installation_repositories`."""

    installation: Ref
    repositories_added: Repositories = None
    repositories_removed: Repositories = None

    @property
    def installation_id(self) -> int:
        """GitHub's id of the installation."""
        return self.installation.id


class InstallationTargetEvent(Event):
    """`installation_target`."""

    installation: Ref
    account: Account

    @property
    def installation_id(self) -> int:
        """GitHub's id of the installation."""
        return self.installation.id


class PingEvent(Event):
    """`ping`: GitHub's first delivery to a new webhook."""

    hook_id: Id
