"""Views as the experts get them: added files through the real analysers."""

from __future__ import annotations

from collections.abc import Mapping

from workers.analysis.analyse import analyse
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import Analysis, SourceFile, sources
from workers.analysis.structure.changes import Offered
from workers.analysis.structure.read import read
from workers.analysis.tools import symbols
from workers.analysis.tools.protocol import Given
from workers.domain.change import Change, ChangedFile, FileStatus, Hunk, Omission, Snapshot
from workers.experts.base import View
from workers.pipelines.paged import with_before


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


def gone(path: str) -> ChangedFile:
    """A removed file."""
    return ChangedFile(path, FileStatus.REMOVED, omitted=Omission.REMOVED)


def unanalysed(*files: ChangedFile, around: Mapping[str, str] | None = None, complete: bool = True) -> View:
    """`files` as one change, with the definitions in them but without what the tools say."""
    change = Change("a" * 40, "b" * 40, files)
    texts = {file.path: file.text for file in files if file.text is not None}
    readable = with_before(sources(change), change, {})
    given = {one.path: Given(one.path, str(one.language), one.touched, one.text) for one in readable}
    found = {path: symbols.check(one).symbols for path, one in given.items()}
    symbols_of = {path: defined for path, defined in found.items() if defined}
    analysis = Analysis(
        symbols=symbols_of, offered={one.path: _offered(one) for one in readable if one.before}
    )
    return View(change, Snapshot({**(around or {}), **texts}, complete=complete), analysis, readable)


def _offered(file: SourceFile) -> Offered:
    """What the module offers, read here instead of in the sandbox."""
    return Offered(*(read(file.path, text or "", str(file.language)) for text in (file.before, file.text)))


async def view(
    sandbox: Sandbox, *files: ChangedFile, around: Mapping[str, str] | None = None, complete: bool = True
) -> View:
    """`files` as one change, inside a repository that holds `around` besides."""
    change = Change("a" * 40, "b" * 40, files)
    texts = {file.path: file.text for file in files if file.text is not None}
    snapshot = Snapshot({**(around or {}), **texts}, complete=complete)
    readable = with_before(sources(change), change, {})
    analysis = await analyse(readable, snapshot, sandbox, JailLimits(wall_s=20.0))
    return View(change, snapshot, analysis, readable)
