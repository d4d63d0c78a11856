"""What people say at the fake GitHub: comments, threads, buttons, and who may say what."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.checks import event_json, tell
from tests.fakes.github.issue_comments import add_comment
from tests.fakes.github.people import ROLES
from tests.fakes.github.review_comments import place_comment, publish, reply_to
from tests.fakes.github.review_threads import resolve, root_of, unresolve
from tests.fakes.github.values import (
    REACTIONS,
    CheckRun,
    Issue,
    IssueComment,
    Pull,
    Reaction,
    Repository,
    ReviewComment,
)
from tests.fakes.github.world import World


class Talk:
    """Every act changes the state and emits the webhook that GitHub would send."""

    world: World

    def open_issue(
        self, repository: Repository, title: str, body: str = "", *, author: str = "mona"
    ) -> Issue:
        """A person reports something; issues and pull requests share their numbers. No webhook: the app wants none."""
        repository.numbers += 1
        number, user, now = repository.numbers, self.world.user(author), self.world.clock()
        issue = Issue(self.world.next_id(), number, repository, title, body, user, now)
        self.world.issues[repository.id, number] = issue
        return issue

    def comment(self, pull: Pull, author: str, body: str) -> IssueComment:
        """A person (or a stranger's bot: "name[bot]") writes in the conversation."""
        return add_comment(self.world, pull, self.world.user(author), body)

    def comment_on_review(
        self,
        pull: Pull,
        author: str,
        body: str,
        *,
        in_reply_to: int | ReviewComment | None = None,
        path: str = "",
        line: int | None = None,
    ) -> ReviewComment:
        """A person answers in a thread, or starts one at a line of the head (without `line`: on the file)."""
        world, user = self.world, self.world.user(author)
        if in_reply_to is not None:
            number = in_reply_to.id if isinstance(in_reply_to, ReviewComment) else in_reply_to
            comment = reply_to(world, pull, world.review_comments[number], user, body)
        else:
            place: dict[str, Any] = (
                {"subject_type": "file"} if line is None else {"line": line, "side": "RIGHT"}
            )
            wanted = {"path": path, "body": body, **place}
            comment = place_comment(world, pull, pull.head_sha, wanted, user, world.next_id())
        publish(world, comment, user)
        return comment

    def react(self, comment: ReviewComment | int, content: str, by: str = "mona") -> None:
        """Somebody reacts to a comment on the diff, once with each content. GitHub tells no app of it."""
        number = comment if isinstance(comment, int) else comment.id
        subject, user = ("pulls/comments", self.world.review_comments[number].id), self.world.user(by)
        if content not in REACTIONS:
            raise ValueError(f"GitHub has no reaction {content!r}")
        if all(
            (one.subject, one.user, one.content) != (subject, user, content) for one in self.world.reactions
        ):
            made = Reaction(self.world.next_id(), subject, user, content, self.world.clock())
            self.world.reactions.append(made)

    def take_reactions(self, comment: ReviewComment | int, by: str = "mona") -> None:
        """Somebody takes all their reactions to a comment back."""
        number = comment if isinstance(comment, int) else comment.id
        mine = (("pulls/comments", number), self.world.user(by))
        self.world.reactions[:] = [one for one in self.world.reactions if (one.subject, one.user) != mine]

    def resolve_thread(self, comment: int | ReviewComment, by: str = "mona") -> None:
        """Resolve the thread that a comment belongs to; one that is resolved already stays so."""
        resolve(self.world, self._root(comment), self.world.user(by))

    def unresolve_thread(self, comment: int | ReviewComment, by: str = "mona") -> None:
        """Open a resolved thread again."""
        unresolve(self.world, self._root(comment), self.world.user(by))

    def edit_review_comment(self, comment_id: int, body: str) -> None:
        """Somebody with the right to it writes something else into a comment, ours included."""
        self.world.review_comments[comment_id].body = body

    def delete_review_comment(self, comment_id: int) -> None:
        """Somebody deletes a comment; the others of its thread stay."""
        del self.world.review_comments[comment_id]

    def _root(self, comment: int | ReviewComment) -> int:
        return root_of(comment if isinstance(comment, ReviewComment) else self.world.review_comments[comment])

    def rerequest(self, run: CheckRun, by: str = "mona") -> None:
        """Press "Re-run" at a check run."""
        tell(self.world, run, "rerequested", self.world.user(by))

    def rerequest_suite(self, run: CheckRun, by: str = "mona") -> None:
        """Press "Re-run all checks": the suite of `run` is asked for again."""
        suite = event_json(self.world, run)["check_suite"]
        self.world.emit(
            "check_suite", "rerequested", run.repository, {"check_suite": suite}, self.world.user(by)
        )

    def request_action(self, run: CheckRun, identifier: str, by: str = "mona") -> None:
        """Press one of a check run's own buttons."""
        extra = {"requested_action": {"identifier": identifier}}
        tell(self.world, run, "requested_action", self.world.user(by), extra)

    def set_permission(self, repository: Repository, login: str, role: str) -> None:
        """Give somebody a role in a repository: read, triage, write, maintain or admin; "none" takes it away."""
        if role not in (*ROLES, "none"):
            raise ValueError(f"GitHub has no role {role!r}")
        self.world.user(login)
        repository.roles.pop(login.lower(), None)
        if role != "none":
            repository.roles[login.lower()] = role
