"""The questions of an audit: rules outside, everything of the repository inside marked blocks, no secret in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from workers.analysis.redaction import SafeParts, make_safe
from workers.domain.audit import Scores
from workers.domain.task import Task
from workers.domain.voice import Voice
from workers.experts import voice
from workers.experts.batching import CHARS_PER_TOKEN
from workers.experts.questions import as_data
from workers.llm.prompts import Prompt, load
from workers.pipelines.auditing.sampling import WEIGHTS, Sampled, overview, sampled
from workers.pipelines.auditing.schema import (
    AggregatedInsights,
    ArchitectSaid,
    BusinessSaid,
    DeploymentSaid,
    Part,
)
from workers.pipelines.auditing.values import Audited, AuditLimits

KIND = "audit"
COMPLEXITY = 0.6
ROOM_MIN_CHARS = 4_000
OVERVIEW_SHARE = 0.35
SCHEMAS: Mapping[str, type[ArchitectSaid] | type[DeploymentSaid] | type[BusinessSaid]] = {
    "architect": ArchitectSaid,
    "deployment": DeploymentSaid,
    "business": BusinessSaid,
}

Said = ArchitectSaid | DeploymentSaid | BusinessSaid


@dataclass(frozen=True, slots=True)
class Questions:
    """One question a specialist; the files that they show, and a sentence about what was taken out."""

    tasks: Mapping[str, Task[Said]]
    last: Task[AggregatedInsights]
    shown: Mapping[str, tuple[str, ...]]
    taken_out: str

    @property
    def every_shown(self) -> tuple[str, ...]:
        """The files of which somebody sees something."""
        return tuple(sorted({path for paths in self.shown.values() for path in paths}))


def questions(
    audited: Audited, scores: Scores, wishes: Voice, boundary: str, limits: AuditLimits, window_tokens: int
) -> Questions | None:
    """What is asked; None when the window has no room for it. Takes a while: secrets are searched."""
    limits = replace(limits, output_max_tokens=min(limits.output_max_tokens, window_tokens // 4))
    system, context = load("audit.system"), load("audit.context")
    asking = {name: load(f"audit.{name}") for name in (*WEIGHTS, "aggregate")}
    spoken = voice.told(wishes, boundary)
    fixed = len(system.text) + max(len(one.text) for one in asking.values()) + len(spoken)
    fixed += max(len(json.dumps(one.model_json_schema())) for one in SCHEMAS.values())
    room = int((window_tokens - limits.output_max_tokens) * CHARS_PER_TOKEN) - fixed
    if room < ROOM_MIN_CHARS:
        return None
    parts = _excerpts(audited, room, limits)
    seen = overview(audited, scores, limits)
    safe = make_safe([seen], [one.text for one in parts.values()])
    about = safe.prose[0][: min(limits.overview_max_chars, int(room * OVERVIEW_SHARE))]
    excerpts = dict(zip(parts, safe.code, strict=True))
    shared = _Shared(
        system.fill(boundary=boundary),
        context.fill(boundary=boundary, overview=as_data(about, boundary)) + spoken,
        (system, context),
        boundary,
        limits,
        voice.versions(wishes),
    )
    tasks = {
        name: shared.task(f"{KIND}/{name}", asking[name], SCHEMAS[name], {"excerpts": text})
        for name, text in excerpts.items()
    }
    last = shared.task(KIND, asking["aggregate"], AggregatedInsights, {"reports": ""})
    shown = {name: one.paths for name, one in parts.items()}
    return Questions(tasks, replace(last, timeout_s=limits.last_timeout_s), shown, _taken_out(safe))


def with_reports(
    task: Task[AggregatedInsights], reports: Mapping[str, Part], max_chars: int
) -> Task[AggregatedInsights]:
    """The last question, with what the specialists said: strangers' words too."""
    said = json.dumps({name: one.model_dump() for name, one in reports.items()}, ensure_ascii=False, indent=1)
    safe = make_safe([said], []).prose[0][:max_chars]
    prompt = load("audit.aggregate")
    return replace(task, prompt=prompt.fill(boundary=task.boundary, reports=as_data(safe, task.boundary)))


def _taken_out(safe: SafeParts) -> str:
    """Without numbers: several specialists are shown the same file."""
    words = {
        f"credentials ({', '.join(safe.kinds)})": safe.secrets,
        "invisible characters": safe.invisible,
        "hidden comments": safe.comments,
    }
    said = ", ".join(word for word, count in words.items() if count)
    return f"Taken out before any model read the code: {said}." if said else ""


def _excerpts(audited: Audited, room: int, limits: AuditLimits) -> Mapping[str, Sampled]:
    most = min(limits.excerpts_max_chars, int(room * (1 - OVERVIEW_SHARE)))
    return {name: sampled(audited, name, most, min(limits.excerpt_max_chars, most // 3)) for name in WEIGHTS}


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all questions have in common."""

    system: str
    prefix: str
    prompts: tuple[Prompt, ...]
    boundary: str
    limits: AuditLimits
    versions: tuple[str, ...]

    def task(self, kind: str, prompt: Prompt, schema: type, told: Mapping[str, str]) -> Task:  # type: ignore[type-arg]
        data = {name: as_data(text, self.boundary) for name, text in told.items()}
        return Task(
            kind=kind,
            system=self.system,
            prompt=prompt.fill(boundary=self.boundary, **data),
            schema=schema,
            prefix=self.prefix,
            prompt_version=" ".join((*(one.version for one in (*self.prompts, prompt)), *self.versions)),
            boundary=self.boundary,
            output_max_tokens=self.limits.output_max_tokens,
            timeout_s=self.limits.timeout_s,
            complexity=COMPLEXITY,
        )
