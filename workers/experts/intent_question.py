"""The planner's question: titles, messages, issues and a list of files as data, within a share of the window each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.redaction import SafeParts, make_safe
from workers.domain.change import Change, ChangedFile
from workers.domain.finding import Aspect
from workers.domain.task import Task
from workers.domain.voice import Voice
from workers.experts import voice
from workers.experts.batching import CHARS_PER_TOKEN
from workers.experts.intent_answer import Guess
from workers.experts.questions import as_data
from workers.llm.conversation import schema_of
from workers.llm.prompts import load

KIND = "scope/review"
COMPLEXITY = 0.5  # however hard the change is, this is a list to be read
ROOM_MIN_CHARS = 2_000
SECTION_MAX_CHARS = 100
USUALLY = Voice()


@dataclass(frozen=True, slots=True)
class IntentLimits:
    """Limits of the question; the answer's bound leaves room for models that think first. Shares are of the window."""

    about_max_chars: int = 4_000
    commits_max_chars: int = 6_000
    issues_max_chars: int = 6_000
    files_max_chars: int = 16_000
    files_max: int = 200
    hunks_max: int = 6
    output_max_tokens: int = 1_000
    timeout_s: float = 60.0
    left_max_share: float = 0.1
    """Of what is left to spend: the review itself needs the rest."""


@dataclass(frozen=True, slots=True)
class IntentQuestion:
    """The task, the files that it shows, and a sentence about what was taken out of its texts."""

    task: Task[Guess]
    paths: frozenset[str]
    taken_out: str


def intent_question(
    change: Change,
    aspects: Sequence[Aspect],
    boundary: str,
    limits: IntentLimits,
    window_tokens: int,
    wanted: Voice = USUALLY,
) -> IntentQuestion | None:
    """What is asked about `change`; None when the window has no room for it. Takes a while: secrets are searched."""
    prompts = [load(f"scope.{name}") for name in ("system", "change", "question")]
    system, told, question = prompts
    room = (window_tokens - limits.output_max_tokens) * CHARS_PER_TOKEN - len(str(schema_of(Guess)))
    spoken = voice.told(wanted, boundary)
    room -= sum(len(prompt.text) for prompt in prompts) + len(spoken)
    if room < ROOM_MIN_CHARS:
        return None
    shown = _shown(change.files, limits.files_max)
    safe = make_safe([_about(change), _commits(change), _issues(change)], ["\n".join(_listed(shown, limits))])
    task = Task(
        kind=KIND,
        system=system.fill(boundary=boundary),
        prompt=question.fill(aspects=", ".join(f'"{aspect.value}"' for aspect in aspects)),
        schema=Guess,
        prefix=told.fill(boundary=boundary, **_blocks(safe, boundary, limits, room)) + spoken,
        prompt_version=" ".join((*(prompt.version for prompt in prompts), *voice.versions(wanted))),
        boundary=boundary,
        output_max_tokens=limits.output_max_tokens,
        timeout_s=limits.timeout_s,
        complexity=COMPLEXITY,
    )
    return IntentQuestion(task, frozenset(file.path for file in shown), safe.notice())


def _blocks(safe: SafeParts, boundary: str, limits: IntentLimits, room: float) -> dict[str, str]:
    """The texts as data, cut when the secrets are out: half a secret is known by nobody."""
    most = {
        "about": min(limits.about_max_chars, room * 0.25),
        "commits": min(limits.commits_max_chars, room * 0.15),
        "issues": min(limits.issues_max_chars, room * 0.15),
        "files": min(limits.files_max_chars, room * 0.4),
    }
    texts = zip(most.items(), (*safe.prose, *safe.code), strict=True)
    return {name: _cut(as_data(text, boundary), int(max_chars)) for (name, max_chars), text in texts}


def _about(change: Change) -> str:
    return f"{change.title}\n\n{change.body}".strip()


def _commits(change: Change) -> str:
    return "\n".join(f"- {_indented(message)}" for message in change.commits)


def _issues(change: Change) -> str:
    texts = ((one.number, f"{one.title}\n{one.body}") for one in change.linked)
    return "\n".join(f"- {number}: {_indented(text)}" for number, text in texts)


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n  ")


def _shown(files: Sequence[ChangedFile], files_max: int) -> list[ChangedFile]:
    """The most changed first: a list that is cut keeps what matters."""
    return sorted(files, key=lambda file: (-file.additions - file.deletions, file.path))[:files_max]


def _listed(files: Sequence[ChangedFile], limits: IntentLimits) -> Iterator[str]:
    for file in files:
        moved = f", was {_flat(file.old_path)}" if file.old_path and file.old_path != file.path else ""
        why = f", not read: {file.omitted.value}" if file.omitted else ""
        yield f"{_flat(file.path)} ({file.status.value}{moved}{why}) +{file.additions} -{file.deletions}"
        for hunk in file.hunks[: limits.hunks_max]:
            place = f"lines {hunk.new_start}-{hunk.new_start + max(0, hunk.new_count - 1)}"
            yield f"  {place} {_flat(hunk.section)[:SECTION_MAX_CHARS]}".rstrip()
        if len(file.hunks) > limits.hunks_max:
            yield f"  and {len(file.hunks) - limits.hunks_max} more places"


def _flat(text: str) -> str:
    return " ".join(text.splitlines())


def _cut(text: str, max_chars: int) -> str:
    return text if len(text) <= max_chars else f"{text[:max_chars]}\n(cut here)"
