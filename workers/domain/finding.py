"""What a review says about a line, and who says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad; `rank` orders them, 0 is the worst."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical … 3 for low."""
        return _RANKS[self]

    @property
    def blocks(self) -> bool:
        """Whether a finding of this severity should stop a merge."""
        return self in (Severity.CRITICAL, Severity.HIGH)


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Aspect(StrEnum):
    """The side an expert looks from."""

    SECURITY = "security"
    QUALITY = "quality"
    PERFORMANCE = "performance"
    DEPENDENCY = "dependency"
    TESTS = "tests"
    DOCUMENTATION = "documentation"


class State(StrEnum):
    """What the vote said. `single` is one source; `confirmed` needs two whose statements were compared."""

    CONFIRMED = "confirmed"
    SINGLE = "single"
    DISPUTED = "disputed"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True)
class Source:
    """Who found it: `kind` is "tool" or "model", `name` e.g. "ruff" or "gpt-5.6", `rule` e.g. "S602"."""

    kind: str
    name: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.rule}".strip()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why somebody holds a finding to be wrong, in a sentence; `quote` is the code that shows it."""

    by: Source
    why: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about a file of the change.

    `line` and `start_line` are right-side (head) numbers; `line is None` makes it a file-level finding. `rule` is
    the defect class, stable over pushes (e.g. "ruff/S602", "model/sql-injection"). `evidence` is quoted code.
    `suggestion` replaces lines `start_line..line` (just `line` if start_line is None). `fingerprint` is 16 hex
    digits, set by the pipeline. `votes` (0 to 1) is what speaks for it among others. `doubts` are of those who tried to
    disprove it and did, `stood` those who tried and did not. `others` are further lines that it says the same of,
    ascending.
    """

    aspect: Aspect
    severity: Severity
    rule: str
    path: str
    title: str
    description: str
    recommendation: str = ""
    line: int | None = None
    start_line: int | None = None
    evidence: str = ""
    confidence: float = 1.0
    sources: tuple[Source, ...] = ()
    state: State = State.SINGLE
    suggestion: str | None = None
    fingerprint: str = ""
    votes: float = 0.0
    doubts: tuple[Doubt, ...] = ()
    stood: tuple[Source, ...] = ()
    others: tuple[int, ...] = ()
