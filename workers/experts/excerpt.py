"""Changed files as a model reads them: hunks with numbered lines, cut into pieces of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from workers.analysis.symbols import Symbol
from workers.domain.change import ChangedFile, Hunk

LINE_MAX_CHARS = 1_000
CUT = "… (line cut here)"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one file's excerpt that is never split further; `lines` are the new side's numbers it shows."""

    path: str
    text: str = field(repr=False)
    lines: range


def size_of(text: str) -> int:
    """What a text takes of a room, in characters of one byte: whoever counts tokens goes by bytes."""
    return len(text.encode(errors="replace"))


def sized(text_of: Callable[[int], str], max_size: int) -> str:
    """The text of `max_size` characters at most, or of as many fewer as it takes to be of that size, too."""
    chars = max_size
    while (size := size_of(text := text_of(chars))) > max_size and chars > 0:
        chars = min(chars - 1, chars * max_size // size)
    return text


@dataclass(frozen=True, slots=True)
class Shown:
    """Excerpts of files that were made already: whoever plans twice numbers their lines once."""

    _made: dict[str, tuple[ChangedFile, tuple[Piece, ...]]] = field(default_factory=dict, repr=False)

    def pieces(self, file: ChangedFile, symbols: Sequence[Symbol], piece_max_chars: int) -> tuple[Piece, ...]:
        """`pieces`; `symbols` are the file's, and always the same."""
        before, made = self._made.get(file.path, (None, ()))
        if before is not file or not _is_whole(file, made, piece_max_chars):
            made = pieces(file, symbols, piece_max_chars)
            self._made[file.path] = file, made
        return made


def _is_whole(file: ChangedFile, made: Sequence[Piece], piece_max_chars: int) -> bool:
    """What was cut, or has to be, is cut otherwise where there is more or less room."""
    uncut = len(made) == len(file.hunks) and all(hunk.lines for hunk in file.hunks)
    return uncut and all(size_of(one.text) <= piece_max_chars for one in made)


def pieces(file: ChangedFile, symbols: Sequence[Symbol], piece_max_chars: int) -> tuple[Piece, ...]:
    """`file`'s hunks as pieces of at most about `piece_max_chars` characters each, in order; headings count."""
    heading = _heading(file)
    left = piece_max_chars - size_of(heading) - 2
    return tuple(
        Piece(file.path, f"{heading}\n{header}\n{text}", lines)
        for hunk in file.hunks
        for header, text, lines in _cut(hunk, symbols, left - size_of(_header(hunk, _whole(hunk), symbols)))
    )


def _whole(hunk: Hunk) -> range:
    return range(hunk.new_start, hunk.new_start + len(hunk.lines))


def _heading(file: ChangedFile) -> str:
    moved = f", was {file.old_path}" if file.old_path and file.old_path != file.path else ""
    return f"=== {file.path} ({file.status.value}{moved})"


def _cut(hunk: Hunk, symbols: Sequence[Symbol], piece_max_chars: int) -> Iterator[tuple[str, str, range]]:
    """Runs of the hunk's lines that fit; each run names the definitions around it."""
    run: list[str] = []
    size, first, number = 0, hunk.new_start, hunk.new_start
    for line in hunk.lines:
        shown = _numbered(line, number)
        taken = size_of(shown)
        if run and size + taken > piece_max_chars:
            yield _header(hunk, range(first, number), symbols), "\n".join(run), range(first, number)
            run, size, first = [], 0, number
        run.append(shown)
        size += taken + 1
        number += not line.startswith(("-", "\\"))
    if run:
        yield _header(hunk, range(first, number), symbols), "\n".join(run), range(first, number)


def _numbered(line: str, number: int) -> str:
    mark, text = line[:1], line[1:]
    if len(text) > LINE_MAX_CHARS:
        text = text[:LINE_MAX_CHARS] + CUT
    place = "" if mark in ("-", "\\") else str(number)
    return f"{place:>6} {mark or ' '}| {text}"


def _header(hunk: Hunk, lines: range, symbols: Sequence[Symbol]) -> str:
    names = [
        f"{symbol.kind} {symbol.full_name}"
        for symbol in symbols
        if symbol.start < lines.stop and symbol.end >= lines.start
    ]
    around = ", ".join(names[:8]) or hunk.section
    place = f"lines {lines.start}-{max(lines.start, lines.stop - 1)}"
    return f"@@ {place}{f' in {around}' if around else ''} @@"
