"""A change cut into batches that fit a model's window; what does not fit is named, never dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.languages import Language, is_test_path, language_of
from workers.analysis.symbols import Symbol
from workers.domain.change import ChangedFile
from workers.experts.excerpt import Piece, Shown, size_of
from workers.llm.conversation import BYTES_PER_TOKEN

CHARS_PER_TOKEN = BYTES_PER_TOKEN  # as the door counts: what fits by another count, it refuses as too long
BETWEEN = "\n\n"  # pieces of a batch

PROSE_AND_DATA = frozenset({Language.MARKDOWN, Language.JSON, Language.CSS, None})


@dataclass(frozen=True, slots=True)
class Room:
    """What may be sent: characters of excerpt in a batch, and batches."""

    batch_max_chars: int
    batches_max: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces that are asked about together."""

    pieces: tuple[Piece, ...]

    def paths(self) -> tuple[str, ...]:
        """The files in it, in order, each once."""
        return tuple(dict.fromkeys(piece.path for piece in self.pieces))

    def text(self) -> str:
        """The excerpt."""
        return BETWEEN.join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Plan:
    """The batches, and the files of which something is in none of them."""

    batches: tuple[Batch, ...]
    left_out: tuple[str, ...]


def room_in(window_tokens: int, output_max_tokens: int, around_chars: int, batches_max: int) -> Room:
    """The room that a window leaves beside the answer and `around_chars` characters of fixed text (0 at least)."""
    free = (window_tokens - output_max_tokens) * CHARS_PER_TOKEN - around_chars
    return Room(max(0, int(free)), batches_max)


def plan(
    files: Sequence[ChangedFile],
    symbols: Mapping[str, Sequence[Symbol]],
    room: Room,
    shown: Shown | None = None,
) -> Plan:
    """Pack the files' hunks into batches, first come first served, code before tests before prose.

    A hunk larger than a batch is cut between lines; what comes after the last batch is `left_out`. `shown` are the
    same files' excerpts, as far as they were made before.
    """
    if room.batch_max_chars < 1:
        return Plan((), tuple(file.path for file in files))
    batches: list[Batch] = []
    left_out: dict[str, None] = {}
    current: list[Piece] = []
    size = 0
    for piece in _ordered(files, symbols, room.batch_max_chars, shown or Shown()):
        taken = size_of(piece.text)
        if current and size + taken > room.batch_max_chars:
            batches.append(Batch(tuple(current)))
            current, size = [], 0
        if len(batches) >= room.batches_max or taken > room.batch_max_chars:
            left_out[piece.path] = None
            continue
        current.append(piece)
        size += taken + len(BETWEEN)
    if current:
        batches.append(Batch(tuple(current)))
    return Plan(tuple(batches), tuple(left_out))


def _ordered(
    files: Sequence[ChangedFile], symbols: Mapping[str, Sequence[Symbol]], batch_max_chars: int, shown: Shown
) -> list[Piece]:
    order = sorted(files, key=_rank)
    half_chars = (batch_max_chars - len(BETWEEN)) // 2  # packs better than pieces of a whole batch
    return [piece for file in order for piece in shown.pieces(file, symbols.get(file.path, ()), half_chars)]


def _rank(file: ChangedFile) -> int:
    if is_test_path(file.path):
        return 1
    return 2 if language_of(file.path, file.text or "") in PROSE_AND_DATA else 0
