"""First step: which functions are worth a test. Public ones, changed, tested by nobody, and hard to get right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.analysis.analyse import PARSED_MAX_CHARS
from workers.analysis.languages import Language
from workers.analysis.naming import safe_names
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import Analysis, SourceFile
from workers.analysis.symbols import Symbol
from workers.analysis.testing.frameworks import Framework
from workers.analysis.testing.habits import Habits, habits
from workers.analysis.testing.names import FAMILIES
from workers.analysis.testing.places import imported, place
from workers.analysis.tools import children
from workers.analysis.tools.protocol import Job
from workers.domain.change import Change, Snapshot
from workers.domain.delivery_paths import objection
from workers.experts.base import View, is_product
from workers.experts.exercise import Exercise
from workers.experts.testing import ENTRY_POINTS
from workers.pipelines.testing_parts.values import Dropped, Subject, TestsLimits, TestsRequest

BRANCH = re.compile(r"\b(?:if|elif|for|while|case|catch|except|and|or|when|switch)\b|&&|\|\||\?\?")
LINES_MIN = 2
NOTHING = "nothing of it is to be tested"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What will be asked about, and what was left out and why."""

    subjects: tuple[Subject, ...]
    dropped: tuple[Dropped, ...]


async def symbols_of(
    files: Sequence[SourceFile], sandbox: Sandbox, limits: JailLimits
) -> Mapping[str, tuple[Symbol, ...]]:
    """The definitions of each file by path, read in the sandbox; none of what could not be read."""
    named = safe_names([file for file in files if len(file.text) <= PARSED_MAX_CHARS])
    jobs = [Job("symbols", name) for name in named]
    if not jobs:
        return {}
    try:
        answers = await children.answer(jobs, named, sandbox, limits)
    except OSError:  # no child can start
        return {}
    return {named[job.name].path: answer.symbols for job, answer in answers.done.items()}


def choose(request: TestsRequest, symbols: Mapping[str, tuple[Symbol, ...]], limits: TestsLimits) -> Chosen:
    """The modules to be asked about, those with the most worth a test first. Reads megabytes: not for the event loop."""
    exercise = _exercise(request)
    found = [_candidate(one, symbols.get(one.path, ()), exercise, limits) for one in request.sources]
    ranked = sorted((one for one in found if one.targets), key=lambda one: one.rank)
    making, subjects, dropped = _Making(request), list[Subject](), list[Dropped]()
    for one in ranked:
        beyond = (
            f"at most {limits.modules_max} files are tested at once"
            if len(subjects) >= limits.modules_max
            else ""
        )
        made = beyond or making.subject(one)
        if isinstance(made, Subject):
            subjects.append(made)
        else:
            dropped.append(Dropped(one.source.path, tuple(target.full_name for target in one.targets), made))
    nothing = (Dropped(one.source.path, (), NOTHING) for one in found if not one.targets)
    return Chosen(tuple(subjects), (*dropped, *nothing))


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: SourceFile
    targets: tuple[Symbol, ...]
    rank: tuple[float, ...] = ()


def _exercise(request: TestsRequest) -> Exercise:
    """What the repository's tests reach already."""
    change = Change("", "", ())
    return Exercise(View(change, Snapshot(request.files, request.complete), Analysis(), request.sources))


def _candidate(
    source: SourceFile, symbols: Sequence[Symbol], exercise: Exercise, limits: TestsLimits
) -> _Candidate:
    """A module with what of it is worth a test; private functions only where there are no others."""
    fit = [one for one in symbols if _is_fit(one, source)]
    fit = [one for one in fit if one.public] or fit
    ranked = sorted(fit, key=lambda one: _rank(one, source, exercise))[: limits.targets_max]
    return _Candidate(source, tuple(ranked), _rank(ranked[0], source, exercise) if ranked else ())


def _is_fit(symbol: Symbol, source: SourceFile) -> bool:
    """A function that a touched line stands in; constructors and entry points are tested unnamed."""
    return (
        symbol.kind in ("function", "method")
        and symbol.name not in ENTRY_POINTS
        and not symbol.name.startswith("__")
        and symbol.name != symbol.owner
        and symbol.end - symbol.start + 1 >= LINES_MIN
        and is_product(source.path)
        and any(symbol.start <= line <= symbol.end for line in source.touched)
    )


def _rank(symbol: Symbol, source: SourceFile, exercise: Exercise) -> tuple[float, ...]:
    """Smallest first: public, untested, with the most ways through it, changed most."""
    lines = range(symbol.start, symbol.end + 1)
    ways = len(BRANCH.findall("\n".join(source.text.split("\n")[symbol.start - 1 : symbol.end])))
    changed = sum(line in source.touched for line in lines)
    return (not symbol.public, exercise.names(symbol.name), -ways, -changed / len(lines), symbol.start)


class _Making:
    """Makes subjects; what is true of a language is found out once, and no two tests have one path."""

    def __init__(self, request: TestsRequest) -> None:
        self._files = request.files
        self._habits: dict[Language, Habits | None] = {}
        self._taken: set[str] = set(request.files)

    def subject(self, one: _Candidate) -> Subject | str:
        """The subject, or why there is none."""
        source, language = one.source, one.source.language
        family = FAMILIES.get(language) if language is not None else None
        if language is None or family is None:
            return "tests in its language are not written"
        if language not in self._habits:
            self._habits[language] = habits(self._files, language)
        found = self._habits[language]
        if found is None:
            return "the repository tests this language with nothing that is known here"
        path = place(source.path, found, family, self._taken)
        if why := objection(path, ("",)):
            return f"no file may stand at {path}: {why}"
        self._taken.add(path)
        whole = found.framework is Framework.NODE_TEST
        name = imported(source.path, path, family, self._files, whole=whole)
        return Subject(source, one.targets, found, family, path, name)
