"""Small changes, written as the lines of a file with marks."""

from __future__ import annotations

from workers.analysis.diff import parse_patch
from workers.domain.change import Change, ChangedFile, FileStatus
from workers.domain.finding import Aspect, Finding, Severity, Source

SHELL = """\
import subprocess


def run(command):
    subprocess.run(command, shell=True)
    return 0
"""


def added(path: str, text: str) -> ChangedFile:
    """A new file of this text."""
    lines = text.rstrip("\n").split("\n")
    patch = f"@@ -0,0 +1,{len(lines)} @@\n" + "\n".join(f"+{line}" for line in lines)
    return ChangedFile(path, FileStatus.ADDED, parse_patch(patch), additions=len(lines), text=text)


def changed(path: str, patch: str, text: str) -> ChangedFile:
    """A file whose head is `text`."""
    hunks = parse_patch(patch)
    plus = sum(line.startswith("+") for hunk in hunks for line in hunk.lines)
    minus = sum(line.startswith("-") for hunk in hunks for line in hunk.lines)
    return ChangedFile(path, FileStatus.MODIFIED, hunks, additions=plus, deletions=minus, text=text)


def change(*files: ChangedFile, title: str = "Run commands", body: str = "As asked.") -> Change:
    return Change("b" * 40, "a" * 40, files, title=title, body=body, author="mona")


def finding(
    rule: str = "ruff/S602",
    *,
    kind: str = "tool",
    name: str = "ruff",
    path: str = "run.py",
    line: int | None = 5,
    title: str = "`subprocess.run` with shell=True runs whatever the caller passes",
    severity: Severity = Severity.HIGH,
    aspect: Aspect = Aspect.SECURITY,
    confidence: float = 0.8,
    evidence: str = "    subprocess.run(command, shell=True)",
    suggestion: str | None = None,
) -> Finding:
    return Finding(
        aspect=aspect,
        severity=severity,
        rule=rule,
        path=path,
        title=title,
        description="The shell interprets the command.",
        line=line,
        evidence=evidence,
        confidence=confidence,
        sources=(Source(kind, name, rule.rpartition("/")[2]),),
        suggestion=suggestion,
    )
