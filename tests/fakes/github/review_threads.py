"""Review threads: the comments that belong together, and who resolved them."""

from __future__ import annotations

from tests.fakes.github.pulls import pull_simple_json
from tests.fakes.github.review_comments import comment_json
from tests.fakes.github.values import Pull, ReviewComment, User
from tests.fakes.github.world import World


def threads_of(world: World, pull: Pull) -> dict[int, list[ReviewComment]]:
    """The threads of a pull request by their root's id, oldest first; the root itself may be deleted."""
    found: dict[int, list[ReviewComment]] = {}
    for comment in world.review_comments.values():
        if comment.pull is pull:
            found.setdefault(root_of(comment), []).append(comment)
    return found


def thread_at(world: World, root_id: int) -> list[ReviewComment]:
    """What is left of the comments of one thread, oldest first."""
    return [one for one in world.review_comments.values() if root_of(one) == root_id]


def root_of(comment: ReviewComment) -> int:
    """The id of the comment that began the thread."""
    return comment.in_reply_to_id or comment.id


def resolve(world: World, root_id: int, by: User) -> None:
    """Resolve a thread, and tell everybody; one that is resolved already stays so."""
    if root_id not in world.resolved:
        world.resolved[root_id] = by
        _tell(world, root_id, "resolved", by)


def unresolve(world: World, root_id: int, by: User) -> None:
    """Open a resolved thread again, and tell everybody."""
    if world.resolved.pop(root_id, None) is not None:
        _tell(world, root_id, "unresolved", by)


def _tell(world: World, root_id: int, action: str, by: User) -> None:
    said = thread_at(world, root_id)
    pull = said[0].pull
    thread = {"comments": [comment_json(world, one) for one in said], "node_id": f"PRRT_{root_id}"}
    fields = {"pull_request": pull_simple_json(world, pull), "thread": thread}
    world.emit("pull_request_review_thread", action, pull.repository, fields, by)
    world.happened(f"pull_request_review_thread.{action}", said[0])
