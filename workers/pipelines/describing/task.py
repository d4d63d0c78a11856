"""The question to a model: rules outside, everything that others wrote inside marked blocks, no secret in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.redaction import SafeParts, make_safe
from workers.domain.change import Change, ChangedFile, LinkedIssue
from workers.domain.description import Kind
from workers.domain.task import Task
from workers.experts import voice
from workers.experts.batching import CHARS_PER_TOKEN
from workers.experts.questions import as_data
from workers.llm.prompts import Prompt, load
from workers.pipelines.describing.answer import Said
from workers.pipelines.describing.excerpts import excerpts_of
from workers.pipelines.describing.values import DescribeLimits, DescribeRequest, for_window

KIND = "describe"
COMPLEXITY = 0.4  # it is to be read and told, not judged
ROOM_MIN_CHARS = 4_000
SHARES = {"about": 0.1, "commits": 0.1, "issues": 0.15, "files": 0.15}
CHANGE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """The task, the changed files that it shows, and a sentence about what was taken out of its texts."""

    task: Task[Said]
    shown: frozenset[str]
    taken_out: str


def asked(
    request: DescribeRequest, boundary: str, limits: DescribeLimits, window_tokens: int
) -> Asked | None:
    """What is asked; None when the window has no room for it. Takes a while: code and secrets are searched."""
    prompts = [load(f"describe.{name}") for name in ("system", "change", "question")]
    limits = for_window(limits, window_tokens)
    room = _room(prompts, limits, window_tokens) - len(voice.told(request.voice, boundary))
    if room < ROOM_MIN_CHARS:
        return None
    most = min(limits.change_max_chars, int(room * CHANGE_SHARE))
    shown = excerpts_of(request.change.files, request.ignored, most)
    safe = make_safe(_prose(request.change), ["\n".join(_listed(request.change.files, limits)), shown.text])
    return Asked(_task(prompts, request, safe, boundary, limits, room), shown.paths, safe.notice())


def _task(
    prompts: Sequence[Prompt],
    request: DescribeRequest,
    safe: SafeParts,
    boundary: str,
    limits: DescribeLimits,
    room: int,
) -> Task[Said]:
    system, context, question = prompts
    spoken = voice.told(request.voice, boundary)
    rules = system.fill(boundary=boundary, kinds=", ".join(f'"{kind.value}"' for kind in Kind))
    return Task(
        kind=KIND,
        system=rules,
        prompt=question.fill(),
        schema=Said,
        prefix=context.fill(boundary=boundary, **_blocks(safe, boundary, limits, room)) + spoken,
        prompt_version=" ".join((*(prompt.version for prompt in prompts), *voice.versions(request.voice))),
        boundary=boundary,
        output_max_tokens=limits.output_max_tokens,
        timeout_s=limits.timeout_s,
        complexity=COMPLEXITY,
    )


def _room(prompts: Sequence[Prompt], limits: DescribeLimits, window_tokens: int) -> int:
    """Characters for what is told, beside the rules, the schema and the answer."""
    fixed = sum(len(prompt.text) for prompt in prompts) + len(str(Said.model_json_schema()))
    free = (window_tokens - limits.output_max_tokens) * CHARS_PER_TOKEN
    return int(free) - fixed


def _prose(change: Change) -> list[str]:
    """Description, messages and issues: whole, as half a secret is known by nobody."""
    return [
        f"{change.title}\n\n{change.body}".strip(),
        "\n".join(f"- {_indented(message)}" for message in change.commits),
        "\n".join(f"- {one.number}: {_indented(_told(one))}" for one in change.linked),
    ]


def _told(issue: LinkedIssue) -> str:
    return f"{issue.title}\n{issue.body}"


def _blocks(safe: SafeParts, boundary: str, limits: DescribeLimits, room: int) -> dict[str, str]:
    about, commits, issues = safe.prose
    files, change = safe.code
    most = {
        "about": limits.about_max_chars,
        "commits": limits.commits_max_chars,
        "issues": limits.issues_max_chars,
        "files": limits.files_max_chars,
    }
    told = {"about": about, "commits": commits, "issues": issues, "files": files}
    cut = {name: text[: min(most[name], int(room * SHARES[name]))] for name, text in told.items()}
    return {name: as_data(text, boundary) for name, text in (cut | {"change": change}).items()}


def _listed(files: Sequence[ChangedFile], limits: DescribeLimits) -> Iterator[str]:
    for file in files[: limits.files_max]:
        moved = f", was {_flat(file.old_path)}" if file.old_path and file.old_path != file.path else ""
        why = f", not read: {file.omitted.value}" if file.omitted else ""
        yield f"{_flat(file.path)} ({file.status.value}{moved}{why}) +{file.additions} -{file.deletions}"
    if len(files) > limits.files_max:
        yield f"and {len(files) - limits.files_max} more"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n  ")
