"""What is wrong with a written test that nobody has run yet: sentences for whoever is to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from workers.analysis.testing.facts import Facts
from workers.analysis.testing.frameworks import Framework
from workers.analysis.testing.imports_known import Known
from workers.analysis.testing.names import Family
from workers.analysis.testing.rules import RULES, WRITES, Rules, broken

NAMED_MAX = 5


@dataclass(frozen=True, slots=True)
class Expected:
    """A test file at `path` about the functions `targets` (their plain names)."""

    path: str
    family: Family
    framework: Framework
    targets: tuple[str, ...]


def objections(facts: Facts, expected: Expected, known: Known) -> tuple[str, ...]:
    """Everything that is wrong, a sentence each; none when it may be run."""
    if facts.broken:
        return (f"It does not parse: look at line {facts.broken}.",)
    return tuple(
        dict.fromkeys(
            (*_shape(facts, expected), *_imports(facts, expected, known), *_habits(facts, expected))
        )
    )


def mentioned(facts: Facts, targets: Collection[str]) -> tuple[str, ...]:
    """The targets that the code of the test names, in their order."""
    words = frozenset(facts.words)
    return tuple(name for name in targets if name in words)


def _shape(facts: Facts, expected: Expected) -> Iterator[str]:
    if not facts.cases:
        yield f"It holds no test that {expected.framework.value} would find."
    empty = [f"`{one.name}` (line {one.line})" for one in facts.cases if not one.checks]
    if empty:
        yield f"These tests assert nothing: {', '.join(empty[:NAMED_MAX])}."
    if facts.cases and not mentioned(facts, expected.targets):
        yield f"It tests none of: {', '.join(f'`{name}`' for name in expected.targets[:NAMED_MAX])}."


def _imports(facts: Facts, expected: Expected, known: Known) -> Iterator[str]:
    for one in facts.imports:
        names = [one.module, *(f"{one.module}.{name}" for name in one.names)]
        rules = RULES[expected.family].imports
        if why := next(filter(None, (broken(name, rules) for name in names)), ""):
            yield f"Line {one.line} imports `{one.module}`: a test here never {why}."
        elif "*" in one.names:
            yield f"Line {one.line} imports everything of `{one.module}`: name what the test needs."
        elif missing := known.missing(expected.path, one):
            yield f"Line {one.line} imports `{missing}`, which is not there."


def _habits(facts: Facts, expected: Expected) -> Iterator[str]:
    rules = RULES[expected.family]
    for word in facts.words:
        if why := rules.words.get(word):
            yield f"It uses `{word}`: a test here never {why}."
    tidy = {one.name for one in facts.cases if rules.temporary.intersection(one.asks)}
    for one in facts.uses:
        if why := broken(one.name, rules.calls) or _writes(one.name, rules, inside=one.case in tidy):
            yield f"Line {one.line} uses `{one.name}`: a test here never {why}."


def _writes(name: str, rules: Rules, *, inside: bool) -> str:
    if inside:
        return ""
    return (
        WRITES
        if name in rules.files or (f".{name.rpartition('.')[2]}" in rules.files and "." in name)
        else ""
    )
