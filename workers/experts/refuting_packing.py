"""Claims and the files that they are about, packed into as few bundles as a window takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.experts.batching import Room
from workers.experts.refuting_sheet import Sheet, fitted, sheet_of

CLAIMS_SHARE = 2
"""Claims take at most half of the room: the other half is for the code."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding that is to be disproved: its place among all findings, and what is told of it."""

    at: int
    finding: Finding
    text: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """Claims that are put to somebody together, and the files to judge them by; so many characters in all."""

    claims: tuple[Claim, ...]
    sheets: tuple[Sheet, ...]
    chars: int

    def __add__(self, other: Bundle) -> Bundle:
        return Bundle((*self.claims, *other.claims), (*self.sheets, *other.sheets), self.chars + other.chars)


def packed(
    claims: Sequence[Claim], files: Mapping[str, ChangedFile], room: Room, file_max_chars: int
) -> tuple[Bundle, ...]:
    """`claims` in their order, file by file. What is in no bundle found no room."""
    bundles: list[Bundle] = []
    for part in _parts(claims, files, room.batch_max_chars, file_max_chars):
        if bundles and bundles[-1].chars + part.chars <= room.batch_max_chars:
            bundles[-1] += part
        elif len(bundles) < room.batches_max:
            bundles.append(part)
    return tuple(bundles)


def _parts(
    claims: Sequence[Claim], files: Mapping[str, ChangedFile], max_chars: int, file_max_chars: int
) -> Iterator[Bundle]:
    """Each file with its claims, whole if it fits, or else the lines around them."""
    for path in dict.fromkeys(claim.finding.path for claim in claims):
        sheet = sheet_of(files[path])
        of_file = [claim for claim in claims if claim.finding.path == path]
        for run in _runs(of_file, max_chars // CLAIMS_SHARE):
            chars = sum(len(claim.text) for claim in run)
            places = [place for claim in run for place in _places(claim.finding, files[path])]
            shown = fitted(sheet, places, min(max_chars - chars, file_max_chars))
            if shown is not None:
                yield Bundle(tuple(run), (shown,), chars + len(str(shown)))


def _runs(claims: Sequence[Claim], max_chars: int) -> Iterator[Sequence[Claim]]:
    """As many claims at a time as fit."""
    run: list[Claim] = []
    for claim in (one for one in claims if len(one.text) <= max_chars):
        if run and sum(len(one.text) for one in (*run, claim)) > max_chars:
            yield run
            run = []
        run.append(claim)
    if run:
        yield run


def _places(finding: Finding, file: ChangedFile) -> Sequence[range]:
    """The lines of a finding; of one about a file, its changes."""
    if finding.line is not None:
        return [range(finding.start_line or finding.line, finding.line + 1)]
    return list(islice((hunk.right for hunk in file.hunks), 50)) or [range(1, 2)]
