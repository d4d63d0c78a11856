"""Commands that people give: in comments, in threads, with the buttons of a check run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a command was given."""

    COMMENT = "issue_comment"
    THREAD = "review_comment"
    BUTTON = "check_run"


@dataclass(frozen=True, slots=True)
class CommandSeen:
    """A command as it was written; whether its writer may give it is asked when it is carried out.

    `source_id` is the comment's id, or the check run's. `thread_id` is the first comment of the thread that the
    command was written in. `name` is a command of `config.commands`; empty with a `problem` for the writer when there
    is none of that name. `arguments` are what follows the name, words apart by one blank.
    `bare` means that it was written without the prefix, which counts only where `commands.bare` is on.
    """

    installation_id: int
    repo_id: int
    number: int
    full_name: str
    source: Source
    source_id: int
    actor_id: int
    actor: str
    name: str
    arguments: str = ""
    problem: str = ""
    thread_id: int | None = None
    from_bot: bool = False
    bare: bool = False


class Progress(StrEnum):
    """How far a command is."""

    WANTED = "wanted"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Command:
    """A stored command: `id` is its source with its comment's id, or with the GUID of a button's delivery."""

    id: str
    seen: CommandSeen
    progress: Progress
    wanted_at: float


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A finding that somebody dropped for a reason; `at` in epoch seconds."""

    fingerprint: str
    reason: str
    actor_id: int
    actor: str
    at: float
