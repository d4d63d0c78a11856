"""What of a change is new since it was looked at last: line by line, over renames, moves and new forms.

It compares texts, not commits: after a force-push the old commits may be gone, and what GitHub compares then starts at
their merge base.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

from workers.analysis.alignment import aligned
from workers.analysis.form import Form, form_of
from workers.analysis.page import Span
from workers.analysis.renames import renames
from workers.domain.adjudication import Past
from workers.domain.change import ChangedFile, FileStatus

GONE_MAX_CHARS = 400_000
"""How much of what is gone is searched for what only moved."""
PIECE_MAX_LINES = 40
FORMS_KEPT = 4
TELLING_MIN_WORDS = 4
"""A run of fewer words may stand anywhere: it proves no move."""


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

    `unasked` are those (by present path) that tools have read and no model has.
    """

    files: Mapping[str, FileSince]
    new_paths: Mapping[str, str]
    unasked: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether no text is another."""
        return all(file.same for file in self.files.values())


def since(past: Past, files: Sequence[ChangedFile]) -> Since:
    """Compare `files` with what the last round read of them."""
    before = _texts_before(past, files)
    present = {file.path: file for file in files if file.status is not FileStatus.REMOVED}
    moved = renames(
        {path: text for path, text in before.items() if path not in present},
        {path: file.text for path, file in present.items() if path not in before and file.text is not None},
    )
    olds = {path: path for path in present if path in before} | {new: old for old, new in moved.items()}
    compared = [_compared(file, olds.get(file.path), before) for file in present.values()]
    gone = _Gone.of(compared, [(path, text) for path, text in before.items() if path not in olds.values()])
    return Since(
        {one.path: gone.freshened(one) for one in compared},
        {old: new for new, old in olds.items()},
        frozenset(new for new, old in olds.items() if not past.last.files[old].model),
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


@dataclass(frozen=True, slots=True)
class _Gone:
    """The words that stand no more where they stood, of the whole change."""

    flat: str

    @classmethod
    def of(cls, compared: Iterable[FileSince], left: Iterable[tuple[str, str]]) -> _Gone:
        runs = [form_of(text, path) for path, text in left]
        runs += [run for one in compared for run in _runs_gone(one)]
        return cls("\1".join(_bounded(runs)))

    def freshened(self, one: FileSince) -> FileSince:
        """`one`, with those of its lines as fresh that are not gone from elsewhere."""
        if not self.flat or one.new is None or not one.arrived:
            return replace(one, fresh=one.arrived)
        lines = one.new.split("\n")
        seen = {
            first + line - 1
            for first, last in spans(one.arrived)
            for line in self._seen(form_of("\n".join(lines[first - 1 : last]), one.path), last - first + 1)
        }
        return replace(one, fresh=one.arrived - seen)

    def _seen(self, form: Form, count: int) -> Iterator[int]:
        """Lines of a run (from 1) that are known: the whole run, or the pieces of it that tell enough."""
        if self._has(form, TELLING_MIN_WORDS):
            yield from range(1, count + 1)
            return
        start = 1
        while start <= count:
            stop = self._reach(form, start, count)
            yield from range(start, stop)
            start = max(stop, start + 1)

    def _reach(self, form: Form, start: int, last: int) -> int:
        """The line after the longest known piece that begins at `start`; `start` itself if there is none."""
        told = start
        for stop in range(start, min(last, start + PIECE_MAX_LINES - 1) + 1):
            piece = form.between(start, stop)
            if not self._has(piece, 0):
                break
            told = stop + 1 if len(piece.words) >= TELLING_MIN_WORDS else told
        return told

    def _has(self, piece: Form, least_words: int) -> bool:
        return len(piece.words) >= least_words and piece.flat in self.flat


def _runs_gone(one: FileSince) -> Iterator[Form]:
    if one.old is None or one.new is None or one.same:
        return
    lines, path = one.old.split("\n"), one.old_path or one.path
    for first, last in spans(set(range(1, len(lines) + 1)) - set(one.to_new)):
        yield form_of("\n".join(lines[first - 1 : last]), path)


@lru_cache(maxsize=FORMS_KEPT)
def lines_of(text: str) -> Sequence[str]:
    """Its lines; findings come file by file, each of which needs them."""
    return text.split("\n")


@lru_cache(maxsize=FORMS_KEPT)
def _form(text: str, path: str) -> Form:
    """Findings come file by file, each of which needs the same two texts."""
    return form_of(text, path)


def _bounded(runs: Iterable[Form]) -> Iterator[str]:
    left = GONE_MAX_CHARS
    for run in runs:
        left -= len(run.flat)
        if left < 0:
            return
        yield run.flat


def spans(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers, as first and last."""
    found: list[tuple[int, int]] = []
    for _, run in groupby(enumerate(sorted(lines)), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        found.append((numbers[0], numbers[-1]))
    return found
