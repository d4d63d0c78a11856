"""Repositories as an audit finds them, without running any analyser."""

from __future__ import annotations

from workers.analysis.languages import language_of
from workers.analysis.structure.model import Module
from workers.analysis.structure.read import READERS, read
from workers.domain.audit import Criterion, Score
from workers.domain.finding import Aspect, Finding, Severity, Source
from workers.domain.review import Review, Verdict
from workers.pipelines.auditing.values import Audited


def audited(files: dict[str, str], *findings: Finding) -> Audited:
    """`files`, of which the analysers say `findings`."""
    review = Review("", "", Verdict.FINDINGS, "", findings, ())
    return Audited(files, tuple(files), review, tuple(_modules(files)))


def _modules(files: dict[str, str]) -> list[Module]:
    known = {path: str(language_of(path)) for path in files}
    return [read(path, files[path], known[path]) for path in files if known[path] in READERS]


def finding(severity: Severity, aspect: Aspect = Aspect.SECURITY, *, by: Source | None = None) -> Finding:
    """One about line 2 of app.py."""
    source = by or Source("tool", "ruff", "S602")
    return Finding(aspect, severity, "shell/injection", "app.py", "t", "d", line=2, sources=(source,))


def criterion(score: Score, name: str) -> Criterion:
    """The reason of that name."""
    return next(one for one in score.criteria if one.name == name)
