"""Trees and commits by the Git Data API: everything at a commit in one request, any number of files in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

from pydantic import BaseModel

from workers.domain.errors import UserError
from workers.github.rest import RestClient

FILE, LINK, SUBMODULE = "100644", "120000", "160000"


class _Entry(BaseModel):
    path: str
    mode: str
    type: str
    sha: str


class _Tree(BaseModel):
    sha: str
    tree: Sequence[_Entry] = ()
    truncated: bool = False


class _Id(BaseModel):
    sha: str


class _Commit(BaseModel):
    sha: str
    tree: _Id


class _Comparison(BaseModel):
    merge_base_commit: _Id


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a path: git's mode ("100644" a file, "040000" a folder) and the id of its content."""

    mode: str
    sha: str


@dataclass(frozen=True, slots=True)
class Row:
    """A path of a new tree: with a `text`, or a `sha` that is known already; with neither it is removed."""

    path: str
    text: str | None = field(default=None, repr=False)
    sha: str | None = None

    def body(self) -> dict[str, Any]:
        """As GitHub is told it: always a plain file."""
        content = {"sha": self.sha} if self.text is None else {"content": self.text}
        return {"path": self.path, "mode": FILE, "type": "blob", **content}


def blob_sha(text: str) -> str:
    """The id that git gives to a file with this text."""
    content = text.encode("utf-8")
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


async def read_tree(client: RestClient, full_name: str, sha: str) -> Mapping[str, Entry]:
    """Everything at a commit, folders too, by path. UserError when GitHub doesn't list all of it (100,000 entries)."""
    content = await client.get(f"/repos/{full_name}/git/trees/{sha}", {"recursive": "1"})
    tree = _Tree.model_validate(content)
    if tree.truncated:
        raise UserError("The repository holds more files than GitHub lists, so nothing is written into it.")
    return {one.path: Entry(one.mode, one.sha) for one in tree.tree}


async def read_tree_sha(client: RestClient, full_name: str, commit_sha: str) -> str:
    """The id of a commit's tree."""
    content = await client.get(f"/repos/{full_name}/git/commits/{commit_sha}")
    return _Commit.model_validate(content).tree.sha


async def read_fork_point(client: RestClient, full_name: str, base_sha: str, head_sha: str) -> str:
    """The newest commit that both descend from. RefusedError without one."""
    path = f"/repos/{full_name}/compare/{base_sha}...{head_sha}"
    return _Comparison.model_validate(await client.get(path, {"per_page": 1})).merge_base_commit.sha


async def write_tree(client: RestClient, full_name: str, base_tree: str, rows: Sequence[Row]) -> str:
    """The id of `base_tree` with `rows` put over it. Nobody sees it, so a second one does no harm."""
    body = {"base_tree": base_tree, "tree": [row.body() for row in rows]}
    return _Tree.model_validate(await client.post(f"/repos/{full_name}/git/trees", body)).sha


async def write_commit(
    client: RestClient, full_name: str, tree: str, parents: Sequence[str], message: str
) -> str:
    """The sha of a new commit that no branch holds yet. Without an author GitHub signs it in our bot's name."""
    body = {"message": message, "tree": tree, "parents": list(parents)}
    return _Id.model_validate(await client.post(f"/repos/{full_name}/git/commits", body)).sha
