"""The refuter: models of another family try to disprove what only models found, with the code at hand."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.domain.task import DRY_RUN, ModelError, Models
from workers.domain.voice import Voice
from workers.experts.refuting_choice import disputable, finders
from workers.experts.refuting_outcome import Answered, Refuted, Unanswered, concluded, learn, results_of
from workers.experts.refuting_questions import Case, RefuteLimits, Refuting, refuting

NO_OTHER_FAMILY = "no model of another family"
BEYOND_LIMIT = "beyond the limit"
NO_ROOM = "no room in the questions"
USUALLY = Voice()


@dataclass(frozen=True, slots=True)
class _Group:
    """Findings of the same models, by their numbers, and who may judge them."""

    numbers: tuple[int, ...]
    models: Models | None


@dataclass(frozen=True, slots=True)
class _Put:
    """A question and who is asked."""

    models: Models
    question: Refuting


async def refute(
    models: Models,
    findings: Sequence[Finding],
    files: Mapping[str, ChangedFile],
    *,
    boundary: str,
    limits: RefuteLimits,
    progress: Callable[[str], None],
    risky_paths: tuple[str, ...] = (),
    voice: Voice = USUALLY,
) -> Refuted:
    """Put the worst of what only models found to models of other families. `files` are the changed ones, by path.

    Nothing that fails raises, and no failure loses a finding: it stays as it was.
    """
    case = Case(findings, files, boundary, limits, risky_paths, voice)
    numbers = [one for one in disputable(findings) if _is_readable(files.get(findings[one].path))]
    groups = _groups(models, findings, numbers[: limits.findings_max])
    # Megabytes are searched for secrets: not on the loop that keeps leases alive.
    puts = await asyncio.to_thread(_puts, case, groups) if groups else []
    outcomes = await asyncio.gather(*(_one(put, progress) for put in puts))
    results = await asyncio.to_thread(results_of, outcomes)
    learn(models, results)
    return concluded(findings, outcomes, results, _unasked(numbers, groups, puts, limits))


def _is_readable(file: ChangedFile | None) -> bool:
    return file is not None and file.text is not None


def _groups(models: Models, findings: Sequence[Finding], numbers: Iterable[int]) -> list[_Group]:
    of_finders: dict[frozenset[str], list[int]] = defaultdict(list)
    for number in numbers:
        of_finders[finders(findings[number])].append(number)
    return [_Group(tuple(its), models.apart_from(names)) for names, its in of_finders.items()]


def _puts(case: Case, groups: Sequence[_Group]) -> list[_Put]:
    puts: list[_Put] = []
    for group in groups:
        if group.models is not None:
            left = case.limits.questions_max - len(puts)
            asked = refuting(case, group.numbers, group.models.window_tokens(), left)
            puts += [_Put(group.models, question) for question in asked]
    return puts


def _unasked(
    numbers: Sequence[int], groups: Sequence[_Group], puts: Sequence[_Put], limits: RefuteLimits
) -> dict[str, int]:
    alone = sum(len(group.numbers) for group in groups if group.models is None)
    beyond = max(0, len(numbers) - limits.findings_max)
    put = sum(len(one.question.claims) for one in puts)
    counted = {
        NO_OTHER_FAMILY: alone,
        BEYOND_LIMIT: beyond,
        NO_ROOM: len(numbers) - beyond - alone - put,
    }
    return {why: count for why, count in counted.items() if count}


async def _one(put: _Put, progress: Callable[[str], None]) -> Answered | Unanswered:
    claims = len(put.question.claims)
    try:
        completion = await put.models.complete(put.question.task)
    except ModelError as error:
        if error.kind != DRY_RUN:
            progress(f"nobody tried to disprove {claims} finding(s): {error.kind}")
        return Unanswered(put.question, error)
    progress(f"{completion.model} tried to disprove {claims} finding(s)")
    return Answered(put.question, completion)
