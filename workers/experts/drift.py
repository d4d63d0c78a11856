"""Pages of ours that a change leaves behind: one finding a module, at the first symbol that its page tells wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workers.analysis.pages.outdated import outdated
from workers.analysis.source import SourceFile
from workers.analysis.structure.changes import Altered
from workers.domain.change import Hunk
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.base import View, is_product

NAMED_MAX = 6
HOW_MAX = 4
NAME_MAX_CHARS = 100
PLAIN_PATH = re.compile(r"[\w./-]+")


def drift(view: View) -> Iterator[Finding]:
    """A low finding for each changed module whose page does not follow it."""
    for source in view.sources:
        offered, telling = view.analysis.offered.get(source.path), view.pages.get(source.path)
        if offered is None or telling is None or not is_product(source.path):
            continue
        if behind := outdated(offered, telling):
            yield _finding(source, behind, telling.path, view)


def _finding(source: SourceFile, behind: Sequence[Altered], page: str, view: View) -> Finding:
    line = _line(source, behind, view)
    more = f"; and {len(behind) - NAMED_MAX} more" if len(behind) > NAMED_MAX else ""
    count = "a symbol" if len(behind) == 1 else f"{len(behind)} symbols"
    return Finding(
        aspect=Aspect.DOCUMENTATION,
        severity=Severity.LOW,
        rule="pages/drift",
        path=source.path,
        title=f"The documentation page of this module is behind the change in {count}",
        description=f"`{page}` does not follow: {'; '.join(map(_said, behind[:NAMED_MAX]))}{more}.",
        recommendation=_recommended(source.path),
        line=line,
        evidence=view.quote(source.path, line) if line is not None else "",
        confidence=0.9,
        sources=(Source("tool", "pages", "drift"),),
    )


def _said(one: Altered) -> str:
    name = f"`{one.name[:NAME_MAX_CHARS]}`"
    if one.kind == "new":
        return f"{name} is new (line {one.start})"
    return f"{name} is gone" if one.kind == "gone" else f"{name}: {', '.join(one.how[:HOW_MAX])}"


def _recommended(path: str) -> str:
    """The command reads the base branch, so it helps once the change is there."""
    command = f"/quorum docs {path}" if PLAIN_PATH.fullmatch(path) else "/quorum docs"
    return f"Once this is merged, `{command}` brings the page up to date; or change the page along with the code."


def _line(source: SourceFile, behind: Sequence[Altered], view: View) -> int | None:
    """A line that the diff shows: one that was touched, else one beside what was taken away."""
    file = view.change.file(source.path)
    hunks = file.hunks if file is not None else ()
    for one in behind:
        if one.kind != "gone" and (touched := _touched(one, source)):
            return touched
    shown = (_beside(one, hunk) for one in behind for hunk in hunks)
    return next((line for line in shown if line is not None), None)


def _touched(one: Altered, source: SourceFile) -> int | None:
    return next((line for line in range(one.start, one.end + 1) if line in source.touched), None)


def _beside(one: Altered, hunk: Hunk) -> int | None:
    """The line at which `hunk` takes away what names the symbol, or, of one that is there, the symbol's first."""
    if one.kind != "gone":
        near = range(max(one.start, hunk.right.start), min(one.end + 1, hunk.right.stop))
        return next(iter(near), None)
    word = re.compile(rf"(?<!\w){re.escape(one.name.rpartition('.')[2])}(?!\w)")
    number = hunk.new_start
    for line in hunk.lines:
        if line.startswith("-") and word.search(line):
            return min(max(number, hunk.right.start), hunk.right.stop - 1) if hunk.right else None
        number += line[:1] in ("+", " ")
    return None
