"""`ask <question>`: what a model says about the change, with links to the code that it rests on."""

from __future__ import annotations

from dataclasses import replace

from workers.domain.change import Change
from workers.domain.command import Progress
from workers.domain.question import Answer, NoAnswer, Question
from workers.domain.receipt import receipt_of
from workers.domain.task import Models
from workers.domain.work import Claim
from workers.experts.voice import voice_of
from workers.github.render.answered import answer_text, no_answer_text
from workers.github.threads import read_thread
from workers.jobs.commands.act import Given, Outcome
from workers.jobs.reading import read_attributes, read_code
from workers.pipelines.ask import NO_MODEL, AskLimits, AskRequest, answer

TURNED_OFF = NoAnswer("no model", "`orchestration.enabled` is off, so no model is asked.")


async def ask(given: Given) -> Outcome:
    """Answer in words, or say why not; nobody is asked what nobody would read."""
    if not given.heard:
        return Outcome(progress=Progress.REFUSED)
    if not given.rules.config.orchestration.enabled:
        return _said(TURNED_OFF, given)
    claim, pull = _own_run(given), given.pull
    actor_id = given.command.seen.actor_id
    async with given.thinking.models.open(claim, pull.head_sha, given.rules.config, actor_id) as models:
        got = NO_MODEL if models is None else await _answered(given, models)
    if got.calls:
        receipt = receipt_of(
            claim, "ask", got.calls, quality=got.quality, validated=got.validated, at=given.now
        )
        await given.thinking.receipts.keep(claim.key.installation_id, receipt)
    return _said(got, given)


def _own_run(given: Given) -> Claim:
    """A run of its own in the ledger: several commands may be carried out under one lease."""
    return replace(given.claim, token=f"{given.claim.token}-{given.command.seen.source_id}")


async def _answered(given: Given, models: Models) -> Answer | NoAnswer:
    pull, thinking = given.pull, given.thinking
    question = await _question(given)
    files, snapshot = await read_code(given.client, pull, thinking.settings, thinking.parse_patch)
    change = Change(
        base_sha=pull.base_sha,
        head_sha=pull.head_sha,
        files=files,
        title=pull.title,
        body=pull.body,
        author=pull.author,
        attributes=await read_attributes(given.client, pull),
    )
    config = given.rules.config
    request = AskRequest(question, change, snapshot, config.ignore.path_filter(), voice_of(config))
    return await answer(request, models, boundary=thinking.new_boundary(), limits=AskLimits())


async def _question(given: Given) -> Question:
    """What was asked and, if in a thread, what was said there before."""
    seen, text = given.command.seen, given.command.seen.arguments
    if seen.thread_id is None:
        return Question(text)
    thread = await read_thread(
        given.client,
        given.pull.full_name,
        given.pull.number,
        seen.thread_id,
        bot_id=given.bot_id,
        but=seen.source_id,
    )
    return Question(text, thread)


def _said(got: Answer | NoAnswer, given: Given) -> Outcome:
    if isinstance(got, NoAnswer):
        return Outcome(no_answer_text(got, given.sanitiser), Progress.REFUSED)
    return Outcome(answer_text(got, given.pull.head_sha, given.sanitiser))
