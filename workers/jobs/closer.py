"""Brings our review threads up to what became of their findings: says so in them, resolves them, opens them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import structlog

from workers.domain.adjudication import Fate
from workers.domain.threads import OurThread
from workers.domain.work import ThreadSeen
from workers.experts.closing import Decision, Move, decided
from workers.github.client import Clients
from workers.github.errors import PermissionMissingError, RefusedError
from workers.github.permissions import RESOLVE
from workers.github.render.fates import with_fate, without_fate
from workers.github.review_threads import (
    edit_review_comment,
    read_our_threads,
    reopen_thread,
    resolve_thread,
)
from workers.jobs.closer_values import End, Place, Tally
from workers.jobs.denials import Denials
from workers.storage.touches import TouchStore

log = structlog.get_logger()

THREADS_PER_RUN_MAX = 50
"""So many threads are written to in one run; the next round goes on."""


@dataclass(frozen=True, slots=True)
class Closer:
    """Every step is the same done twice: GitHub's own state says what is left to do."""

    clients: Clients
    touches: TouchStore
    denials: Denials
    threads_per_run_max: int = THREADS_PER_RUN_MAX

    async def tidy(
        self,
        place: Place,
        fates: Mapping[str, Fate],
        *,
        closing: Collection[Fate],
        just: Collection[str] = (),
    ) -> Tally:
        """Close the threads whose finding's fate is one of `closing`, open again what we closed and what stands.

        `just` are the fingerprints whose fate this very head brought. Raises what reading raises, and TransientError.
        """
        found = await read_our_threads(place.client, place.full_name, place.number, place.bot_id)
        touches = await self.touches.of_pull(place.repo_id, place.number)
        decisions = [
            decided(
                one,
                fates.get(one.fingerprint),
                touches.get(one.comment_id),
                bot_id=place.bot_id,
                closing=closing,
            )
            for one in found.threads
        ]
        left = Counter(one.why for one in decisions if one.move is Move.LEAVE)
        return Tally(await self._write_all(place, decisions, just), left, found.whole)

    async def close(self, place: Place, comment_id: int) -> End | None:
        """Resolve the thread that our comment began, whatever was said in it; None when there is nothing to resolve."""
        found = await read_our_threads(place.client, place.full_name, place.number, place.bot_id)
        for thread in found.threads:
            if thread.comment_id == comment_id and not thread.resolved:
                return await self._turn(place, thread, resolved=True)
        return None

    async def _write_all(
        self, place: Place, decisions: list[Decision], just: Collection[str]
    ) -> Counter[End]:
        """What is true first: threads that open again, then those that close."""
        wanted = [one for move in (Move.REOPEN, Move.CLOSE) for one in decisions if one.move is move]
        ends: Counter[End] = Counter()
        writes = 0
        for decision in wanted:
            body = _body(decision, place.head_sha, just)
            if body == decision.thread.body and self.denials.denied(place.installation_id):
                ends[End.SAID] += 1
            elif writes >= self.threads_per_run_max:
                ends[End.LATER] += 1
            else:
                writes += 1
                ends[await self._write(place, decision, body)] += 1
        if ends:
            log.info("threads", **{str(end): count for end, count in ends.items()})
        return ends

    async def _write(self, place: Place, decision: Decision, body: str) -> End:
        thread = decision.thread
        try:
            if body != thread.body:
                await place.fence()
                await edit_review_comment(place.client, place.full_name, thread.comment_id, body)
            if decision.move is Move.REOPEN and not thread.resolved:
                return End.REOPENED
            return await self._turn(place, thread, resolved=decision.move is Move.CLOSE)
        except RefusedError as error:  # a comment that was deleted, a locked conversation: the others go on
            log.warning("a thread was left as it is", comment_id=thread.comment_id, error=str(error))
            return End.REFUSED

    async def _turn(self, place: Place, thread: OurThread, *, resolved: bool) -> End:
        """Resolve or open again, with a token that is minted for this alone."""
        if self.denials.denied(place.installation_id):
            return End.SAID
        await place.fence()
        client = self.clients.client(place.installation_id, place.repo_id, RESOLVE)
        try:
            await (resolve_thread if resolved else reopen_thread)(client, thread.node_id)
        except PermissionMissingError as error:
            self.denials.remember(place.installation_id)
            log.warning("threads are not resolved here", installation=place.installation_id, error=str(error))
            return End.SAID
        seen = ThreadSeen(
            place.installation_id, place.repo_id, place.number, thread.comment_id, resolved, place.bot_id, ""
        )
        await self.touches.note(seen)
        return End.RESOLVED if resolved else End.REOPENED


def _body(decision: Decision, head_sha: str, just: Collection[str]) -> str:
    thread = decision.thread
    if decision.move is Move.REOPEN or decision.fate is None:
        return without_fate(thread.body)
    return with_fate(thread.body, decision.fate, head_sha, now=thread.fingerprint in just)
