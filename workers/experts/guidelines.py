"""Guidelines as a model reads them: made safe once, then the ones that speak of a batch, within its limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from config.patterns import compile_globs
from config.repository import PathInstruction
from workers.analysis.redaction import strip_hidden
from workers.domain.guidelines import Guideline, Guidelines, Instruction, Place
from workers.domain.secrets import find_secrets
from workers.experts.excerpt import size_of

NOTE_MAX_CHARS = 60
"""Characters kept for the word about what was cut or left out."""


@dataclass(frozen=True, slots=True)
class GuidelineLimits:
    """How many files of guidelines are read for one review, and how much of each."""

    reads_max: int = 20
    file_max_chars: int = 20_000


def gathered(
    found: Iterable[tuple[Place, str]], instructions: Iterable[PathInstruction], limits: GuidelineLimits
) -> Guidelines:
    """The files that were found, each cut at its limit, and what the configuration says of some paths."""
    files = (guideline(place, text, limits.file_max_chars) for place, text in found)
    told = (instruction(one.path, one.instructions) for one in instructions)
    return Guidelines(tuple(one for one in files if one.text), tuple(one for one in told if one.text))


def guideline(place: Place, text: str, max_chars: int) -> Guideline:
    """The file's `text` without secrets and without what its readers do not see, at most `max_chars` of it."""
    return Guideline(place, cut(_safe(text), max_chars))


def instruction(glob: str, text: str) -> Instruction:
    """What the configuration says of some files, made safe in the same way."""
    return Instruction(glob, _safe(text))


def worded(guidelines: Guidelines, paths: Sequence[str], max_chars: int) -> str:
    """What is said of any of `paths`, in at most `max_chars` characters; "" when nothing is.

    The particular stands last, and is the last to be cut: it is what overrules. So is what is named first.
    """
    parts = list(_said(guidelines, paths))
    left = max_chars - NOTE_MAX_CHARS
    shown: list[str] = []
    for part in reversed(parts):
        if left <= 2 * NOTE_MAX_CHARS:
            shown.append(f"({len(parts) - len(shown)} more left out: no room)"[: max(0, max_chars)])
            break
        shown.append(cut(part, left))
        left -= len(shown[-1]) + 2
    return "\n\n".join(reversed(shown))


def whole_size(guidelines: Guidelines, paths: Sequence[str]) -> int:
    """What `worded` would need, in bytes, to say all that is said of any of `paths`."""
    return sum(size_of(part) + 2 for part in _said(guidelines, paths))


def cut(text: str, max_chars: int) -> str:
    """`text` as far as whole lines of it fit into `max_chars`, with a word about the rest."""
    if len(text) <= max_chars:
        return text
    room = text[: max(0, max_chars - NOTE_MAX_CHARS)]
    kept = room.rpartition("\n")[0] or room
    return f"{kept}\n… (cut here: {len(text) - len(kept)} more characters)"[: max(0, max_chars)]


def _said(guidelines: Guidelines, paths: Sequence[str]) -> Iterator[str]:
    """Each, under its heading, that speaks of one of `paths`: deeper folders later, and what was named first last."""
    deepest_first = sorted(guidelines.files, key=lambda file: -len(PurePosixPath(file.place.folder).parts))
    for file in reversed(deepest_first):
        if any(map(file.place.covers, paths)):
            where = f"for {file.place.folder}/" if file.place.folder else "for the whole repository"
            yield f"=== {file.place.path} ({where})\n{file.text}"
    for one in guidelines.instructions:
        if any(map(compile_globs([one.glob]), paths)):
            yield f"=== instructions for {one.glob}\n{one.text}"


def _safe(text: str) -> str:
    """Secrets are marked without a number: numbers belong to the change, where the same value has the same one."""
    visible = strip_hidden(text.replace("\r\n", "\n")).text.strip()
    parts, at = [], 0
    for span in find_secrets(visible):
        parts += [visible[at : span.start], f"«secret:{span.kind}»"]
        at = span.end
    return "".join([*parts, visible[at:]])
