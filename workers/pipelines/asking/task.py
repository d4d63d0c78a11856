"""The question to a model: rules outside, everything that others wrote inside marked blocks, no secret in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from workers.analysis.redaction import SafeParts, make_safe
from workers.analysis.source import Analysis
from workers.domain.change import ChangedFile
from workers.domain.question import Remark, Thread
from workers.domain.task import Task
from workers.experts import voice
from workers.experts.base import View
from workers.experts.batching import CHARS_PER_TOKEN
from workers.experts.questions import as_data
from workers.experts.surroundings_files import Around
from workers.llm.bounded import first
from workers.llm.prompts import Prompt, load
from workers.pipelines.asking.elsewhere import of_head
from workers.pipelines.asking.excerpts import Shown, of_change
from workers.pipelines.asking.values import AskLimits, AskRequest, for_window
from workers.pipelines.asking.words import names, places

KIND = "ask"
COMPLEXITY = 0.5
ROOM_MIN_CHARS = 3_000
ANSWER_MAX_CHARS = 2_500
EVIDENCE_MAX = 8
CHANGE_SHARE, ELSEWHERE_SHARE, THREAD_SHARE = 0.5, 0.25, 0.1


class Cited(BaseModel):
    """Code that a model says its answer rests on."""

    model_config = ConfigDict(frozen=True)

    path: Annotated[str, first(1_000)] = Field(description="the file's path, letter by letter")
    quote: Annotated[str, first(4_000)] = Field(description="one to six whole lines, letter by letter")
    why: Annotated[str, first(300)] = Field("", description="what they show, in one sentence")


class Said(BaseModel):
    """A model's answer."""

    model_config = ConfigDict(frozen=True)

    answer: Annotated[str, first(ANSWER_MAX_CHARS)] = Field(
        min_length=1, description="at most 2,500 characters"
    )
    evidence: Annotated[tuple[Cited, ...], first(EVIDENCE_MAX)] = ()
    confident: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The task, the changed files that it shows, and a sentence about what was taken out of its texts."""

    task: Task[Said]
    shown: tuple[str, ...]
    taken_out: str


def asked(request: AskRequest, boundary: str, limits: AskLimits, window_tokens: int) -> Asked | None:
    """What is asked; None when the window has no room for it. Takes a while: code and secrets are searched."""
    prompts = [load(f"ask.{name}") for name in ("system", "context", "question")]
    limits = for_window(limits, window_tokens)
    spoken = voice.told(request.voice, boundary)
    room = _room(prompts, request.question.text, limits, window_tokens) - len(spoken)
    if room < ROOM_MIN_CHARS:
        return None
    shown, elsewhere = _found(request, limits, room)
    safe = make_safe(_prose(request, limits), [shown.text, elsewhere])
    told = {name: as_data(text, boundary) for name, text in _texts(request, safe, limits, room).items()}
    question = told.pop("question")
    system, context, last = prompts
    task = Task(
        kind=KIND,
        system=system.fill(boundary=boundary),
        prompt=last.fill(boundary=boundary, question=question),
        schema=Said,
        prefix=context.fill(boundary=boundary, **told) + spoken,
        prompt_version=" ".join((*(prompt.version for prompt in prompts), *voice.versions(request.voice))),
        boundary=boundary,
        output_max_tokens=limits.output_max_tokens,
        timeout_s=limits.timeout_s,
        complexity=COMPLEXITY,
    )
    return Asked(task, shown.paths, safe.notice())


def _room(prompts: Sequence[Prompt], question: str, limits: AskLimits, window_tokens: int) -> int:
    """Characters for what is told, beside the rules, the schema, the question and the answer."""
    fixed = sum(len(prompt.text) for prompt in prompts) + len(str(Said.model_json_schema()))
    free = (window_tokens - limits.output_max_tokens) * CHARS_PER_TOKEN
    return int(free) - fixed - min(len(question), limits.question_max_chars)


def _found(request: AskRequest, limits: AskLimits, room: int) -> tuple[Shown, str]:
    """Excerpts of the change, and code of the head beside it."""
    around = Around(View(request.change, request.snapshot, Analysis(), (), ignored=request.ignored))
    known = {*request.snapshot.files, *(file.path for file in request.change.files)}
    question = request.question.text[: limits.question_max_chars]
    named = places(question, known, limits.named_files_max)
    words = names(question, limits.names_max)
    most = min(limits.change_max_chars, int(room * CHANGE_SHARE))
    shown = of_change(request, around, words, (one.path for one in named), most)
    most = min(limits.elsewhere_max_chars, int(room * ELSEWHERE_SHARE))
    thread = request.question.thread
    return shown, of_head(around, thread, named, words, limits.places_per_name_max, most)


def _prose(request: AskRequest, limits: AskLimits) -> list[str]:
    """Question, description, list of files, and the latest remarks: whole, as half a secret is known by nobody."""
    change, thread = request.change, request.question.thread
    remarks = thread.remarks[-limits.remarks_max :] if thread is not None else ()
    return [
        request.question.text,
        f"{change.title}\n\n{change.body}".strip(),
        "\n".join(_listed(change.files, limits.files_max)),
        *(f"{_who(one)}:\n{one.text}" for one in remarks),
    ]


def _texts(request: AskRequest, safe: SafeParts, limits: AskLimits, room: int) -> dict[str, str]:
    """What is told, by the prompts' names, within the limits."""
    question, about, files, *remarks = safe.prose
    share = int(room * THREAD_SHARE)
    change, elsewhere = safe.code
    return {
        "question": question[: limits.question_max_chars],
        "about": about[: min(limits.about_max_chars, share // 2)],
        "files": files[: share // 2],
        "thread": _conversation(request.question.thread, remarks, limits, share),
        "change": change,
        "elsewhere": elsewhere,
    }


def _listed(files: Sequence[ChangedFile], files_max: int) -> Iterator[str]:
    for file in files[:files_max]:
        why = f", not read: {file.omitted.value}" if file.omitted else ""
        yield f"{' '.join(file.path.split())} ({file.status.value}{why}) +{file.additions} -{file.deletions}"
    if len(files) > files_max:
        yield f"and {len(files) - files_max} more"


def _conversation(thread: Thread | None, remarks: Sequence[str], limits: AskLimits, room: int) -> str:
    """Where the thread stands and its latest remarks, as many as fit."""
    if thread is None:
        return ""
    kept: list[str] = []
    left = min(limits.thread_max_chars, room)
    for remark in (one[: limits.remark_max_chars] for one in reversed(remarks)):
        if len(remark) > left:
            break
        kept.append(remark)
        left -= len(remark)
    head = f"A thread at {thread.path}" + (f", line {thread.line}" if thread.line else "")
    return "\n\n".join([head, *reversed(kept)])


def _who(remark: Remark) -> str:
    return "You (the reviewer) wrote" if remark.ours else "Somebody wrote"
