"""Whether a finding of this round speaks of code that nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workers.analysis.form import form_of
from workers.analysis.page import Span
from workers.analysis.since import FileSince, Since
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.experts.sameness import Known


def is_fresh(finding: Finding, since: Since) -> bool:
    """Whether it speaks of lines that nobody has seen; about a whole file, whether it has any."""
    file = since.files.get(finding.path)
    if file is None:
        return False
    if finding.line is None:
        return _quotes_fresh(finding, file)
    return any(line in file.fresh for line in range(finding.start_line or finding.line, finding.line + 1))


def _quotes_fresh(finding: Finding, file: FileSince) -> bool:
    lines = {line for first, last in _quoted(finding, file) for line in range(first, last + 1)}
    return bool(file.fresh & lines if lines else file.fresh)


def _quoted(finding: Finding, file: FileSince) -> list[Span]:
    return form_of(file.new or "", file.path).places(form_of(finding.evidence, finding.path))


def pinned(
    finding: Finding, known: Sequence[Known], since: Since, files: Mapping[str, ChangedFile]
) -> Finding:
    """`finding` at the one place of its quote that is fresh, if it has no line because others say the same.

    Those of old code were there in the last round, when they could be spoken of.
    """
    file, changed = since.files.get(finding.path), files.get(finding.path)
    if finding.line is not None or not finding.evidence or file is None or changed is None:
        return finding
    here = {one.track.line for one in known if one.track.path == finding.path and one.track.line is not None}
    free = [
        (first, last)
        for first, last in _quoted(finding, file)
        if file.fresh & set(range(first, last + 1)) and not here & set(range(first, last + 1))
    ]
    if len(free) != 1 or changed.hunk_at(free[0][0]) is None or changed.hunk_at(free[0][1]) is None:
        return finding
    first, last = free[0]
    return replace(finding, line=last, start_line=first if first < last else None)
