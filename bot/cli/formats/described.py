"""A description as JSON, for programs. Keys are only ever added while `version` stays 1."""

from __future__ import annotations

from typing import Any

from bot.cli.formats.written import written
from workers.domain.description import Description, IssueCheck
from workers.domain.hidden import revealed
from workers.domain.secrets import redact
from workers.domain.usage import Usage
from workers.github.prose import parted

VERSION = 1


def described_json(described: Description) -> str:
    """Everything that it says, with every file; the cost in micro-dollars, null when unknown."""
    usage = sum((call.usage for call in described.calls), Usage())
    diagram = described.diagram
    return written(
        {
            "version": VERSION,
            "base_sha": described.base_sha,
            "head_sha": described.head_sha,
            "model": described.model or None,
            "unasked": _prose(described.unasked) or None,
            "kinds": [str(kind) for kind in described.kinds],
            "bullets": [_prose(one) for one in described.bullets],
            "issues": [_issue(one) for one in described.issues],
            "files": _files(described),
            "diagram": None
            if diagram is None
            else {
                "nodes": [{"path": _path(one.path), "files": one.files} for one in diagram.nodes],
                "imports": [list(edge) for edge in diagram.edges],
            },
            "unread": described.unread,
            "notices": [_prose(one) for one in described.notices],
            "cost_micro_usd": usage.cost_micros,
            "quality": described.quality,
            "validated": described.validated,
        }
    )


def _files(described: Description) -> list[dict[str, Any]]:
    return [
        {
            "path": _path(told.file.path),
            "group": group.name,
            "status": str(told.file.status),
            "additions": told.file.additions,
            "deletions": told.file.deletions,
            "omitted": str(told.file.omitted) if told.file.omitted else None,
            "what": _prose(told.what),
        }
        for group in described.groups
        for told in group.files
    ]


def _issue(check: IssueCheck) -> dict[str, Any]:
    return {
        "number": check.number,
        "state": str(check.met),
        "why": _prose(check.why),
        "path": _path(check.path),
        "start_line": check.start_line,
        "line": check.line,
    }


def _prose(text: str) -> str:
    """Without what acts where the output is pasted."""
    return parted(redact(revealed(text)).text)


def _path(path: str) -> str:
    return redact(path).text
