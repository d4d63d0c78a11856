"""The Git Data API: blobs, trees, commits, refs."""

from __future__ import annotations

import base64
import binascii
from fnmatch import fnmatchcase
from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.commits import git_commit_json
from tests.fakes.github.comparing import HEADS, moved
from tests.fakes.github.errors import ApiError, malformed, not_found
from tests.fakes.github.git import TreeEntry
from tests.fakes.github.repositories import repository_url

TREE_MAX_ENTRIES = 100_000
ZERO = "0" * 40
_READ = (("contents", "read"),)
_WRITE = (("contents", "write"),)


async def get_blob(call: Call) -> Answer:
    """GET git/blobs/{sha}; raw where the media type asks for it."""
    sha, git = call.params["sha"], call.repository.git
    if git.type_of(sha) != "blob":
        raise not_found()
    content = git.blob(sha)
    if "raw" in call.request.headers.get("accept", ""):
        return Answer(content, headers={"content-type": "application/vnd.github.raw; charset=utf-8"})
    text = base64.encodebytes(content).decode()
    return Answer(_blob_json(call, sha) | {"size": len(content), "content": text, "encoding": "base64"})


def _blob_json(call: Call, sha: str) -> dict[str, Any]:
    url = f"{repository_url(call.world, call.repository)}/git/blobs/{sha}"
    return {"sha": sha, "node_id": f"B_{sha[:12]}", "url": url}


async def create_blob(call: Call) -> Answer:
    """POST git/blobs: content as utf-8 or base64."""
    text = call.required("content", str)
    encoding = call.choice("encoding", ("utf-8", "base64")) or "utf-8"
    try:
        content = base64.b64decode(text, validate=True) if encoding == "base64" else text.encode()
    except binascii.Error:
        raise malformed("content isn't valid base64") from None
    sha = call.repository.git.text("hash-object", "-w", "--stdin", stdin=content)
    shown = _blob_json(call, sha)
    return Answer({"sha": sha, "url": shown["url"]}, 201)


async def get_tree(call: Call) -> Answer:
    """GET git/trees/{sha}, with ?recursive= the trees below as well."""
    sha, git = call.repository.git.resolve(call.params["sha"], "tree"), call.repository.git
    if sha is None:
        raise not_found()
    entries = git.tree(sha, "-r", "-t") if "recursive" in call.query else git.tree(sha)
    return Answer(
        _tree_json(call, sha, entries[:TREE_MAX_ENTRIES], truncated=len(entries) > TREE_MAX_ENTRIES)
    )


def _tree_json(call: Call, sha: str, entries: list[TreeEntry], *, truncated: bool = False) -> dict[str, Any]:
    url = f"{repository_url(call.world, call.repository)}/git"
    return {
        "sha": sha,
        "url": f"{url}/trees/{sha}",
        "tree": [_entry_json(url, entry) for entry in entries],
        "truncated": truncated,
    }


def _entry_json(url: str, entry: TreeEntry) -> dict[str, Any]:
    row: dict[str, Any] = {"path": entry.path, "mode": entry.mode, "type": entry.type, "sha": entry.sha}
    if entry.type == "blob":
        row["size"] = entry.size
    return row if entry.type == "commit" else row | {"url": f"{url}/{entry.type}s/{entry.sha}"}


async def create_tree(call: Call) -> Answer:
    """POST git/trees: rows over `base_tree`; a row whose sha is null removes its path."""
    rows, git = call.required("tree", list), call.repository.git
    base = call.optional("base_tree", str)
    known = {} if base is None else {entry.path: entry for entry in git.tree(base, "-r")}
    for row in rows:
        _place(call, known, row)
    index = "".join(f"{one.mode} {one.sha}\t{one.path}\0" for one in known.values())
    sha = git.write_tree(index.encode())
    return Answer(_tree_json(call, sha, git.tree(sha)), 201)


def _place(call: Call, known: dict[str, TreeEntry], row: dict[str, Any]) -> None:
    path, mode = row.get("path"), row.get("mode")
    if not isinstance(path, str) or not path or path.startswith("/") or ".." in path.split("/"):
        raise ApiError(422, "tree.path contains a malformed path component")
    if path.startswith(".github/workflows/"):
        raise ApiError(
            403,
            "Resource not accessible by integration",
            headers={"x-accepted-github-permissions": "workflows=write"},
        )
    if row.get("sha") is None and "content" not in row:
        if path not in known:
            raise ApiError(422, "GitRPC::BadObjectState")
        del known[path]
        return
    if mode not in ("100644", "100755", "040000", "160000", "120000"):
        raise ApiError(422, "Must supply a valid tree.mode")
    sha = row.get("sha") or call.repository.git.text(
        "hash-object", "-w", "--stdin", stdin=str(row["content"]).encode()
    )
    if call.repository.git.type_of(sha) is None:
        raise ApiError(422, f"tree.sha {sha} is not a valid blob")
    known[path] = TreeEntry(mode, "blob", sha, None, path)


async def get_commit(call: Call) -> Answer:
    """GET git/commits/{sha}."""
    sha, git = call.params["sha"], call.repository.git
    if git.type_of(sha) != "commit":
        raise not_found()
    return Answer(git_commit_json(call.world, call.repository, git.commit_info(sha)))


