"""What a finding of the replay really speaks of, and what was right or wrong about a round."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from tests.bench._convergence_defects import Kind
from tests.bench._convergence_lines import Line, Tree, live, of_defect
from tests.bench._convergence_pushes import State
from workers.analysis.quoting import squeezed
from workers.domain.adjudication import Converged, Fate
from workers.domain.finding import Finding, Source

TWINS_LINES = 3
_NAMED = re.compile(r"Undefined name `([^`]{1,80})`")
_SAME_ON = re.compile(r"The same on lines ([0-9, ]+)")
Subject = tuple[str, int]
"""A class of defect and an origin of a line that it stands on; or "seed" and the number of a seeded defect."""


def subjects(finding: Finding, state: State) -> frozenset[Subject]:
    """Everything that `finding` speaks of: the seeds on its lines of which a source says what they were seeded for, and
    what its other sources say of its lines.
    """
    lines = [*_lines(finding, state.head), *_gathered(finding, state.head)]
    seeds = sorted({line.defect for line in lines if line.defect is not None})
    found: set[Subject] = set()
    for source in finding.sources:
        meant = {("seed", seed) for seed in seeds if _is_of(source, finding, state.seeded[seed])}
        few = lines[:1] if finding.line is None else lines
        found |= meant or {(_class(source, finding), line.origin) for line in few}
    return frozenset(found)


def _lines(finding: Finding, tree: Tree) -> list[Line]:
    text = tree.get(finding.path, ())
    if finding.line is not None:
        return list(text[(finding.start_line or finding.line) - 1 : finding.line])
    wanted = {squeezed(line) for line in finding.evidence.split("\n") if line.strip()}
    return [line for line in text if squeezed(line.text) in wanted] or list(text)


def _class(source: Source, finding: Finding) -> str:
    """The rule, and the name that a tool complains of: one line may hold two undefined ones."""
    named = _NAMED.search(finding.description) if source.kind == "tool" else None
    return f"{source.rule} {named[1]}" if named and not _SAME_ON.search(finding.description) else source.rule


def _gathered(finding: Finding, tree: Tree) -> list[Line]:
    """The other lines of which a tool says the same in one remark."""
    text = tree.get(finding.path, ())
    return [text[number - 1] for number in finding.others if number <= len(text)]


def twins(finding: Finding, state: State) -> list[frozenset[Subject]]:
    """What it would speak of, were it on a line beside it that reads the same: nobody can tell which is the older one."""
    text, line = state.head.get(finding.path, ()), finding.line
    if line is None:
        return []
    beside = range(max(1, line - TWINS_LINES), min(len(text), line + TWINS_LINES) + 1)
    near = [at for at in beside if at != line and text[at - 1].text == text[line - 1].text]
    return [subjects(replace(finding, line=at, start_line=None), state) for at in near]


def _is_of(source: Source, finding: Finding, kind: Kind) -> bool:
    if source.kind == "model":
        return source.rule in kind.rules
    return finding.aspect is kind.aspect and not source.rule.startswith("F")


def origins(tree: Tree) -> frozenset[int]:
    """Of all lines."""
    return frozenset(line.origin for text in tree.values() for line in text)


def rewritten(state: State, before: State) -> frozenset[int]:
    """The seeds of which a line is not what it was in the last round."""
    seen = origins(before.head)
    return frozenset(
        line.defect
        for text in state.head.values()
        for line in text
        if line.defect is not None and line.origin not in seen
    )


@dataclass
class Score:
    """Counts over all rounds, and a line for everything that went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def miss(self, what: str, told: str) -> None:
        """One more mistake."""
        self.counts[what] += 1
        self.wrong.append(f"{what}: {told}")


@dataclass
class Told:
    """What was said so far: fingerprint → subjects, when it was said."""

    subjects: dict[str, frozenset[Subject]] = field(default_factory=dict)

    def says(self, found: frozenset[Subject]) -> bool:
        """Whether all of it was said."""
        known = {one for said in self.subjects.values() for one in said}
        seeds = {one for one in found if one[0] == "seed"}
        return bool(found) and (seeds or found) <= known


