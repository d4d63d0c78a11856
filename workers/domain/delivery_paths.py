"""Where a file of ours may stand in a stranger's repository: nowhere that runs, configures or redirects anything."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from workers.domain.hidden import HIDDEN

FILES_MAX = 50
FILE_MAX_BYTES = 1_000_000
FILES_MAX_BYTES = 8_000_000
PATH_MAX_BYTES = 1_000

FOLDERS = frozenset(
    {
        ".circleci",
        ".buildkite",
        ".woodpecker",
        ".teamcity",
        ".husky",
        ".devcontainer",
        ".vscode",
        "node_modules",
    }
)
NAMES = frozenset(
    {
        *(
            "action.yml",
            "action.yaml",
            "appveyor.yml",
            "azure-pipelines.yml",
            "bitbucket-pipelines.yml",
            "jenkinsfile",
        ),
        *("dockerfile", "makefile", "justfile", "procfile", "taskfile.yml", "codeowners"),
        *(
            "conftest.py",
            "pyproject.toml",
            "requirements.txt",
            "setup.cfg",
            "setup.py",
            "sitecustomize.py",
            "tox.ini",
        ),
        *(
            "package.json",
            "package-lock.json",
            "pnpm-lock.yaml",
            "yarn.lock",
            "composer.json",
            "composer.lock",
        ),
        *("pdm.lock", "pipfile", "pipfile.lock", "poetry.lock", "uv.lock", "gemfile", "gemfile.lock"),
        *("cargo.toml", "cargo.lock", "go.mod", "go.sum", "go.work", "pom.xml"),
        *("build.gradle", "build.gradle.kts", "gradle.lockfile", "gradlew"),
    }
)
"""Files that a build, a package manager or a CI system acts on; lower case."""
LOCKS = (".lock", ".lockb", "-lock.json", "-lock.yaml", ".lockfile")
BAD_SIGNS = frozenset('\\:*?"<>|')
"""Separators, streams and wildcards of some file system."""


def objection(path: str, folders: Iterable[str]) -> str:
    """Why no file of ours may stand at `path`, as the end of a sentence; "" when one may. `folders`: see `Proposal`."""
    if not path or len(path.encode("utf-8", "replace")) > PATH_MAX_BYTES:
        return "its path is empty or too long"
    if unicodedata.normalize("NFC", path) != path or HIDDEN.search(path):
        return "its path could be taken for another"
    if any(
        sign in BAD_SIGNS or sign < " " or "\x7f" <= sign < "\xa0" or "\ud800" <= sign <= "\udfff"
        for sign in path
    ):
        return "its path holds signs that mean something else elsewhere"
    parts = path.split("/")
    if why := next(filter(None, map(_part, parts)), ""):
        return why
    name = parts[-1].casefold()
    if name in NAMES or name.endswith(LOCKS):
        return "builds act on files of that name"
    return (
        ""
        if any(_below(path, folder) for folder in folders)
        else "it stands outside the folders that may be written"
    )


def _part(part: str) -> str:
    """Why no folder or file may have this name."""
    if part in ("", ".", ".."):
        return "its path leads elsewhere"
    if part != part.strip() or part.endswith("."):
        return "its path could be taken for another"
    folded = unicodedata.normalize("NFKC", part).casefold()
    if folded.startswith((".git", "git~")):
        return "git and GitHub read files of that name"
    return "builds act on what stands there" if folded in FOLDERS or folded.startswith(".env") else ""


def _below(path: str, folder: str) -> bool:
    inner = folder.strip("/")
    return not inner or path.startswith(f"{inner}/")


def _encodes(text: str | None) -> bool:
    """Whether UTF-8 can hold it: halves of surrogate pairs are no characters."""
    return text is None or not any("\ud800" <= sign <= "\udfff" for sign in text)


def refusals(files: Mapping[str, str | None], folders: Iterable[str]) -> Iterator[str]:
    """A sentence for each reason why `files` may not be written, paths apart from sizes; none when they may."""
    allowed = tuple(folders)
    for path in files:
        if why := objection(path, allowed):
            yield f"`{path}` is not written: {why}."
    yield from (
        f"`{path}` is not written: its text is no Unicode." for path in files if not _encodes(files[path])
    )
    sizes = {path: len((text or "").encode("utf-8", "replace")) for path, text in files.items()}
    yield from (
        f"`{path}` has {size} bytes; at most {FILE_MAX_BYTES} are written."
        for path, size in sizes.items()
        if size > FILE_MAX_BYTES
    )
    if len(files) > FILES_MAX or sum(sizes.values()) > FILES_MAX_BYTES:
        yield f"At most {FILES_MAX} files and {FILES_MAX_BYTES} bytes are written at once."