async def create_commit(call: Call) -> Answer:
    """POST git/commits: authored by the bot unless the body says otherwise."""
    tree, message, git = call.required("tree", str), call.required("message", str), call.repository.git
    parents = call.optional("parents", list) or []
    if git.type_of(tree) != "tree":
        raise ApiError(422, "Tree SHA does not exist")
    if any(git.type_of(str(parent)) != "commit" for parent in parents):
        raise ApiError(422, "Parent SHA does not exist or is not a commit object")
    who = f"{call.world.bot.login} <{call.world.bot.id}+{call.world.bot.login}@users.noreply.github.com>"
    stamp = f"{who} {int(call.world.clock())} +0000"
    lines = [
        f"tree {tree}",
        *(f"parent {parent}" for parent in parents),
        f"author {stamp}",
        f"committer {stamp}",
    ]
    content = "\n".join(lines) + f"\n\n{message}"
    sha = git.text("hash-object", "-t", "commit", "-w", "--stdin", stdin=content.encode())
    return Answer(git_commit_json(call.world, call.repository, git.commit_info(sha)), 201)


def _ref_json(call: Call, name: str, sha: str) -> dict[str, Any]:
    url = f"{repository_url(call.world, call.repository)}/git"
    pointed = {"type": "commit", "sha": sha, "url": f"{url}/commits/{sha}"}
    return {"ref": name, "node_id": f"REF_{name}", "url": f"{url}/{name}", "object": pointed}


def _obey_rules(call: Call, name: str, act: str) -> None:
    """422 where the repository's rules restrict a branch."""
    branch = name.removeprefix(HEADS)
    if any(fnmatchcase(branch, pattern) for pattern in call.repository.restricted):
        raise ApiError(
            422, f"Repository rule violations found\n\nCannot {act} ref due to {act}s being restricted.\n\n"
        )


def _refuse_empty(call: Call) -> None:
    """409 where nobody has committed anything yet."""
    if not call.repository.git.refs("refs/heads"):
        raise ApiError(409, "Git Repository is empty.")


async def get_ref(call: Call) -> Answer:
    """GET git/ref/{ref}: exactly this ref."""
    _refuse_empty(call)
    name = f"refs/{call.params['ref']}"
    sha = call.repository.git.refs(name).get(name)
    if sha is None:
        raise not_found()
    return Answer(_ref_json(call, name, sha))


async def list_refs(call: Call) -> Answer:
    """GET git/matching-refs/{ref}: every ref that starts so."""
    start = f"refs/{call.params['ref']}"
    refs = call.repository.git.refs()
    return Answer([_ref_json(call, name, sha) for name, sha in refs.items() if name.startswith(start)])


async def create_ref(call: Call) -> Answer:
    """POST git/refs: 422 when it exists."""
    name, sha, git = call.required("ref", str), call.required("sha", str), call.repository.git
    if not name.startswith("refs/") or name.count("/") < 2:
        raise ApiError(422, "Reference name must start with 'refs/'")
    if git.type_of(sha) is None:
        raise ApiError(422, "Object does not exist")
    _obey_rules(call, name, "create")
    if name in git.refs(name) or not git.set_ref(name, sha, ZERO):
        raise ApiError(422, "Reference already exists")
    moved(call.world, call.repository, name, None, sha, call.world.bot)
    return Answer(_ref_json(call, name, sha), 201)


async def update_ref(call: Call) -> Answer:
    """PATCH git/refs/{ref}: fast-forward only unless `force`; compares with what it read before it writes."""
    name, sha, git = f"refs/{call.params['ref']}", call.required("sha", str), call.repository.git
    old = git.refs(name).get(name)
    if old is None:
        raise ApiError(422, "Reference does not exist")
    if git.type_of(sha) != "commit":
        raise ApiError(422, "Object does not exist")
    if not call.body.get("force") and git.merge_base(old, sha) != old:
        raise ApiError(422, "Update is not a fast forward")
    _obey_rules(call, name, "update")
    if not git.set_ref(name, sha, old):
        raise ApiError(409, "Reference cannot be updated")
    if sha != old:
        moved(call.world, call.repository, name, old, sha, call.world.bot)
    return Answer(_ref_json(call, name, sha))


async def delete_ref(call: Call) -> Answer:
    """DELETE git/refs/{ref}."""
    name, git = f"refs/{call.params['ref']}", call.repository.git
    if name not in git.refs(name):
        raise ApiError(422, "Reference does not exist")
    _obey_rules(call, name, "delete")
    before = git.refs(name)[name]
    git.run("update-ref", "-d", name)
    moved(call.world, call.repository, name, before, None, call.world.bot)
    return Answer(status=204)


_GIT = "/repos/{owner}/{repo}/git"
ROUTES = (
    Endpoint("GET", _GIT + "/blobs/{sha}", get_blob, "Blob", _READ),
    Endpoint("POST", _GIT + "/blobs", create_blob, "ShortBlob", _WRITE),
    Endpoint("GET", _GIT + "/trees/{sha:path}", get_tree, "GitTree", _READ),
    Endpoint("POST", _GIT + "/trees", create_tree, "GitTree", _WRITE),
    Endpoint("GET", _GIT + "/commits/{sha}", get_commit, "GitCommit", _READ),
    Endpoint("POST", _GIT + "/commits", create_commit, "GitCommit", _WRITE),
    Endpoint("GET", _GIT + "/ref/{ref:path}", get_ref, "GitRef", _READ),
    Endpoint("GET", _GIT + "/matching-refs/{ref:path}", list_refs, "[GitRef]", _READ),
    Endpoint("POST", _GIT + "/refs", create_ref, "GitRef", _WRITE),
    Endpoint("PATCH", _GIT + "/refs/{ref:path}", update_ref, "GitRef", _WRITE),
    Endpoint("DELETE", _GIT + "/refs/{ref:path}", delete_ref, "", _WRITE),
)
