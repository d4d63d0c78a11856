"""Files by path, and whole commits as tarballs."""

from __future__ import annotations

import asyncio
import base64
import secrets
from dataclasses import replace
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.errors import ApiError, not_found
from tests.fakes.github.git import TreeEntry
from tests.fakes.github.repositories import repository_url
from tests.fakes.github.values import Recorded, Repository
from tests.fakes.github.world import World

INLINE_MAX_BYTES = 1024 * 1024
RAW_MAX_BYTES = 100 * 1024 * 1024
DIRECTORY_MAX = 1000
_READ = (("contents", "read"),)


def _commit(call: Call) -> str:
    ref = call.query.get("ref") or call.repository.default_branch
    sha = call.repository.git.resolve(ref)
    if sha is None:
        raise ApiError(404, f"No commit found for the ref {ref}")
    return sha


async def get_contents(call: Call) -> Answer:
    """GET contents/{path}?ref=: a file in base64 up to 1 MB, raw up to 100 MB, or a directory's entries."""
    path, commit, git = call.params["path"].strip("/"), _commit(call), call.repository.git
    entry = git.entry(commit, path)
    if entry is None and path:
        raise not_found()
    if entry is None or entry.type == "tree":
        entries = git.tree(entry.sha if entry else commit)[:DIRECTORY_MAX]
        prefix = f"{path}/" if path else ""
        return Answer([_shown(call, commit, prefix, one) for one in entries])
    if entry.type == "commit":
        return Answer(_shown(call, commit, "", entry))
    return _file(call, commit, _followed(call, commit, entry))


def _followed(call: Call, commit: str, entry: TreeEntry) -> TreeEntry:
    """A link to a normal file of the repository is shown as that file, under its own name."""
    if entry.mode != "120000":
        return entry
    target = call.repository.git.blob(entry.sha).decode("utf-8", "replace")
    inside = normpath(join(dirname(entry.path), target))
    found = None if inside.startswith(("/", "..")) else call.repository.git.entry(commit, inside)
    if found is None or found.type != "blob" or found.mode == "120000":
        return entry
    return replace(found, path=entry.path)


def _file(call: Call, commit: str, entry: TreeEntry) -> Answer:
    size, raw = entry.size or 0, "raw" in call.request.headers.get("accept", "")
    if size > RAW_MAX_BYTES:
        error = {"resource": "Blob", "field": "data", "code": "too_large"}
        raise ApiError(403, "This API returns blobs up to 100 MB in size.", errors=[error])
    if raw:
        content = call.repository.git.blob(entry.sha)
        return Answer(content, headers={"content-type": "application/vnd.github.raw; charset=utf-8"})
    shown = _shown(call, commit, "", entry)
    if entry.mode == "120000":
        return Answer(shown | {"target": call.repository.git.blob(entry.sha).decode("utf-8", "replace")})
    if size > INLINE_MAX_BYTES:
        return Answer(shown | {"content": "", "encoding": "none"})
    content = call.repository.git.blob(entry.sha)
    return Answer(shown | {"content": base64.encodebytes(content).decode(), "encoding": "base64"})


def _kind(entry: TreeEntry) -> str:
    if entry.mode == "120000":
        return "symlink"
    return {"blob": "file", "tree": "dir", "commit": "submodule"}[entry.type]


def _shown(call: Call, commit: str, prefix: str, entry: TreeEntry) -> dict[str, Any]:
    path = prefix + entry.path
    url, html = repository_url(call.world, call.repository), f"https://github.com/{call.repository.full_name}"
    kind = "trees" if entry.type == "tree" else "blobs"
    own = f"{url}/contents/{quote(path)}?ref={commit}"
    git, page = f"{url}/git/{kind}/{entry.sha}", f"{html}/blob/{commit}/{quote(path)}"
    shown: dict[str, Any] = {
        "type": _kind(entry),
        "size": entry.size or 0,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": entry.sha,
        "url": own,
        "git_url": git,
        "html_url": page,
        "download_url": f"{html}/raw/{commit}/{quote(path)}" if entry.type == "blob" else None,
        "_links": {"self": own, "git": git, "html": page},
    }
    return shown | (
        {"submodule_git_url": f"https://example.com/{path}.git"} if entry.type == "commit" else {}
    )


async def get_tarball(call: Call) -> Answer:
    """GET tarball/{ref}: 302 to another host, with a short-lived token in the address."""
    name = call.params["ref"] or call.repository.default_branch
    sha = call.repository.git.resolve(name)
    if sha is None:
        raise not_found()
    token = secrets.token_urlsafe(24)
    call.world.archive_tokens[token] = (call.repository.id, sha)
    path = f"{call.repository.full_name}/legacy.tar.gz/{sha}"
    return Answer(None, 302, {"location": f"{call.world.codeload_url}/{path}?token={token}"})


class Codeload:
    """The host that serves archives; it knows no API tokens and refuses to be sent any."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def serve(self, request: Request) -> Response:
        """GET /{owner}/{repo}/legacy.tar.gz/{sha}?token=."""
        response = await self._archive(request)
        self._world.requests.append(
            Recorded(
                "GET",
                request.url.path,
                response.status_code,
                None,
                self._world.clock(),
                dict(request.headers),
            )
        )
        return response

    async def _archive(self, request: Request) -> Response:
        if "authorization" in request.headers:
            return PlainTextResponse("an Authorization header was sent to another host", 400)
        found = self._world.archive_tokens.get(request.query_params.get("token", ""))
        if found is None:
            return PlainTextResponse("404: Not Found", 404)
        repository = self._world.repositories[found[0]]
        content = await asyncio.to_thread(repository.git.archive, found[1], _prefix(repository, found[1]))
        name = f"attachment; filename={_prefix(repository, found[1])[:-1]}.tar.gz"
        return Response(content, media_type="application/x-gzip", headers={"content-disposition": name})


def _prefix(repository: Repository, sha: str) -> str:
    return f"{repository.owner.login}-{repository.name}-{sha[:7]}/"


_REPO = "/repos/{owner}/{repo}"
ROUTES = (
    Endpoint(
        "GET", _REPO + "/contents/{path:path}", get_contents,
        "ContentFile|ContentSymlink|ContentSubmodule|[ContentDirectoryItems]", _READ,
    ),
    Endpoint("GET", _REPO + "/tarball/{ref:path}", get_tarball, "", _READ),
)  # fmt: skip
