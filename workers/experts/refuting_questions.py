"""The questions that a refuter is asked: what is claimed and the code to judge it by, both as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workers.analysis.languages import language_of
from workers.analysis.redaction import make_safe
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.domain.task import Task
from workers.domain.voice import Voice
from workers.experts import voice
from workers.experts.batching import Room, room_in
from workers.experts.questions import as_data
from workers.experts.refuting_answers import ModelVerdicts
from workers.experts.refuting_beside import beside
from workers.experts.refuting_packing import Bundle, Claim, packed
from workers.experts.refuting_sheet import Sheet
from workers.llm.conversation import schema_of
from workers.llm.prompts import load
from workers.llm.routing.complexity import combined_complexity
from workers.llm.routing.floor import is_risky

STAGE = "refute"
ANSWER_SHARE = 4  # at most a quarter of a small window is kept for the answer


@dataclass(frozen=True, slots=True)
class RefuteLimits:
    """Limits of one review's attempts to disprove what it found."""

    findings_max: int = 10
    questions_max: int = 4
    output_max_tokens: int = 4_000
    timeout_s: float = 180.0
    file_max_chars: int = 60_000
    beside_max_chars: int = 20_000


@dataclass(frozen=True, slots=True)
class Refuting:
    """A question: claim number n is the nth of `claims`, and `sheets` are what was shown."""

    claims: tuple[Claim, ...]
    sheets: tuple[Sheet, ...]
    task: Task[ModelVerdicts]

    def paths(self) -> tuple[str, ...]:
        """The files that the claims are about."""
        return tuple(dict.fromkeys(claim.finding.path for claim in self.claims))


@dataclass(frozen=True, slots=True)
class Case:
    """What all questions of a run are made from: the head's files by path, the word that marks data, limits."""

    findings: Sequence[Finding]
    files: Mapping[str, ChangedFile]
    boundary: str
    limits: RefuteLimits
    risky_paths: tuple[str, ...] = ()
    voice: Voice = field(default_factory=Voice)


def refuting(case: Case, numbers: Sequence[int], window_tokens: int, questions_max: int) -> list[Refuting]:
    """The questions about the findings with these numbers, as far as a window of so many tokens goes."""
    output_max_tokens = min(case.limits.output_max_tokens, window_tokens // ANSWER_SHARE)
    limits = replace(case.limits, output_max_tokens=output_max_tokens)
    case = replace(case, limits=limits)
    claims = [_claim(number, case.findings[number]) for number in numbers]
    room = room_in(window_tokens, output_max_tokens, _around_chars(case), questions_max)
    return [
        _question(case, bundle, room) for bundle in packed(claims, case.files, room, limits.file_max_chars)
    ]


def _claim(number: int, finding: Finding) -> Claim:
    """What is told of a finding: never who said it, nor how sure they are."""
    told = "\n".join((*_indented(finding.title), *_indented(finding.description)))
    code = "\n".join(_indented(finding.evidence))
    return Claim(number, finding, f"{_place(finding)}\n{told}\n{_QUOTED}\n{code}")


_QUOTED = "  It quotes:"


def _place(finding: Finding) -> str:
    path = " ".join(finding.path.split())
    if finding.line is None:
        return f"about {path}, on no certain line"
    first = finding.start_line or finding.line
    lines = f"lines {first}-{finding.line}" if first < finding.line else f"line {first}"
    return f"about {path}, {lines}"


def _indented(text: str) -> Iterator[str]:
    """So that no claim can pass for another one."""
    return (f"  | {line}" for line in text.split("\n"))


def _question(case: Case, bundle: Bundle, room: Room) -> Refuting:
    left = min(case.limits.beside_max_chars, room.batch_max_chars - bundle.chars)
    sheets = (*bundle.sheets, *beside(bundle.sheets, case.files, left))
    safe = make_safe([claim.text for claim in bundle.claims], [str(sheet) for sheet in sheets])
    return Refuting(bundle.claims, sheets, _task(case, bundle, safe.prose, safe.code))


def _task(case: Case, bundle: Bundle, claims: Sequence[str], code: Sequence[str]) -> Task[ModelVerdicts]:
    system, change, question = (load(f"refute.{name}") for name in ("system", "change", "question"))
    told = "\n\n".join(f"Claim {number}, {text}" for number, text in enumerate(claims, start=1))
    files = as_data("\n\n".join(code), case.boundary)
    begun = change.fill(boundary=case.boundary, files=files) + voice.told(case.voice, case.boundary)
    asked = question.fill(boundary=case.boundary, count=str(len(claims)), claims=as_data(told, case.boundary))
    return Task(
        kind=STAGE,
        system=system.fill(boundary=case.boundary),
        # Marked as a prefix, the files would be written to a cache at a price, and hardly anybody reads them again: each
        # question of a group shows others. Where two groups show the same, one would wait for the other's whole answer.
        prompt=f"{begun}\n\n{asked}",
        schema=ModelVerdicts,
        prompt_version=" ".join(
            (system.version, change.version, question.version, *voice.versions(case.voice))
        ),
        boundary=case.boundary,
        output_max_tokens=case.limits.output_max_tokens,
        timeout_s=case.limits.timeout_s,
        complexity=_complexity(bundle),
        risky=is_risky(_paths(case, bundle), case.risky_paths),
    )


def _complexity(bundle: Bundle) -> float:
    """How hard it looks, 0 to 1: by length and language, as questions of a review."""
    parts = ((len(str(sheet)), language_of(sheet.path)) for sheet in bundle.sheets)
    return combined_complexity((chars, language.value if language else "") for chars, language in parts).score


def _paths(case: Case, bundle: Bundle) -> list[str]:
    """Where the files are and were: nothing that is written in a change makes it look harmless."""
    files = [case.files[sheet.path] for sheet in bundle.sheets]
    return [path for file in files for path in (file.path, file.old_path) if path]


def _around_chars(case: Case) -> int:
    """Characters of a question beside its claims and files, the schema included."""
    texts = (load(f"refute.{name}").text for name in ("system", "change", "question"))
    numbers = len("Claim 00, \n\n") * case.limits.findings_max
    spoken = len(voice.told(case.voice, case.boundary))
    return (
        spoken + sum(map(len, texts)) + 12 * len(case.boundary) + len(str(schema_of(ModelVerdicts))) + numbers
    )
