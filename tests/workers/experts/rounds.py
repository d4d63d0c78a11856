"""Two rounds of a review, written as the texts of their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tests.workers.experts.changes import added
from workers.analysis.since import since
from workers.domain.adjudication import Converged, Earlier, Fate, Past, ReadFile, Round
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.experts.convergence import converged
from workers.experts.identity import identified

READ = ReadFile("", frozenset({"ruff"}), model=True)

OLD = """\
import subprocess


def run(command):
    log(command)
    subprocess.run(command, shell=True)
    return 0


def total(prices):
    return sum(prices) / len(prices)
"""


def said(
    quote: str,
    text: str = OLD,
    path: str = "run.py",
    *,
    rule: str = "model/shell-injection",
    title: str = "The shell interprets the command",
    severity: Severity = Severity.HIGH,
    aspect: Aspect = Aspect.SECURITY,
    at: int = 0,
) -> Finding:
    """A finding on the lines of `text` that hold `quote`: its place number `at`; by ruff if that is the rule's."""
    kind, _, name = rule.partition("/")
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if quote in line]
    line = lines[at] if lines else None
    source = Source("tool", "ruff", name) if kind == "ruff" else Source("model", "m", name)
    evidence = text.split("\n")[line - 1] if line else quote
    return Finding(
        aspect, severity, rule, path, title, "As said.", line=line, evidence=evidence, sources=(source,)
    )


def earlier(*findings: Finding, fate: Fate = Fate.OPEN) -> tuple[Earlier, ...]:
    return tuple(Earlier(one, fate) for one in identified(findings, {}))


def after(
    told: tuple[Earlier, ...],
    now: Mapping[str, str],
    found: Sequence[Finding] = (),
    *,
    before: Mapping[str, str] | None = None,
    read: ReadFile | None = READ,
    asked: bool = True,
) -> Converged:
    """The round on the texts `now`, all of them added by the change, after one on the texts `before`."""
    texts = {"run.py": OLD} if before is None else dict(before)
    last = Round(1, "a" * 40, "b" * 40, {path: ReadFile(path, model=asked) for path in texts})
    past = Past(last, told, texts)
    files = {path: replace(added(path, text), blob_sha="new") for path, text in now.items()}
    reads = dict.fromkeys(now, read) if read is not None else {}
    return converged(
        identified(found, {}),
        past,
        since(past, list(files.values())),
        files,
        {path: one for path, one in reads.items() if one is not None},
    )


def fates(round_: Converged) -> list[Fate]:
    return [one.now for one in round_.rulings]
