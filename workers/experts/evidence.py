"""From a model's statement to a finding: the quoted code decides where it stands, and whether it stands at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from workers.analysis.anchors import Anchor, commentable, head_page, sight
from workers.analysis.page import Page
from workers.domain.change import ChangedFile
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.proposals import proposed
from workers.experts.statements import ModelFinding

EVIDENCE_MAX_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Rejected:
    """A statement that became no finding, and why, in words fit for counting."""

    why: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Of the files of one change, each made when it is first wanted: many statements are about the same file."""

    _made: dict[str, Page] = field(default_factory=dict)

    def of(self, file: ChangedFile) -> Page:
        """What quotes of `file` are looked for on."""
        if file.path not in self._made:
            self._made[file.path] = head_page(file)
        return self._made[file.path]


def checked(
    statement: ModelFinding,
    files: Mapping[str, ChangedFile],
    aspects: Collection[Aspect],
    model: str,
    pages: Pages | None = None,
) -> Finding | Rejected:
    """The finding that `statement` proves about one of `files`, or why it proves none. `pages` are theirs.

    A quote that stands in the file more than once gives a file-level finding; one that stands nowhere, none.
    """
    file = files.get(statement.path)
    if file is None or file.text is None:
        return Rejected("path not in the change")
    if statement.aspect not in aspects:
        return Rejected("aspect not asked for")
    seen = sight(statement.quote, file, near=None, page=(pages or Pages()).of(file))
    if not seen.said:
        return Rejected("evidence not found")
    found = seen.anchor
    anchor = commentable(found.start_line, found.line, file) if found is not None else None
    if found is not None and anchor is None and statement.severity.rank > Severity.HIGH.rank:
        return Rejected("outside the change")  # old code may be spoken of only if it is dangerous
    return _finding(
        statement, _Place(file, statement.quote, found, anchor), Source("model", model, statement.rule)
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a quote was found in a file, if anywhere, and where a comment on it can stand, if anywhere."""

    file: ChangedFile
    quote: str
    found: Anchor | None
    anchor: Anchor | None


def _finding(statement: ModelFinding, place: _Place, source: Source) -> Finding:
    file, quote, found, anchor = place.file, place.quote, place.found, place.anchor
    quoted = _lines(file, found) if found is not None else quote
    exact = found is not None and anchor == found and not found.repaired
    finding = Finding(
        aspect=statement.aspect,
        severity=statement.severity,
        rule=f"model/{statement.rule}",
        path=file.path,
        title=statement.title,
        description=statement.description,
        recommendation=statement.recommendation,
        line=anchor.line if anchor else None,
        start_line=anchor.start_line if anchor else None,
        evidence=quoted[:EVIDENCE_MAX_CHARS],
        confidence=statement.confidence,
        sources=(source,),
    )
    return proposed(finding, statement.suggestion, file, exact=exact)


def _lines(file: ChangedFile, anchor: Anchor) -> str:
    """The head's lines at `anchor`."""
    start = anchor.start_line or anchor.line
    return "\n".join((file.text or "").split("\n")[start - 1 : anchor.line])
