"""Several files of one commit in one request, and which of them are not there: most that are looked for are not.

What isn't there is asked for once a commit, and never taken from a 404: only a list of the folder says it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError

from workers.domain.errors import RateLimitedError, TransientError, UserError
from workers.github.known_files import FileAt, Known
from workers.github.rest import RestClient
from workers.github.values import Blob

log = structlog.get_logger(__name__)

PATHS_PER_REQUEST = 25
TREE_MODE, FILE_MODES = 0o040000, (0o100644, 0o100755, 0o100664)
SHA1_CHARS = 40
_SHAPES = {"d": "folder", "f": "file"}


class _Entry(BaseModel):
    name: str
    mode: int
    oid: str


class _Object(BaseModel):
    oid: str = ""
    entries: Sequence[_Entry] | None = None
    text: str | None = None


class _Data(BaseModel):
    repository: Mapping[str, _Object | None] | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """Folder → its entries by name, for those that were listed; path → its text, as far as GitHub shows one."""

    folders: Mapping[str, Mapping[str, _Entry]]
    texts: Mapping[str, str]


async def read_ahead(client: RestClient, full_name: str, commit: str, paths: Iterable[str]) -> bool:
    """Learn what stands at `paths`, so that `read_file` need not ask; a request for 25 of them at most.

    Symbolic links and what GraphQL shows otherwise than it is stay unknown: `read_file` asks. False: the commit could
    not be listed, and nothing was learned. Raises RateLimitedError.
    """
    places = {path: FileAt(client.owner, full_name, commit, path) for path in paths}
    unknown = [path for path, place in places.items() if client.known.get(place) is None]
    for start in range(0, len(unknown), PATHS_PER_REQUEST):
        batch = unknown[start : start + PATHS_PER_REQUEST]
        answer = await _listed(client, full_name, commit, batch)
        if answer is None:
            return False
        for path in batch:
            found = _found(path, answer)
            if found is not None:
                client.known.put(places[path], found)
    return True


async def _listed(client: RestClient, full_name: str, commit: str, paths: Sequence[str]) -> _Answer | None:
    owner, _, name = full_name.partition("/")
    folders = list(dict.fromkeys(folder for path in paths for folder in _folders(path)))
    asked = {f"d{at}": folder for at, folder in enumerate(folders)}
    asked |= {f"f{at}": path for at, path in enumerate(paths)}
    where = {"owner": owner, "name": name, **{alias: f"{commit}:{path}" for alias, path in asked.items()}}
    try:
        data = await client.graphql(_query(asked), where, reads=True)
        shown = _objects(data)
    except RateLimitedError:
        raise
    except (UserError, TransientError, ValidationError) as error:
        log.info("github.files_not_listed", repository=full_name, error=str(error))
        return None
    listed = {
        asked[alias]: {entry.name: entry for entry in one.entries}
        for alias, one in shown.items()
        if one.entries is not None
    }
    texts = {asked[alias]: one.text for alias, one in shown.items() if one.text is not None}
    return _Answer(listed, texts) if "" in listed else None


def _objects(data: Any) -> Mapping[str, _Object]:
    repository = _Data.model_validate(data).repository or {}
    return {alias: one for alias, one in repository.items() if one is not None}


def _query(aliases: Iterable[str]) -> str:
    """A folder shows its entries, a file its text; which of them a path is, is not known before."""
    names = list(aliases)
    given = " ".join(f"${alias}: String!" for alias in names)
    fields = "\n".join(
        f"    {alias}: object(expression: ${alias}) {{ ...{_SHAPES[alias[0]]} }}" for alias in names
    )
    return (
        f"query ($owner: String!, $name: String! {given}) {{\n"
        f"  repository(owner: $owner, name: $name) {{\n{fields}\n  }}\n}}\n"
        "fragment folder on Tree { entries { name mode oid } }\n"
        "fragment file on Blob { oid text }\n"
    )


def _folders(path: str) -> Iterator[str]:
    """The folders above `path`, the root ("") first."""
    parts = path.split("/")
    return ("/".join(parts[:depth]) for depth in range(len(parts)))


def _found(path: str, answer: _Answer) -> Known | None:
    """What stands at `path`; None when that is not known."""
    *above, name = path.split("/")
    for depth, part in enumerate(above):
        entry = answer.folders["/".join(above[:depth])].get(part)
        if entry is None:
            return Known(None)
        if entry.mode != TREE_MODE or "/".join(above[: depth + 1]) not in answer.folders:
            return None
    entry = answer.folders["/".join(above)].get(name)
    if entry is None:
        return Known(None)
    text = answer.texts.get(path)
    if entry.mode not in FILE_MODES or text is None or not _is_of(text, entry.oid):
        return None
    return Known(Blob(text, entry.oid))


def _is_of(text: str, oid: str) -> bool:
    """Whether `text` is the whole content of the blob `oid`: neither cut nor in another encoding."""
    content = text.encode(errors="surrogatepass")
    kind = "sha1" if len(oid) == SHA1_CHARS else "sha256"
    digest = hashlib.new(kind, b"blob %d\0" % len(content) + content, usedforsecurity=False)
    return digest.hexdigest() == oid
