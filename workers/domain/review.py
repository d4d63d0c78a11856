"""The result of a review, before anybody renders it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workers.domain.adjudication import Converged, ReadFile
from workers.domain.change import Omission
from workers.domain.finding import Finding
from workers.domain.usage import Call


class Verdict(StrEnum):
    """The truth about the head. Only `clean` and `findings` say that everything was reviewed."""

    CLEAN = "clean"
    FINDINGS = "findings"
    BLOCKING = "blocking"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one changed file: `read_by` names tools and models, or `omitted` says why nobody read it."""

    path: str
    read_by: tuple[str, ...] = ()
    omitted: Omission | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ToolRun:
    """One analyser's run: `outcome` is "ok", "failed" or "off"; `isolation` is "jail", "reduced" or "in process"."""

    tool: str
    outcome: str
    isolation: str
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Planned:
    """A question of a dry run: the files that it is about, and the call that it would be."""

    paths: tuple[str, ...]
    call: Call


@dataclass(frozen=True, slots=True)
class Review:
    """A finished review of one head.

    `findings` are ranked, best first, and complete; the first `thread_count` are to have a thread each, the others are
    listed without one. `notices` are sentences that must be visible (degradations, limits, bad
    configuration). `seconds` is the wall time of the thinking. `quality` (0 to 1) is how good what models said is as a
    whole, `validated` whether that and the answers were enough; None: no model was asked, or said anything.
    `planned` are the questions of a dry run, none of which was asked.
    `refuted` were disproved by another model and are no findings; `consistency` (0 to 1) is how far models that were
    asked the same said the same, None when fewer than two were. `again_at` (epoch seconds): there was no money for a
    model, and will be then. `progress` says what became of what was said before, and what of `findings` is new; `read`
    who read which file. `run_limit_micros`: what the run might cost, if anybody set a limit.
    """

    head_sha: str
    base_sha: str
    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    tools: tuple[ToolRun, ...] = ()
    calls: tuple[Call, ...] = ()
    notices: tuple[str, ...] = ()
    walkthrough: str = ""
    suppressed: int = 0
    config_origin: str = "defaults"
    thread_count: int = 0
    seconds: float = 0.0
    quality: float | None = None
    validated: bool | None = None
    planned: tuple[Planned, ...] = ()
    again_at: float | None = None
    refuted: tuple[Finding, ...] = ()
    consistency: float | None = None
    progress: Converged | None = None
    read: Mapping[str, ReadFile] = field(default_factory=dict)
    run_limit_micros: int | None = None
