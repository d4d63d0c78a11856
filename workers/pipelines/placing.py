"""Findings on lines that can carry a comment."""

from __future__ import annotations

from dataclasses import replace

from workers.analysis.anchors import commentable
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.experts.proposals import MOVED, in_words


def placed(finding: Finding, file: ChangedFile | None) -> Finding:
    """`finding` on lines that can carry a comment, or on the file. What moved can't be replaced by a suggestion."""
    if finding.line is None:
        return finding
    anchor = commentable(finding.start_line, finding.line, file) if file is not None else None
    if anchor is None:
        return replace(in_words(finding, MOVED), line=None, start_line=None)
    if not anchor.repaired:
        return finding
    return replace(in_words(finding, MOVED), line=anchor.line, start_line=anchor.start_line)
