"""What of a change is new since it was looked at last: line by line, over renames, moves and new forms.

It compares texts, not commits: after a force-push the old commits may be gone, and what GitHub compares then starts at
their merge base.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

from workers.analysis.alignment import aligned
from workers.analysis.form import Form, form_of
from workers.analysis.gone import Gone, Run, run_of
from workers.analysis.page import Span
from workers.analysis.quoting import squeezed
from workers.analysis.renames import renames
from workers.domain.adjudication import Past
from workers.domain.change import ChangedFile, FileStatus

FORMS_KEPT = 4
TEXTS_KEPT = 100


@dataclass(frozen=True, slots=True)
class FileSince:
    """A file at two heads. `to_new` and `to_old` map lines that say the same; `fresh` are lines that nobody has seen.

    `arrived` are the lines that stand at no old place: fresh ones, and those that moved or were written another way;
    `added` those that the change adds to its base.
    """

    path: str
    old_path: str | None
    old: str | None = field(default=None, repr=False)
    new: str | None = field(default=None, repr=False)
    to_new: Mapping[int, int] = field(default_factory=dict, repr=False)
    to_old: Mapping[int, int] = field(default_factory=dict, repr=False)
    arrived: frozenset[int] = frozenset()
    fresh: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()

    @property
    def same(self) -> bool:
        """Whether its text is what it was."""
        return self.old_path is not None and self.old == self.new

    def form(self) -> Form:
        """The words of the present text."""
        return _form(self.new or "", self.path)

    def old_form(self) -> Form:
        """The words of the old text."""
        return _form(self.old or "", self.old_path or self.path)

    def places(self, quote: Form) -> list[Span]:
        """Where the present text says `quote`; one without its longest name is not even read."""
        name = max((word for word in quote.words if word.isidentifier()), key=len, default="")
        return self.form().places(quote) if name in (self.new or "") else []


@dataclass(frozen=True, slots=True)
class Since:
    """The files of a change since the last round: by their present paths, and what became of the old ones.

    `unasked` are those (by present path) that tools have read and no model has. `around` are the texts of the
    repository at the head, by path, in the change or not; `left` old ones of files that left the change.
    """

    files: Mapping[str, FileSince]
    new_paths: Mapping[str, str]
    unasked: frozenset[str] = frozenset()
    around: Mapping[str, str] = field(default_factory=dict, repr=False)
    left: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def nothing(self) -> bool:
        """Whether no text is another."""
        return all(file.same for file in self.files.values())


def since(past: Past, files: Sequence[ChangedFile], around: Mapping[str, str] | None = None) -> Since:
    """Compare `files` with what the last round read of them. `around` are the texts of the whole repository."""
    before = _texts_before(past, files)
    present = {file.path: file for file in files if file.status is not FileStatus.REMOVED}
    moved = renames(
        {path: text for path, text in before.items() if path not in present},
        {path: file.text for path, file in present.items() if path not in before and file.text is not None},
    )
    olds = {path: path for path in present if path in before} | {new: old for old, new in moved.items()}
    compared = [_compared(file, olds.get(file.path), before) for file in present.values()]
    stayed = frozenset(olds.values())
    left = [(path, text) for path, text in before.items() if path not in stayed]
    return Since(
        dict(_freshened(compared, left)),
        {old: new for new, old in olds.items()},
        frozenset(new for new, old in olds.items() if not past.last.files[old].model),
        around or {},
        dict(left),
    )


def _texts_before(past: Past, files: Iterable[ChangedFile]) -> dict[str, str]:
    """path → old text of what the last round read; a file with the same blob has the same text."""
    same = {
        file.path: file.text
        for file in files
        if file.text is not None and file.path in past.last.files
        if file.blob_sha and file.blob_sha == past.last.files[file.path].blob_sha
    }
    kept = {path: text for path, text in past.texts.items() if path in past.last.files}
    return kept | same


def _compared(file: ChangedFile, old_path: str | None, before: Mapping[str, str]) -> FileSince:
    new = file.text
    if new is None:
        return FileSince(file.path, old_path, before.get(old_path or ""))
    count = new.count("\n") + 1
    if old_path is None:
        everything = frozenset(range(1, count + 1))
        return FileSince(file.path, None, None, new, arrived=everything, added=file.added_lines())
    old = before[old_path]
    to_new = {line: line for line in range(1, count + 1)} if old == new else aligned(old, new)
    to_old = {there: here for here, there in to_new.items()}
    arrived = frozenset(line for line in range(1, count + 1) if line not in to_old)
    return FileSince(file.path, old_path, old, new, to_new, to_old, arrived=arrived, added=file.added_lines())


def _freshened(
    compared: Sequence[FileSince], left: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, FileSince]]:
    """By path, with those of the lines that came as fresh that are not gone from elsewhere, or from their very place."""
    whole = [run_of(lines := text.split("\n"), (1, len(lines)), path, (path, 1)) for path, text in left]
    gone = Gone.of([*whole, *(run for one in compared for run in _runs_gone(one))])
    seen: dict[str, set[int]] = {one.path: set() for one in compared}
    if gone.flat:
        for one in compared:
            seen[one.path].update(line for run in _runs_come(one, ()) for line in gone.in_place(run))
        came = [(one.path, run) for one in compared for run in _runs_come(one, seen[one.path])]
        for (path, _), known in zip(came, gone.known([run for _, run in came]), strict=True):
            seen[path] |= known
    for one in compared:
        yield one.path, replace(one, fresh=one.arrived - seen[one.path])


def _runs_gone(one: FileSince) -> Iterator[Run]:
    if one.old is None or one.new is None or one.same:
        return
    lines, path = one.old.split("\n"), one.old_path or one.path
    for span in spans(set(range(1, len(lines) + 1)) - set(one.to_new)):
        yield run_of(lines, span, path, (path, span[0]))


def _runs_come(one: FileSince, seen: Collection[int]) -> Iterator[Run]:
    """The runs of lines that came and are not `seen`, each with the place where it came."""
    lines = lines_of(one.new) if one.new is not None and one.arrived else []
    for span in spans(one.arrived.difference(seen)):
        old = one.to_old.get(span[0] - 1, 0) + 1
        yield run_of(lines, span, one.path, (one.old_path or one.path, old))


@lru_cache(maxsize=FORMS_KEPT)
def lines_of(text: str) -> Sequence[str]:
    """Its lines; findings come file by file, each of which needs them."""
    return text.split("\n")


@lru_cache(maxsize=TEXTS_KEPT)
def squeezed_lines(text: str) -> frozenset[str]:
    """Its lines without blanks: every finding whose code is gone asks every file for them."""
    return frozenset(map(squeezed, text.split("\n")))


@lru_cache(maxsize=FORMS_KEPT)
def _form(text: str, path: str) -> Form:
    """Findings come file by file, each of which needs the same two texts."""
    return form_of(text, path)


def spans(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers, as first and last."""
    found: list[tuple[int, int]] = []
    for _, run in groupby(enumerate(sorted(lines)), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        found.append((numbers[0], numbers[-1]))
    return found
