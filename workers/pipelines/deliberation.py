"""From what the experts said to what is held to be so: placed, merged, put to a refuter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workers.domain.change import ChangedFile
from workers.domain.finding import Finding, State
from workers.domain.review import Planned
from workers.domain.usage import Call
from workers.experts.consensus import merged
from workers.experts.consensus_state import consistency
from workers.experts.coordinator import Opinions, Questioning
from workers.experts.heard import Heard
from workers.experts.questions import STAGE
from workers.experts.recognition import Recalled
from workers.experts.refuter import refute
from workers.experts.refuting_outcome import Failed
from workers.experts.refuting_questions import RefuteLimits
from workers.experts.similarity import Nearness
from workers.experts.trust import Trust
from workers.pipelines.placing import placed

Recall = Callable[[Sequence[Finding]], Recalled]


@dataclass(frozen=True, slots=True)
class Deliberated:
    """`findings` are held to be so, `refuted` were disproved with evidence by another model.

    `consistency` (0 to 1): how far models that were asked the same said the same; None: fewer than two were.
    """

    findings: tuple[Finding, ...]
    refuted: tuple[Finding, ...] = ()
    consistency: float | None = None
    calls: tuple[Call, ...] = ()
    planned: tuple[Planned, ...] = ()
    failures: tuple[Failed, ...] = ()
    unasked: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refuting:
    """By whom findings are put to the test, and within which limits; None: they aren't."""

    questioning: Questioning
    limits: RefuteLimits | None


async def deliberate(
    opinions: Opinions,
    files: Mapping[str, ChangedFile],
    nearness: Nearness,
    refuting: Refuting | None,
    progress: Callable[[str], None],
    recall: Recall | None = None,
) -> Deliberated:
    """One finding for each defect, on lines that can carry it; those that models of another family disproved apart.

    `recall` says of findings what earlier rounds know of them: nobody is asked twice to disprove the same.
    """
    stand = [placed(finding, files.get(finding.path)) for finding in opinions.findings]
    trust = Trust(await refuting.questioning.models.trust(STAGE)) if refuting else Trust()
    one_each = merged(stand, nearness, trust)
    agreed = _consistency(one_each, opinions.heard)
    if refuting is None or refuting.limits is None:
        return Deliberated(one_each, consistency=agreed)
    asking = refuting.questioning
    # Comparing with earlier rounds takes seconds where thousands of files changed: a lease is renewed meanwhile.
    memory = await asyncio.to_thread(recall, one_each) if recall else Recalled(one_each, frozenset())
    spared = [one for at, one in enumerate(memory.findings) if at in memory.spared]
    tried = await refute(
        asking.models,
        [one for at, one in enumerate(memory.findings) if at not in memory.spared],
        files,
        boundary=asking.boundary,
        limits=refuting.limits,
        progress=progress,
        risky_paths=asking.risky_paths,
        voice=asking.voice,
    )
    return Deliberated(
        (*spared, *(one for one in tried.findings if one.state is not State.REFUTED)),
        tuple(one for one in tried.findings if one.state is State.REFUTED),
        agreed,
        tried.calls,
        tried.planned,
        tried.failures,
        tried.unasked,
    )


def _consistency(findings: Sequence[Finding], heard: Heard | None) -> float | None:
    """Over the files that more than one model read; silence about a file that one did not read says nothing."""
    shared = {path: models for path, models in (heard.read if heard else {}).items() if len(models) > 1}
    votes = [
        {source.name for source in finding.sources if source.kind == "model"}
        for finding in findings
        if finding.path in shared
    ]
    return consistency(votes, sorted({model for models in shared.values() for model in models}))
