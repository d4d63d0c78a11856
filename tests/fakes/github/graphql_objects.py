"""Objects of a repository as GraphQL shows them: commits, trees, blobs."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.github.git import Git

SHOWN_MAX_BYTES = 512_000
"""Of a larger text only the beginning is shown."""
WHOLE_ID = re.compile("[0-9a-f]{40}")


def git_object(git: Git, expression: str) -> dict[str, Any] | None:
    """What an id or an expression ("main:docs/a.md") names; None: nothing."""
    commit, colon, path = expression.partition(":")
    sha = git.resolve(commit)
    if sha is None:
        return _blob(git, commit) if not colon and WHOLE_ID.fullmatch(commit) else None
    if not colon:
        return {"__typename": "Commit", "oid": sha, "tree": lambda _: _tree(git, git.commit_info(sha).tree)}
    entry = git.entry(sha, path) if path else None
    if not path:
        return _tree(git, git.commit_info(sha).tree)
    if entry is None or entry.type == "commit":
        return None
    return _tree(git, entry.sha) if entry.type == "tree" else _blob(git, entry.sha)


def _tree(git: Git, sha: str) -> dict[str, Any]:
    def entries(_: Any) -> list[dict[str, Any]]:
        return [
            {"mode": int(one.mode, 8), "name": one.path, "oid": one.sha, "type": one.type}
            for one in git.tree(sha)
        ]

    return {"__typename": "Tree", "oid": sha, "entries": entries}


def _blob(git: Git, sha: str) -> dict[str, Any] | None:
    if git.type_of(sha) != "blob":
        return None
    content = git.blob(sha)
    is_binary = b"\0" in content
    shown = content[:SHOWN_MAX_BYTES].decode("utf-8", "replace")
    return {
        "__typename": "Blob",
        "oid": sha,
        "byteSize": len(content),
        "isBinary": is_binary,
        "isTruncated": len(content) > SHOWN_MAX_BYTES,
        "text": None if is_binary else shown,
    }
