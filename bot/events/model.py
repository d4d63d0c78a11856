"""What the models of all events are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# What the database can hold: a number beyond it is another shape, found here and not by a failing commit.
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Word = Annotated[str, Field(max_length=256, pattern=r"^[^\x00]*$")]
Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")]


class Model(BaseModel):
    """Strict, so that a text is never taken for a number; unknown fields are GitHub's to add."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Present(Model):
    """An object whose being there says all: what is in it does not matter."""


class Ref(Model):
    """Something named by its id alone."""

    id: Id


class User(Model):
    """Who did something: `type` is "User" or "Bot", or another word for what can't act by itself."""

    id: Id
    login: Word
    type: Word = ""


class Repository(Model):
    """The repository an event happened in."""

    id: Id
    full_name: Word


class FullRepository(Repository):
    """A repository with its state, as events about the repository itself need it."""

    default_branch: Word | None = None
    archived: bool = False


class Event(Model):
    """What every event says; ids are None where it concerns no installation or no single repository."""

    action: Word = ""

    @property
    def installation_id(self) -> int | None:
        """GitHub's id of the installation."""
        return None

    @property
    def repo_id(self) -> int | None:
        """GitHub's id of the repository."""
        return None


class RepositoryEvent(Event):
    """An event of one repository of one installation."""

    repository: Repository
    installation: Ref

    @property
    def installation_id(self) -> int:
        """GitHub's id of the installation."""
        return self.installation.id

    @property
    def repo_id(self) -> int:
        """GitHub's id of the repository."""
        return self.repository.id
