"""Whether a refuter's quote proves anything: it has to be code that stands in a file that was shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workers.analysis.page import page_of
from workers.analysis.quoting import Reading, readings, squeezed
from workers.domain.finding import Aspect, Finding
from workers.domain.secrets import redact
from workers.experts.refuting_sheet import Sheet

TELLING_MIN_CHARS = 8
"""A line of code without blanks, comments and what stands in strings has to be that long to prove something."""
QUOTE_MAX_LINES = 6
QUOTE_MAX_CHARS = 600


Line = tuple[int, str]
"""Its number in the head, and its text."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Lines of code as they stand in a file; `is_new` when the finding itself did not quote them all."""

    path: str
    quote: str
    is_new: bool


def proof(quote: str, finding: Finding, sheets: Sequence[Sheet]) -> Proof | None:
    """The code that `quote` names in the finding's file, or else in another one of `sheets`; None: there is none.

    Comments and strings prove nothing, nor do texts and data, unless the finding is about them: whatever a change says
    of itself, it is what the change does that counts.
    """
    for sheet in sorted(sheets, key=lambda sheet: sheet.path != finding.path):
        lines = _proving(quote, sheet, finding)
        if lines:
            is_new = sheet.path != finding.path or not _accused(lines, finding)
            return Proof(sheet.path, _quoted(lines), is_new)
    return None


def _proving(quote: str, sheet: Sheet, finding: Finding) -> tuple[Line, ...]:
    """Lines of the head that the quote says and that do something, in the first place where they are most of it."""
    tells = _teller(sheet, finding)
    text = dict(sheet.head())
    page = page_of(text.items())
    for reading in readings(quote):
        says = _sayer(reading)
        for first, last in sorted(page.spans(reading, whole=False)):
            numbers = (one for one in range(first, last + 1) if one in text and says(text[one]))
            said = tuple((one, text[one]) for one in numbers)
            lines = tuple(line for line in said if tells(line))
            if lines and 2 * _chars(lines) >= _chars(said):
                return lines
    return ()


def _teller(sheet: Sheet, finding: Finding) -> Callable[[Line], bool]:
    """Tells the lines that can prove something about `finding`."""
    own = sheet.path == finding.path
    if own and finding.aspect is Aspect.DOCUMENTATION:
        return lambda line: _tells(line[1])  # what is in question is what the text says
    return lambda line: (own or sheet.acts) and _tells(sheet.substance[line[0] - 1])


def _chars(lines: Sequence[Line]) -> int:
    return sum(len(squeezed(text)) for _, text in lines)


def _accused(lines: Sequence[Line], finding: Finding) -> bool:
    """Whether the finding itself quotes all of `lines`."""
    last = finding.line or 0
    place = range(finding.start_line or last, last + 1)
    said = {squeezed(line) for line in finding.evidence.split("\n")}
    return all(number in place or squeezed(text) in said for number, text in lines)


def _tells(code: str) -> bool:
    flat = squeezed(code)
    return len(flat) >= TELLING_MIN_CHARS and any(char.isalnum() for char in flat)


def _sayer(reading: Reading) -> Callable[[str], bool]:
    """Tells the lines that were quoted from those between them that were left out."""
    pieces = [piece.text for piece in reading.pieces]
    parts = [piece for piece in pieces if len(piece) >= TELLING_MIN_CHARS]

    def says(line: str) -> bool:
        flat = squeezed(line)
        return any(flat in piece for piece in pieces) or any(part in flat for part in parts)

    return says


def _quoted(lines: Sequence[Line]) -> str:
    return redact("\n".join(text for _, text in lines[:QUOTE_MAX_LINES])).text[:QUOTE_MAX_CHARS]
