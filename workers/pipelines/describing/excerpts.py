"""What of a change its describer is shown: a piece of every file before a second one of any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from workers.analysis.languages import is_test_path, language_of
from workers.domain.change import ChangedFile, FileStatus
from workers.experts.batching import PROSE_AND_DATA
from workers.experts.excerpt import Piece, pieces
from workers.experts.masking import masked

PIECE_MAX_CHARS = 4_000
SHOWN_WHEN_OMITTED = frozenset({FileStatus.REMOVED})


@dataclass(frozen=True, slots=True)
class Excerpts:
    """The text, and the files of which something is in it."""

    text: str
    paths: frozenset[str]


def excerpts_of(files: Sequence[ChangedFile], ignored: Callable[[str], bool], max_chars: int) -> Excerpts:
    """As much as fits, code before tests before prose; nothing of generated, vendored or ignored files."""
    order = sorted((file for file in files if _may_be_shown(file, ignored)), key=_rank)
    cut = [pieces(masked(file), (), PIECE_MAX_CHARS) for file in order]
    kept: dict[str, list[Piece]] = {file.path: [] for file in order}
    left = max_chars
    for layer in zip_longest(*cut):
        for piece in filter(None, layer):
            if len(piece.text) + 2 <= left:
                kept[piece.path].append(piece)
                left -= len(piece.text) + 2
    text = "\n\n".join(piece.text for row in kept.values() for piece in row)
    return Excerpts(text, frozenset(path for path, row in kept.items() if row))


def _may_be_shown(file: ChangedFile, ignored: Callable[[str], bool]) -> bool:
    read = file.omitted is None or file.status in SHOWN_WHEN_OMITTED
    return bool(file.hunks) and read and not ignored(file.path)


def _rank(file: ChangedFile) -> tuple[int, int, str]:
    size = -file.additions - file.deletions
    if is_test_path(file.path):
        return 1, size, file.path
    return 2 if language_of(file.path) in PROSE_AND_DATA else 0, size, file.path
