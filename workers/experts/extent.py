"""How hard a change looks and where it is risky: by paths, lengths and languages, never by what is written in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workers.analysis.languages import language_of
from workers.domain.change import ChangedFile
from workers.llm.routing.complexity import combined_complexity
from workers.llm.routing.floor import is_risky
from workers.llm.routing.values import Band, Wanted


def hardness(files: Iterable[ChangedFile]) -> float:
    """How hard the changed lines of `files` look together, 0 to 1."""
    return combined_complexity(map(_changed, files)).score


def risky_among(files: Iterable[ChangedFile], risky_paths: Sequence[str]) -> tuple[str, ...]:
    """The paths of the risky ones; what was moved out of a risky place is as risky as it was there."""
    return tuple(file.path for file in files if is_risky(_places(file), risky_paths))


def band_of(files: Sequence[ChangedFile], risky_paths: Sequence[str]) -> Band:
    """How hard a review of `files` looks to the router."""
    return Wanted("review", hardness(files), bool(risky_among(files, risky_paths))).band


def readable(files: Iterable[ChangedFile]) -> tuple[ChangedFile, ...]:
    """The files of which there is anything to read."""
    return tuple(file for file in files if file.omitted is None and file.hunks)


def _places(file: ChangedFile) -> list[str]:
    return [path for path in (file.path, file.old_path) if path]


def _changed(file: ChangedFile) -> tuple[int, str]:
    language = language_of(file.path, file.text or "")
    chars = sum(len(line) for hunk in file.hunks for line in hunk.lines if line[:1] in ("+", "-"))
    return chars, language.value if language is not None else ""
