"""Hidden marks by which our own texts are found again. Anybody can paste one: match the author's id as well."""

from __future__ import annotations

import re

FINDING = re.compile(r"<!-- quorum:v1 finding fp=([0-9a-f]{16}) -->")

_UNSAFE = re.compile(r"[^A-Za-z0-9:._-]")


def summary_marker(work_key: str) -> str:
    """Marks the one summary comment of a pull request."""
    return _marker("summary", key=work_key)


def review_marker(work_key: str, generation: int, part: str = "") -> str:
    """Marks a review that one generation of the work has posted; `part` is the first finding that it is about."""
    return _marker("review", key=work_key, gen=str(generation), **({"part": part} if part else {}))


def request_marker(work_key: str, generation: int) -> str:
    """Marks the request for changes that one generation of the work has made without a comment."""
    return _marker("request", key=work_key, gen=str(generation))


def finding_marker(fingerprint: str) -> str:
    """Marks an inline or file comment about one finding."""
    return _marker("finding", fp=fingerprint)


def command_marker(command_id: str) -> str:
    """Marks the answer to one command."""
    return _marker("command", id=command_id)


def topic_marker(topic: str) -> str:
    """Marks the comment that says why a pull request of our own is left to people."""
    return _marker("topic", name=topic)


def described_marker(work_key: str) -> str:
    """Marks the one comment that describes a pull request."""
    return _marker("described", key=work_key)


def about_marker(about: str) -> str:
    """Marks what a description is of."""
    return _marker("described-at", about=about)


def improve_marker(work_key: str, generation: int) -> str:
    """Marks the review with the suggestions of one generation of the work."""
    return _marker("improvements", key=work_key, gen=str(generation))


def improvement_marker(fingerprint: str) -> str:
    """Marks a comment that suggests an improvement."""
    return _marker("improvement", fp=fingerprint)


def audit_marker(work_key: str, head_sha: str) -> str:
    """Marks the one comment with the audit of a head."""
    return _marker("audit", key=work_key, head=head_sha)


def finding_in(body: str) -> str | None:
    """The fingerprint of the finding that `body` is about: its last mark, since ours stands at the end."""
    found = FINDING.findall(body)
    return found[-1] if found else None


def _marker(kind: str, **values: str) -> str:
    said = " ".join(f"{name}={_UNSAFE.sub('_', value)}" for name, value in values.items())
    return f"<!-- quorum:v1 {kind} {said} -->"
