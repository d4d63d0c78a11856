"""The answer to a question, as a reply: the model's words made inert, and below them links to the code they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from workers.domain.question import Answer, Evidence, NoAnswer
from workers.github.fences import code_span
from workers.github.render.blocks import bounded, count, fold, paragraphs
from workers.github.render.headline import SHORT_SHA_CHARS
from workers.github.sanitise import Sanitiser, blob_url

WHY_MAX_CHARS = 300
MODEL_MAX_CHARS = 60
EVIDENCE_MAX = 8
QUOTES_MAX_BYTES = 12_000
NOTHING_NAMED = "*No code was named that shows this: take it as an opinion.*"
NOT_SURE = "*The model is not sure of this.*"


def answer_text(answer: Answer, head_sha: str, sanitiser: Sanitiser) -> str:
    """The answer, what it rests on, what is doubtful about it, who gave it."""
    evidence = answer.evidence[:EVIDENCE_MAX]
    return paragraphs(
        sanitiser.clean(answer.text),
        "\n".join(_rests_on(evidence, head_sha, sanitiser)),
        " ".join(_doubts(answer)),
        _quotes(evidence, sanitiser),
        _signature(answer, head_sha, sanitiser),
    )


def no_answer_text(refused: NoAnswer, sanitiser: Sanitiser) -> str:
    """That there is no answer, and why."""
    return f"No answer: {sanitiser.line(refused.why, WHY_MAX_CHARS)}"


def _rests_on(evidence: tuple[Evidence, ...], head_sha: str, sanitiser: Sanitiser) -> Iterator[str]:
    for one in evidence:
        why = f": {sanitiser.line(one.why, WHY_MAX_CHARS)}" if one.why else ""
        yield f"- {_place(one, head_sha, sanitiser)}{why}"


def _place(one: Evidence, head_sha: str, sanitiser: Sanitiser) -> str:
    span = code_span(f"{sanitiser.path(one.path)}{_numbers(one)}")
    if one.removed:
        return f"{span} (removed)"
    if not sanitiser.repository_url:
        return span
    url = blob_url(sanitiser.repository_url, head_sha, one.path, one.start_line or one.line)
    last = f"-L{one.line}" if one.line and one.start_line and one.start_line < one.line else ""
    return f"[{span}]({url}{last})"


def _numbers(one: Evidence) -> str:
    if one.line is None:
        return ""
    first = one.start_line or one.line
    return f":{one.line}" if first == one.line else f":{first}-{one.line}"


def _quotes(evidence: tuple[Evidence, ...], sanitiser: Sanitiser) -> str:
    blocks = [
        f"{code_span(sanitiser.path(one.path) + _numbers(one))}\n{sanitiser.code(one.quote)}"
        for one in evidence
    ]
    shown = bounded(blocks, count_max=EVIDENCE_MAX, max_bytes=QUOTES_MAX_BYTES)
    return fold("The code it rests on", shown) if blocks else ""


def _doubts(answer: Answer) -> Iterator[str]:
    if not answer.evidence:
        yield NOTHING_NAMED
    elif not answer.confident:
        yield NOT_SURE
    if answer.dropped:
        yield f"*{count(answer.dropped, 'quote')} left out: not in the code.*"


def _signature(answer: Answer, head_sha: str, sanitiser: Sanitiser) -> str:
    model = sanitiser.line(answer.model, MODEL_MAX_CHARS)
    taken_out = f" {sanitiser.line(answer.notice, WHY_MAX_CHARS)}" if answer.notice else ""
    return f"<sub>Answered by {model} at `{head_sha[:SHORT_SHA_CHARS]}`.{taken_out}</sub>"
