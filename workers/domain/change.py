"""What a pull request changes: files, hunks, and the text around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FileStatus(StrEnum):
    """GitHub's words for what happened to a file (REST, `GET /pulls/{n}/files`)."""

    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"
    RENAMED = "renamed"
    COPIED = "copied"
    CHANGED = "changed"  # mode or type only
    UNCHANGED = "unchanged"


class Omission(StrEnum):
    """Why a changed file was not read; shown in the coverage ledger, so each is said in the open."""

    BINARY = "binary"
    GENERATED = "generated"
    VENDORED = "vendored"
    TOO_LARGE = "too large"
    FILTERED = "filtered by configuration"
    SUBMODULE = "submodule"
    LINK = "symbolic link"
    REMOVED = "removed"
    NO_CONTENT_CHANGE = "renamed or mode changed only"
    NO_PATCH = "GitHub sent no patch"
    BEYOND_LIMIT = "beyond the file limit"
    UNREADABLE = "could not be read"


@dataclass(frozen=True, slots=True)
class Hunk:
    """One `@@ -old_start,old_count +new_start,new_count @@ section` block of a unified diff.

    `lines` keep their first character (' ', '+', '-', '\\\\') and lose only their final "\\n"; a lone "\\r",
    form feed or U+2028 inside a line is content, as it is for git.
    """

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    lines: tuple[str, ...]
    section: str = ""

    @property
    def right(self) -> range:
        """Line numbers of the new file that may carry a comment: added and context lines."""
        return range(self.new_start, self.new_start + self.new_count)

    @property
    def left(self) -> range:
        """Line numbers of the old file inside the hunk: removed and context lines."""
        return range(self.old_start, self.old_start + self.old_count)

    def added(self) -> Iterator[int]:
        """New-side numbers of the added lines, ascending."""
        number = self.new_start
        for line in self.lines:
            mark = line[:1]
            if mark == "+":
                yield number
                number += 1
            elif mark != "-" and mark != "\\":
                number += 1


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file of a change. `text` is the head's content (None when removed, binary, too large or unread)."""

    path: str
    status: FileStatus
    hunks: tuple[Hunk, ...] = ()
    old_path: str | None = None
    additions: int = 0
    deletions: int = 0
    blob_sha: str | None = None
    text: str | None = field(default=None, repr=False)
    omitted: Omission | None = None
    detail: str = ""

    def added_lines(self) -> frozenset[int]:
        """New-side numbers of every added line."""
        return frozenset(number for hunk in self.hunks for number in hunk.added())

    def hunk_at(self, line: int) -> Hunk | None:
        """The hunk whose right side holds `line`, if any."""
        return next((hunk for hunk in self.hunks if line in hunk.right), None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Texts of the repository at the head commit, bounded by the reader's limits.

    `files` maps a path to its decoded text for every text file that was read; `complete` is False when a limit
    left files out, which makes statements about the absence of something ("no test names this") unsafe. `omitted`
    says why a single file that exists is not in `files` (binary, too large, not UTF-8).
    """

    files: Mapping[str, str] = field(repr=False)
    complete: bool
    detail: str = ""
    omitted: Mapping[str, Omission] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class LinkedIssue:
    """An issue that the change says it closes."""

    number: int
    title: str
    body: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """Everything a review reads of a change, whether it comes from GitHub or a local repository.

    `attributes` is the text of the *base*'s .gitattributes: a change has no say in what of it is generated.
    `unlisted` counts changed files that are known to exist and are not in `files`. `commits` are messages, oldest
    first, merges left out; they and `linked` are bounded by the reader, and as far from trusted as `body`.
    """

    base_sha: str
    head_sha: str
    files: tuple[ChangedFile, ...]
    title: str = ""
    body: str = ""
    author: str = ""
    notices: tuple[str, ...] = ()
    attributes: str = field(default="", repr=False)
    unlisted: int = 0
    commits: tuple[str, ...] = ()
    linked: tuple[LinkedIssue, ...] = ()

    def file(self, path: str) -> ChangedFile | None:
        """The changed file with this (new) path."""
        return next((file for file in self.files if file.path == path), None)


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The present state of a pull request, as GitHub tells it. Ids are GitHub's numeric ids."""

    repo_id: int
    full_name: str
    number: int
    state: str
    draft: bool
    title: str
    body: str
    author: str
    author_id: int
    labels: tuple[str, ...]
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    head_repo_id: int | None
    changed_files: int
    changed_lines: int = 0

    @property
    def is_fork(self) -> bool:
        """Whether the head lives in another repository, or in one that is gone."""
        return self.head_repo_id != self.repo_id
