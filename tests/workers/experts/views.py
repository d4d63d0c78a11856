"""Views as the experts get them: added files through the real analysers."""

from __future__ import annotations

from collections.abc import Mapping

from workers.analysis.analyse import analyse
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import sources
from workers.domain.change import Change, ChangedFile, FileStatus, Hunk, Snapshot
from workers.experts.base import View


def added(path: str, text: str) -> ChangedFile:
    """A new file."""
    lines = text.removesuffix("\n").split("\n")
    hunk = Hunk(0, 0, 1, len(lines), tuple(f"+{line}" for line in lines))
    return ChangedFile(path, FileStatus.ADDED, (hunk,), additions=len(lines), text=text)


def replaced(path: str, old: str, new: str) -> ChangedFile:
    """A file whose every line is another."""
    before, after = old.removesuffix("\n").split("\n"), new.removesuffix("\n").split("\n")
    lines = (*(f"-{line}" for line in before), *(f"+{line}" for line in after))
    return ChangedFile(path, FileStatus.MODIFIED, (Hunk(1, len(before), 1, len(after), lines),), text=new)


async def view(
    sandbox: Sandbox, *files: ChangedFile, around: Mapping[str, str] | None = None, complete: bool = True
) -> View:
    """`files` as one change, inside a repository that holds `around` besides."""
    change = Change("a" * 40, "b" * 40, files)
    texts = {file.path: file.text for file in files if file.text is not None}
    snapshot = Snapshot({**(around or {}), **texts}, complete=complete)
    readable = sources(change)
    analysis = await analyse(readable, snapshot, sandbox, JailLimits(wall_s=20.0))
    return View(change, snapshot, analysis, readable)
