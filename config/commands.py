"""Every slash command: what it is called, who may use it, what may follow it. One row each, help is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

Permission = Literal["read", "triage", "write", "maintain", "admin"]
"""What somebody may do in a repository, weakest first (https://docs.github.com/rest/collaborators/collaborators)."""

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
PREFIX = "/quorum"
ARGUMENTS_MAX_CHARS = 2_000


class Takes(StrEnum):
    """What may follow a command's name."""

    NOTHING = "nothing"
    CHOICE = "one of `choices`, or nothing"
    TEXT = "a text"
    NAMES = "names or paths, or nothing"


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command. `pending` names the capability it waits for (a key of `config.pending.PENDING`)."""

    name: str
    summary: str
    takes: Takes = Takes.NOTHING
    shown: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = False
    in_thread: bool = False
    permission: Permission = "write"
    pending: str = ""

    @property
    def usage(self) -> str:
        """The command as one writes it, e.g. "/quorum ask <question>"."""
        return f"{PREFIX} {self.name} {self.shown}".rstrip()


def _rows(*rows: CommandSpec) -> Mapping[str, CommandSpec]:
    return {row.name: row for row in rows}


COMMANDS: Mapping[str, CommandSpec] = _rows(
    CommandSpec(
        "review",
        "Review the pull request now, also if it is a draft, ignored or paused; `full` reviews a head again.",
        Takes.CHOICE,
        "[full]",
        choices=("full",),
    ),
    CommandSpec("describe", "Write the pull request's description."),
    CommandSpec("improve", "Suggest improvements that can be committed."),
    CommandSpec(
        "ask",
        "Answer a question about the change.",
        Takes.TEXT,
        "<question>",
        needed=True,
    ),
    CommandSpec("docs", "Write documentation, as a pull request.", Takes.NAMES, "[paths]"),
    CommandSpec("tests", "Write tests, as a pull request.", Takes.NAMES, "[paths]"),
    CommandSpec("audit", "Report on the whole repository."),
    CommandSpec(
        "compare",
        "Let several models review this pull request side by side.",
        Takes.NAMES,
        "<models>",
        needed=True,
        pending="comparison",
    ),
    CommandSpec("pause", "Stop reviewing pushes to this pull request."),
    CommandSpec("resume", "Review this pull request and its pushes again."),
    CommandSpec("resolve", "Resolve the threads of what was fixed."),
    CommandSpec(
        "dismiss",
        "Drop a finding for a reason, which is remembered; write it as a reply in the finding's thread.",
        Takes.TEXT,
        "<reason>",
        needed=True,
        in_thread=True,
    ),
    CommandSpec("config", "Show the configuration in force, and where each value comes from."),
    CommandSpec("cost", "Show what this pull request's reviews used and cost."),
    CommandSpec("help", "Show the commands.", Takes.CHOICE, "[command]"),
)
"""In the order of the help."""
