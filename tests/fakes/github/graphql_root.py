"""The roots of GraphQL: repositories with their pull requests and threads; resolving and opening again."""

from __future__ import annotations

from typing import Any

from tests.fakes.github.call import Call
from tests.fakes.github.graphql_objects import git_object
from tests.fakes.github.graphql_values import connection, forbidden, missing
from tests.fakes.github.review_threads import resolve, thread_at, threads_of, unresolve
from tests.fakes.github.tokens import allows
from tests.fakes.github.values import Pull, Repository, ReviewComment, User

THREAD = "PRRT_"


class Root:
    """Fields of Query and Mutation, for one call's token."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._world = call.world

    def repository(self, _: Any, owner: str, name: str, followRenames: bool = True) -> Any:  # noqa: N803
        """A repository that the token reaches."""
        world, full_name = self._world, f"{owner}/{name}"
        found = world.named(full_name)
        if found is None and followRenames:
            found = world.repositories.get(world.former_names.get(full_name.lower(), 0))
        if found is None or found.id not in self._call.installation_token.reaches:
            raise missing(f"Repository with the name '{full_name}'")
        return self._repository(found)

    def node(self, _: Any, id: str) -> Any:  # noqa: A002
        """A thread by its id; the fake knows no other nodes."""
        return self._thread(self._found(id))

    def resolveReviewThread(self, _: Any, input: dict[str, Any]) -> Any:  # noqa: N802, A002
        """Resolve; `contents: write` is what it takes."""
        root_id = self._writable(input)
        resolve(self._world, root_id, self._world.bot)
        return {"thread": self._thread(root_id), **_same(input)}

    def unresolveReviewThread(self, _: Any, input: dict[str, Any]) -> Any:  # noqa: N802, A002
        """Open again; the same permission."""
        root_id = self._writable(input)
        unresolve(self._world, root_id, self._world.bot)
        return {"thread": self._thread(root_id), **_same(input)}

    def _writable(self, given: dict[str, Any]) -> int:
        root_id = self._found(given["threadId"])
        granted = self._call.installation_token.permissions
        if not (allows(granted, "contents", "write") and allows(granted, "pull_requests", "write")):
            raise forbidden()
        return root_id

    def _found(self, node_id: str) -> int:
        number = node_id.removeprefix(THREAD)
        said = thread_at(self._world, int(number)) if node_id.startswith(THREAD) and number.isdigit() else []
        if not said or said[0].pull.repository.id not in self._call.installation_token.reaches:
            raise missing(f"node with the global id of '{node_id}'")
        return int(number)

    def _repository(self, found: Repository) -> dict[str, Any]:
        def pull_request(_: Any, number: int) -> Any:
            if not allows(self._call.installation_token.permissions, "pull_requests", "read"):
                raise forbidden()
            pull = self._world.pulls.get((found.id, number))
            if pull is None:
                raise missing(f"PullRequest with the number of {number}")
            return self._pull(pull)

        return {
            "__typename": "Repository",
            "id": f"R_{found.id}",
            "databaseId": found.id,
            "name": found.name,
            "nameWithOwner": found.full_name,
            "pullRequest": pull_request,
            "object": self._object(found),
        }

    def _object(self, found: Repository) -> Any:
        def read(_: Any, oid: str | None = None, expression: str | None = None) -> Any:
            if not allows(self._call.installation_token.permissions, "contents", "read"):
                raise forbidden()
            return git_object(found.git, oid or expression or "")

        return read

    def _pull(self, pull: Pull) -> dict[str, Any]:
        def review_threads(_: Any, **window: Any) -> Any:
            roots = list(threads_of(self._world, pull))
            return connection("reviewThreads", roots, self._thread, **window)

        return {
            "__typename": "PullRequest",
            "id": f"PR_{pull.id}",
            "fullDatabaseId": str(pull.id),
            "number": pull.number,
            "reviewThreads": review_threads,
        }

    def _thread(self, root_id: int) -> dict[str, Any]:
        said = thread_at(self._world, root_id)

        def comments(_: Any, **window: Any) -> Any:
            return connection("comments", said, self._comment, **window)

        by = self._world.resolved.get(root_id)
        return {
            "__typename": "PullRequestReviewThread",
            "id": f"{THREAD}{root_id}",
            "isResolved": by is not None,
            # its type is User, and a bot is none
            "resolvedBy": _actor(by) if by is not None and by.type == "User" else None,
            "isOutdated": said[0].line is None and said[0].subject_type == "line",
            "line": said[0].line,
            "path": said[0].path,
            "comments": comments,
        }

    def _comment(self, comment: ReviewComment) -> dict[str, Any]:
        return {
            "__typename": "PullRequestReviewComment",
            "id": f"PRRC_{comment.id}",
            "fullDatabaseId": str(comment.id),
            "author": _actor(comment.user),
            "body": comment.body,
            "outdated": comment.line is None,
            "path": comment.path,
        }


def _actor(user: User) -> dict[str, Any]:
    """An account; a bot's login has no "[bot]" here."""
    shown = {"id": f"U_{user.id}", "databaseId": user.id, "login": user.login.removesuffix("[bot]")}
    return {"__typename": user.type, **shown}


def _same(given: dict[str, Any]) -> dict[str, Any]:
    return {"clientMutationId": given.get("clientMutationId")}
