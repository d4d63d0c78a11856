"""Second step: a test file is written, judged, and mended once if that may help."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from workers.analysis.redaction import make_safe
from workers.analysis.testing.proving import Verdict
from workers.pipelines.documentation.asking import Asking
from workers.pipelines.testing_parts.excerpts import Shown
from workers.pipelines.testing_parts.judging import Judge, Judgement
from workers.pipelines.testing_parts.questions import KIND, Questions, Refused
from workers.pipelines.testing_parts.values import Dropped, Kept

UNANSWERED = "no model answered"
BESIDE = "its test names none of these"


@dataclass(frozen=True, slots=True)
class _Try:
    judgement: Judgement
    model: str


async def written(
    one: Shown, asking: Asking, questions: Questions, judge: Judge
) -> tuple[Kept | Dropped, ...]:
    """What became of the test of one module; of its targets, those that the test does not name are dropped."""
    first = await _tried(one, None, asking, questions, judge)
    if first is None:
        return (_dropped(one, UNANSWERED),)
    second = None
    if not first.judgement.is_kept and first.judgement.may_be_mended:
        refused = await asyncio.to_thread(_refused, first.judgement, questions.limits.said_max_chars)
        second = await _tried(one, refused, asking, questions, judge)
    last = second or first
    _observe(last, asking)
    return _outcome(one, last)


async def _tried(
    one: Shown, refused: Refused | None, asking: Asking, questions: Questions, judge: Judge
) -> _Try | None:
    answer = await asking.answer(questions.write(one, refused), (one.subject.path,))
    if answer is None:
        return None
    return _Try(await judge.judge(answer.value.file, one.subject), answer.model)


def _refused(judgement: Judgement, said_max_chars: int) -> Refused:
    """What its writer is told. What a test said came out of the repository, so it is made safe again."""
    proof = judgement.proof
    said = f"{_sentence(proof.why)}\n{proof.said}" if proof is not None else "\n".join(judgement.wrong)
    text, wrong = make_safe([], [judgement.text, said]).code
    return Refused(text, wrong[:said_max_chars])


def _observe(last: _Try, asking: Asking) -> None:
    """The router learns who writes tests that prove something; of tests that nobody ran it learns nothing."""
    proof = last.judgement.proof
    if proof is None or proof.verdict is not Verdict.NOT_EXECUTED:
        asking.models.observe(last.model, KIND, float(last.judgement.is_kept))


def _outcome(one: Shown, last: _Try) -> tuple[Kept | Dropped, ...]:
    judgement, subject = last.judgement, one.subject
    proof = judgement.proof
    if proof is None or not judgement.is_kept:
        return (_dropped(one, _sentence(proof.why) if proof is not None else " ".join(judgement.wrong)),)
    names = tuple(target.full_name for target in judgement.targets)
    kept = Kept(subject.test, judgement.text, subject.path, names, proof, last.model)
    rest = tuple(target.full_name for target in subject.targets if target not in judgement.targets)
    return (kept, Dropped(subject.path, rest, BESIDE)) if rest else (kept,)


def _dropped(one: Shown, why: str) -> Dropped:
    return Dropped(one.subject.path, tuple(target.full_name for target in one.subject.targets), why)


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}."
