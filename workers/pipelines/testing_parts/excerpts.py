"""What a model is shown of a module: the module, what it imports from the repository, and a test that stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.imports import ModuleGraph
from workers.analysis.redaction import make_safe
from workers.analysis.symbols import Symbol
from workers.pipelines.testing_parts.values import Subject, TestsLimits

CUT = "[…]"
BESIDE_MAX = 3
HEAD_LINES = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """Texts about one subject that are fit for a model."""

    subject: Subject
    source: str
    beside: str
    example: str


@dataclass(frozen=True, slots=True)
class AllShown:
    """`taken_out` is a sentence about what was removed before a model saw anything, "" when nothing was."""

    shown: tuple[Shown, ...]
    taken_out: str


def shown(subjects: Sequence[Subject], files: Mapping[str, str], limits: TestsLimits) -> AllShown:
    """What models see of each subject. Megabytes are searched for secrets: not for the event loop."""
    graph = ModuleGraph(files)
    texts = [text for one in subjects for text in _texts(one, files, graph, limits)]
    safe = make_safe([], texts)
    parts = iter(safe.code)
    found = tuple(Shown(one, next(parts), next(parts), next(parts)) for one in subjects)
    return AllShown(found, safe.notice() if subjects else "")


def _texts(
    subject: Subject, files: Mapping[str, str], graph: ModuleGraph, limits: TestsLimits
) -> Iterator[str]:
    yield source(subject.source.text, subject.targets, limits.source_max_chars)
    yield _beside(subject, files, graph, limits.beside_max_chars)
    example = next(iter(subject.habits.examples), "")
    yield _first(f"{example}\n{files[example]}", limits.example_max_chars) if example else ""


def source(text: str, targets: Sequence[Symbol], max_chars: int) -> str:
    """The whole text; or its head and the targets, as far as there is room."""
    if len(text) <= max_chars:
        return text
    lines = text.split("\n")
    spans = [(1, HEAD_LINES), *sorted((one.start, one.end) for one in targets)]
    parts, at, left = list[str](), 0, max_chars
    for start, end in spans:
        part = "\n".join(lines[max(at, start - 1) : end])
        if part and len(part) <= left:
            parts += [part, CUT]
            left -= len(part) + len(CUT) + 2
            at = max(at, end)
    return "\n".join(parts)


def _beside(subject: Subject, files: Mapping[str, str], graph: ModuleGraph, max_chars: int) -> str:
    others = list(graph.targets(subject.path))[:BESIDE_MAX]
    each = max_chars // max(1, len(others))
    return "\n\n".join(_first(f"{path}\n{files.get(path, '')}", each) for path in others)


def _first(text: str, max_chars: int) -> str:
    """As many whole lines as fit."""
    if len(text) <= max_chars:
        return text
    return f"{text[:max_chars].rpartition(chr(10))[0]}\n{CUT}"
