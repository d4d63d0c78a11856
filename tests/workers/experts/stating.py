"""What models state about `changes.SHELL`, on its way through the check against the change and what comes after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.workers.experts.answering import stated
from tests.workers.experts.changes import SHELL, added
from workers.domain.finding import Aspect, Finding
from workers.experts.evidence import Rejected, checked
from workers.experts.meta import Sifted, sifted
from workers.experts.similarity import Nearness
from workers.experts.statements import ModelFindings

NEAR = Nearness()
FILES = {"run.py": added("run.py", SHELL)}


def found(model: str = "model-a", **values: Any) -> Finding:
    """The finding that `stated(**values)` becomes."""
    (one,) = proven([stated(**values)], model)[0]
    return one


def judged(statements: Sequence[Mapping[str, Any]], model: str = "model-a") -> Sifted:
    """An answer from end to end."""
    findings, rejected = proven(statements, model)
    return sifted(findings, rejected, nearness=NEAR)


def proven(
    statements: Sequence[Mapping[str, Any]], model: str = "model-a"
) -> tuple[list[Finding], Counter[str]]:
    """The findings of an answer, and by reason what became none."""
    answer = ModelFindings.model_validate({"findings": list(statements)})
    outcomes = [checked(one, FILES, tuple(Aspect), model) for one in answer.findings]
    findings = [one for one in outcomes if isinstance(one, Finding)]
    return findings, Counter(one.why for one in outcomes if isinstance(one, Rejected))
