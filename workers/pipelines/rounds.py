"""A round of a pull request beside the earlier ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from workers.analysis.since import since
from workers.analysis.source import Analysis
from workers.domain.adjudication import Converged, Past, ReadFile
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.domain.review import Coverage
from workers.experts.convergence import converged
from workers.experts.heard import Heard
from workers.experts.recognition import Recalled, recalled


def compared(
    found: Sequence[Finding],
    past: Past | None,
    files: Sequence[ChangedFile],
    read: Mapping[str, ReadFile],
    around: Mapping[str, str] | None = None,
) -> Converged:
    """What is to be said of `found`, which are placed and named, after what was said in the `past`; all without one.

    `around` are the texts of the repository at the head, by path.
    """
    if past is None:
        return Converged(tuple(found), frozenset(one.fingerprint for one in found))
    return converged(found, past, since(past, files, around), {file.path: file for file in files}, read)


def remembered(
    found: Sequence[Finding],
    past: Past | None,
    files: Sequence[ChangedFile],
    around: Mapping[str, str] | None = None,
) -> Recalled:
    """`found`, which are placed, with what is known of them, and which of them nobody need try to disprove again."""
    if past is None:
        return Recalled(tuple(found), frozenset())
    return recalled(found, past, since(past, files, around), {file.path: file for file in files})


def without_dismissed(round_: Converged, dismissed: Collection[str]) -> Converged:
    """`round_` without the findings under these fingerprints; they are dropped."""
    kept = tuple(one for one in round_.findings if one.fingerprint not in dismissed)
    late = tuple(one for one in round_.findings if one.fingerprint in dismissed)
    known = tuple(one for one in round_.dropped if one.fingerprint in dismissed)
    return replace(round_, findings=kept, fresh=round_.fresh - set(dismissed), dropped=(*known, *late))


def read_files(
    coverage: Iterable[Coverage], files: Iterable[ChangedFile], analysis: Analysis, heard: Heard | None
) -> Mapping[str, ReadFile]:
    """What this round reads, by path."""
    blobs = {file.path: file.blob_sha or "" for file in files}
    tools = {run.tool for run in analysis.runs}
    asked = heard.read if heard is not None else {}
    return {
        one.path: ReadFile(blobs.get(one.path, ""), frozenset(tools & set(one.read_by)), one.path in asked)
        for one in coverage
        if one.omitted is None and one.read_by
    }
