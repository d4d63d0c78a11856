"""Review threads that we began, as they stand at GitHub, and who touched them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OurThread:
    """A thread whose first comment is ours and about a finding.

    `comment_id` and `body` are that comment's, `node_id` GraphQL's id of the thread. `marked` says that a line of ours
    on top tells what became of the finding. `resolved_by` is the user's id, None when GitHub does not say who.
    `unanswered`: somebody spoke after us.
    """

    node_id: str
    comment_id: int
    fingerprint: str
    body: str = field(repr=False)
    marked: bool = False
    resolved: bool = False
    resolved_by: int | None = None
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class OurThreads:
    """Those of a pull request; `whole` is False when it has more threads than were read."""

    threads: tuple[OurThread, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Touch:
    """The last known resolving or reopening of a thread, and whose it was."""

    resolved: bool
    actor_id: int
