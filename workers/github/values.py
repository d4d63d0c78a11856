"""What is read of GitHub and written there, and what GitHub says it became."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Blob:
    """A file's text and the git id of its content."""

    text: str = field(repr=False)
    sha: str


@dataclass(frozen=True, slots=True)
class InlineComment:
    """A review comment on head lines `start_line..line` (just `line` when `start_line` is None).

    `body` is finished Markdown. `plain_body` is the same without a suggestion block: it is posted when the range had
    to be moved, since a suggestion would then replace the wrong lines; empty means that `body` serves for both.
    """

    path: str
    line: int
    body: str
    fingerprint: str
    start_line: int | None = None
    side: str = "RIGHT"
    plain_body: str = ""


@dataclass(frozen=True, slots=True)
class FileComment:
    """A review comment on a changed file as a whole. `body` is finished Markdown."""

    path: str
    body: str
    fingerprint: str


class AnnotationLevel(StrEnum):
    """GitHub's words for the weight of a check annotation."""

    NOTICE = "notice"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation of a check run on head lines `start_line..end_line`; plain text, not Markdown."""

    path: str
    start_line: int
    end_line: int
    level: AnnotationLevel
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Posted:
    """Something of ours that exists at GitHub: its numeric id, its page for people, its text."""

    id: int
    url: str = ""
    body: str = ""