def judge_new(
    round_: Converged, state: State, before: State, read: Collection[str], told: Told, score: Score, name: str
) -> None:
    """Nothing twice, and nothing minor on what did not change since the last round, which `read` these files."""
    old = origins({path: text for path, text in before.head.items() if path in read})
    for finding in round_.findings:
        if finding.fingerprint not in round_.fresh:
            continue
        about = subjects(finding, state)
        score.counts["said anew"] += 1
        shown = f"{name} {finding.path}:{finding.line} {finding.rule} {finding.title}"
        if told.says(about) and all(told.says(other) for other in twins(finding, state)):
            score.miss("repeats", shown)
        if not finding.severity.blocks and {line.origin for line in _lines(finding, state.head)} <= old:
            score.miss("minor on unchanged code", shown)


def judge_lost(
    round_: Converged, state: State, before: State, found: Iterable[Finding], score: Score, name: str
) -> None:
    """Every new seed that the reviewer found is said, under whatever name."""
    new = set(state.open) - set(before.seeded)
    for seed in sorted(_seeds(found, state) & new):
        score.counts["new seeds found"] += 1
        if seed not in _seeds(round_.findings, state):
            score.miss(
                "new seeds not said", f"{name} {of_defect(state.head, seed)} {state.seeded[seed].rules[0]}"
            )


def _seeds(findings: Iterable[Finding], state: State) -> set[int]:
    return {seed for one in findings for kind, seed in subjects(one, state) if kind == "seed"}


def judge_fates(round_: Converged, state: State, before: State, told: Told, score: Score, name: str) -> None:
    """What was cured is called fixed, and nothing else is."""
    live = {line.defect for text in state.head.values() for line in text}
    was = {line.defect for text in before.head.values() for line in text}
    for one in round_.rulings:
        about = told.subjects.get(one.finding.fingerprint, frozenset())
        seeds = {seed for kind, seed in about if kind == "seed"}
        if len(seeds) < max(1, len(about)):
            continue  # it speaks of something else as well
        shown = f"{name} {one.finding.path}:{one.finding.line} {one.finding.rule} {one.before}→{one.now} ({one.why})"
        if seeds & live:
            _judge_live(one.now, one.before, seeds, state, shown, score)
        elif seeds & was and one.before is Fate.OPEN and not _replanted(seeds, state, before):
            score.counts["fixed"] += 1
            if one.now is Fate.OPEN:
                score.miss("fixed and not recognised", shown)


def _replanted(seeds: Collection[int], state: State, before: State) -> bool:
    """Whether the same kind was seeded anew in the very place of a cured one: nobody can tell that from a renaming."""
    places = {(state.seeded[seed], *_neighbours(before.head, seed)) for seed in seeds}
    new = set(state.open) - set(before.seeded)
    return any((state.seeded[seed], *_neighbours(state.head, seed)) in places for seed in new)


def _neighbours(tree: Tree, seed: int) -> tuple[int, ...]:
    """The origin of the line before it."""
    if seed not in live(tree):
        return ()
    path, start, _ = of_defect(tree, seed)
    return (tree[path][start - 1].origin,) if start else (0,)


def _judge_live(now: Fate, before: Fate, seeds: set[int], state: State, shown: str, score: Score) -> None:
    score.counts["still there"] += 1
    if now is Fate.FIXED and seeds & set(state.open):  # nobody speaks of what the base has, too
        score.miss("falsely fixed" if before is not Fate.FIXED else "back and not noticed", shown)
    elif now is Fate.OUTDATED and seeds & set(state.open):
        score.miss("falsely outdated", shown)


def remember(round_: Converged, state: State, told: Told) -> None:
    """What was said in this round."""
    for finding in round_.findings:
        if finding.fingerprint in round_.fresh:
            told.subjects[finding.fingerprint] = subjects(finding, state)
