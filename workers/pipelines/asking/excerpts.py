"""What of a change a question is shown: the hunks that it seems to be about first, each in pieces that fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.languages import is_test_path, language_of
from workers.domain.change import ChangedFile, FileStatus
from workers.experts.batching import PROSE_AND_DATA
from workers.experts.excerpt import Piece, pieces
from workers.experts.masking import masked
from workers.experts.surroundings_files import Around
from workers.pipelines.asking.values import AskRequest
from workers.pipelines.asking.words import Name

PIECE_MAX_CHARS = 6_000


@dataclass(frozen=True, slots=True)
class Shown:
    """Excerpts of the change, and the files of which something is in them."""

    text: str
    paths: tuple[str, ...]


def of_change(
    request: AskRequest, around: Around, names: Sequence[Name], named: Iterable[str], max_chars: int
) -> Shown:
    """As many pieces of the change as fit, those that the question seems to be about first."""
    kept: list[Piece] = []
    left = max_chars
    for piece in _ranked(request, around, names, frozenset(named)):
        if len(piece.text) + 2 <= left:
            kept.append(piece)
            left -= len(piece.text) + 2
    return Shown("\n\n".join(one.text for one in kept), tuple(dict.fromkeys(one.path for one in kept)))


def _ranked(request: AskRequest, around: Around, names: Sequence[Name], named: frozenset[str]) -> list[Piece]:
    """All pieces: of the thread's line, of its file, of named files, of those with named words; code, tests, prose."""
    thread = request.question.thread
    words = [one.text.lower() for one in names]

    def rank(piece: Piece) -> tuple[bool, bool, bool, int, int]:
        in_file = thread is not None and piece.path == thread.path
        at_line = in_file and thread is not None and thread.line is not None and thread.line in piece.lines
        text = piece.text.lower()
        said = sum(word in text for word in words)
        return not at_line, not in_file, piece.path not in named, -said, _kind(piece.path)

    return sorted(_pieces(request, around), key=rank)


def _pieces(request: AskRequest, around: Around) -> Iterator[Piece]:
    for file in request.change.files:
        if file.hunks and _may_be_shown(file, request, around):
            yield from pieces(masked(file), (), PIECE_MAX_CHARS)


def _may_be_shown(file: ChangedFile, request: AskRequest, around: Around) -> bool:
    """What people wrote and no rule leaves out; removed files too, as a question may be about what they did."""
    if file.status is FileStatus.REMOVED:
        return not request.ignored(file.path)
    return around.is_readable(file.path)


def _kind(path: str) -> int:
    if language_of(path) in PROSE_AND_DATA:
        return 2
    return int(is_test_path(path))
