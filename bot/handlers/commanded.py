"""What comments, threads and buttons have in common: a command that was given, and the work of carrying it out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.grammar import Spoken
from bot.events.model import RepositoryEvent, User
from workers.domain.command import CommandSeen, Source
from workers.domain.work import Priority, Want, Wish, WorkKey

PIPELINE = "command"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command was given: the pull request's number, and the comment or check run."""

    event: RepositoryEvent
    number: int
    source: Source
    source_id: int
    thread_id: int | None = None


def commanded(place: Place, actor: User, spoken: Spoken) -> tuple[Wish, ...]:
    """The command, and the work of carrying it out; the worker asks GitHub whether `actor` may give it."""
    event, repository = place.event, place.event.repository
    seen = CommandSeen(
        event.installation_id,
        repository.id,
        place.number,
        repository.full_name,
        place.source,
        place.source_id,
        actor.id,
        actor.login,
        spoken.name,
        spoken.arguments,
        spoken.problem,
        place.thread_id,
        actor.type == "Bot",
        spoken.bare,
    )
    key = WorkKey(event.installation_id, repository.id, place.number, PIPELINE)
    cause = f"command.{spoken.name or 'unknown'}"
    return seen, Want(key, repository.full_name, Priority.COMMAND, cause, forced=True)
