"""Whether a finding of this round speaks of code that nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workers.analysis.form import form_of
from workers.analysis.page import Span
from workers.analysis.since import FileSince, Since, lines_of
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.experts.core import core
from workers.experts.sameness import Known, Seen


def seen_of(finding: Finding, known: Sequence[Known], since: Since) -> Seen:
    """What `finding` speaks of, and how much of it is new."""
    file, lines = since.files.get(finding.path), _lines(finding, since)
    about = _core(finding, lines, file) if file is not None else lines
    fresh = about & file.fresh if file is not None else frozenset()
    told = [
        one.track.lines
        for one in known
        if one.track.path == finding.path
        and one.earlier.finding.aspect is finding.aspect
        and one.track.stands
    ]
    return Seen(finding, lines, about, fresh, bool(fresh - frozenset().union(*told)))


def is_fresh(finding: Finding, since: Since) -> bool:
    """Whether it speaks of lines that nobody has seen; about a whole file, whether it has any.

    What a model says of a file is new as long as only tools have read it.
    """
    file = since.files.get(finding.path)
    if file is None:
        return False
    if file.path in since.unasked and all(source.kind == "model" for source in finding.sources):
        return True
    return bool(fresh_lines(finding, since) if _lines(finding, since) else file.fresh)


def fresh_lines(finding: Finding, since: Since) -> frozenset[int]:
    """Those of its lines, or of its quote's, that nobody has seen."""
    file = since.files.get(finding.path)
    return file.fresh & _lines(finding, since) if file is not None else frozenset()


def pinned(
    finding: Finding, known: Sequence[Known], since: Since, files: Mapping[str, ChangedFile]
) -> Finding:
    """`finding` at the one place of its quote that is fresh, if it has no line because others say the same.

    Those of old code were there in the last round, when they could be spoken of.
    """
    file, changed = since.files.get(finding.path), files.get(finding.path)
    if finding.line is not None or not finding.evidence or file is None or changed is None:
        return finding
    standing = [one.track for one in known if one.track.stands and one.track.path == finding.path]
    here = frozenset[int]().union(*(track.lines for track in standing))
    spans = [(place, frozenset(range(place[0], place[1] + 1))) for place in _quoted(finding, file)]
    free = [place for place, lines in spans if file.fresh & lines and not here & lines]
    if len(free) != 1 or changed.hunk_at(free[0][0]) is None or changed.hunk_at(free[0][1]) is None:
        return finding
    first, last = free[0]
    return replace(finding, line=last, start_line=first if first < last else None)


def _core(finding: Finding, lines: frozenset[int], file: FileSince) -> frozenset[int]:
    """Those of `lines` that it is about; of what stands in many places all."""
    if finding.line is None or finding.others:
        return lines
    first = finding.start_line or finding.line
    texts = lines_of(file.new or "")[first - 1 : finding.line]
    return frozenset(first + at for at in core(finding, texts)) or lines


def _lines(finding: Finding, since: Since) -> frozenset[int]:
    if finding.line is not None:
        return frozenset((*range(finding.start_line or finding.line, finding.line + 1), *finding.others))
    file = since.files.get(finding.path)
    places = _quoted(finding, file) if file is not None else []
    return frozenset(line for first, last in places for line in range(first, last + 1))


def _quoted(finding: Finding, file: FileSince) -> list[Span]:
    return file.places(form_of(finding.evidence, finding.path))
