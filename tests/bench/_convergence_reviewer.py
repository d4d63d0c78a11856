"""The reviewer of the replay: the real static half, and a made-up model that never says a thing the same way twice."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench._convergence_defects import NITS
from tests.bench._convergence_lines import of_defect
from tests.bench._convergence_pushes import State
from workers.analysis.analyse import analyse, readers
from workers.analysis.diff import parse_diff
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import sources
from workers.domain.adjudication import ReadFile
from workers.domain.change import Change, ChangedFile
from workers.domain.finding import Aspect, Finding, Severity
from workers.experts.base import View
from workers.experts.consensus import merged
from workers.experts.coordinator import consult
from workers.experts.evidence import Rejected, checked
from workers.experts.heard import Heard
from workers.experts.identity import identified
from workers.experts.registry import EXPERTS
from workers.experts.similarity import Nearness
from workers.experts.statements import ModelFinding
from workers.git.local import LocalLimits, read_local
from workers.pipelines.coverage import ledger
from workers.pipelines.paged import with_before
from workers.pipelines.placing import placed
from workers.pipelines.rounds import read_files

MODEL = "made-up"
LIMITS = LocalLimits(files_max=300, file_max_bytes=1024 * 1024, snapshot_max_bytes=64 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Habits:
    """How likely the model finds a defect on code that changed since the last round, and on code that did not; and how
    many minor remarks it makes up in a round.
    """

    recall_changed: float = 1.0
    recall_same: float = 0.7
    nits: int = 3


@dataclass(frozen=True, slots=True)
class Looked:
    """What a reviewer found in one round, placed and named, what it read, and all texts at the head."""

    change: Change
    around: Mapping[str, str]
    found: tuple[Finding, ...]
    read: Mapping[str, ReadFile]


async def look(
    folder: Path,
    base: str,
    head: str,
    sandbox: Sandbox,
    state: State,
    changed: frozenset[int],
    habits: Habits,
    name: str,
) -> Looked:
    """Review `head`; `changed` are the defects whose code is not what it was in the last round."""
    change, snapshot = await read_local(folder, base, head, LIMITS, parse_diff)
    readable = with_before(sources(change), change, {})
    analysis = await partial(analyse, sandbox=sandbox, limits=JailLimits())(readable, snapshot)
    view = View(change, snapshot, analysis, readable)
    opinions = await consult(EXPERTS, view, None, lambda _: None)
    said = _said(state, change, changed, habits, random.Random(name))
    files = {file.path: file for file in change.files}
    stands = (placed(one, files.get(one.path)) for one in (*opinions.findings, *said))
    heard = Heard(read={one.path: (MODEL,) for one in readable})
    entries = ledger(change.files, readable, analysis, heard, readers).entries
    return Looked(
        change,
        snapshot.files,
        identified(merged(stands, Nearness()), analysis.symbols),
        read_files(entries, change.files, analysis, heard),
    )


def _said(
    state: State, change: Change, changed: frozenset[int], habits: Habits, chance: random.Random
) -> list[Finding]:
    """Statements about the defects that are there, and nits; each as good as its quote."""
    files = {file.path: file for file in change.files if file.text is not None}
    statements = [
        _statement(state, defect, chance)
        for defect in state.open
        if chance.random() < (habits.recall_changed if defect in changed else habits.recall_same)
    ]
    readable = [file for file in files.values() if file.added_lines()]
    statements += [_nit(chance.choice(readable), chance) for _ in range(habits.nits) if readable]
    found = (checked(one, files, frozenset(Aspect), MODEL) for one in statements)
    return [one for one in found if not isinstance(one, Rejected)]


def _statement(state: State, defect: int, chance: random.Random) -> ModelFinding:
    """The defect in one of its wordings, quoted in one of the ways that models quote."""
    kind = state.seeded[defect]
    path, start, end = of_defect(state.head, defect)
    lines = [line.text for line in state.head[path]]
    first, last = chance.choice(
        [(start, end), (start, end), (start, min(end + 1, len(lines))), (max(0, start - 1), end)]
    )
    quote = lines[first:last]
    if chance.random() < 0.3:
        quote = [line.strip() for line in quote]
    title = chance.choice(kind.titles)
    worse = chance.random() < 0.15 and kind.severity is Severity.HIGH
    return ModelFinding(
        aspect=kind.aspect,
        severity=Severity.CRITICAL if worse else kind.severity,
        path=path,
        quote="\n".join(quote),
        title=title,
        description=" ".join(chance.sample(kind.titles, 2))
        + ". "
        + chance.choice(("Please look.", "This will bite.", "")),
        confidence=round(chance.uniform(0.5, 1.0), 2),
        rule=chance.choice(kind.rules),
    )


def _nit(file: ChangedFile, chance: random.Random) -> ModelFinding:
    lines = (file.text or "").split("\n")
    line = lines[chance.choice(sorted(file.added_lines())) - 1]
    rule, title = chance.choice(NITS)
    return ModelFinding(
        aspect=Aspect.QUALITY,
        severity=chance.choice((Severity.LOW, Severity.MEDIUM)),
        path=file.path,
        quote=line if line.strip() else "def ",
        title=title,
        description="It would be nicer otherwise.",
        confidence=0.5,
        rule=rule,
    )
