"""Delivery as a pull request of our own: one atomic commit on a branch that is ours, every write once, none by force.

`standing` reads how a topic stands and decides nothing away from people; `deliver` brings it to what a proposal says. A
new commit descends from our last one, and from the base where that moved, so moving the branch is always forwards and
GitHub itself refuses it when somebody was faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from workers.domain.delivery import BARRED, Delivered, Outcome, Proposal, Remembered, Topic
from workers.domain.delivery_paths import refusals
from workers.domain.errors import TransientError, UserError
from workers.github.branches import BranchMovedError, read_branch
from workers.github.client import Clients, InstallationClient
from workers.github.comments import find_comment
from workers.github.delivering import OwnPull, read_closer, read_own_pulls
from workers.github.markers import topic_marker
from workers.github.overlay import Overlay, read_overlay
from workers.github.permissions import DELIVER
from workers.github.render.delivered import CLOSED, stopped_comment
from workers.jobs.bringing import REASONS_MAX, Bringing
from workers.jobs.standing import PEOPLE, Place, Standing, judged
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.topics import TopicStore

log = structlog.get_logger()

RACES_MAX = 3
MERGED_MAX = 20
"""So many merged branches of one topic are looked behind when nothing is remembered."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """Reads and writes deliveries."""

    clients: Clients
    ledger: EffectLedger
    topics: TopicStore

    def client(self, place: Place) -> InstallationClient:
        """A client that may write contents; its token is minted by its first call."""
        return self.clients.client(place.installation_id, place.repo_id, DELIVER)

    async def standing(self, place: Place, topic: Topic) -> Standing:
        """How `topic` stands right now. Raises UserError, also for a permission that nobody granted."""
        client = self.client(place)
        known = await self.topics.read(place.repo_id, topic.key)
        branch, pull = await self._present(client, place, topic, known)
        tip = await read_branch(client, place.full_name, branch)
        ours = tip is None or await self._is_ours(place, known, branch, tip)
        found = judged(Standing(branch, tip, pull), ours=ours)
        if found.outcome is not Outcome.CLOSED or pull is None:
            return found
        who = await read_closer(client, place.full_name, pull.number)
        return replace(found, why=CLOSED.format(who=who or PEOPLE))

    async def overlay(
        self, place: Place, base_sha: str, standing: Standing, folders: Sequence[str]
    ) -> Overlay:
        """What stands at the base, and what our branch offers over it below `folders`."""
        return await read_overlay(self.client(place), place.full_name, base_sha, standing.tip, folders)

    async def bar(self, lease: Lease, place: Place, topic: Topic, standing: Standing) -> Delivered:
        """Leave a barred topic to people: remember it, and say so once where they work on it."""
        told = standing.told
        if standing.outcome is Outcome.STOPPED and standing.pull is not None and standing.pull.open:
            await self._comment(lease, place, topic, standing.pull.number)
        known = Remembered(standing.branch, standing.tip or "", told.number, str(told.outcome), told.why)
        # The tip is not ours: what was ours stays remembered, so that the branch is known again once it is put back.
        before = await self.topics.read(place.repo_id, topic.key)
        tip_sha = before.tip_sha if before is not None else ""
        await self.topics.save(place.repo_id, topic.key, replace(known, tip_sha=tip_sha))
        return told

    async def deliver(self, lease: Lease, place: Place, proposal: Proposal) -> Delivered:
        """Bring the topic's pull request to `proposal`; inside `lease.writing()`, and safe to repeat.

        Raises UserError (paths, permissions, the repository's rules; nothing was written), TransientError.
        """
        if wrong := list(refusals(proposal.files, proposal.folders)):
            raise UserError(" ".join(wrong[:REASONS_MAX]))
        client = self.client(place)
        bot = await self.clients.identity.bot(client)
        for _ in range(RACES_MAX):
            standing = await self.standing(place, proposal.topic)
            if standing.outcome in BARRED:
                return await self.bar(lease, place, proposal.topic, standing)
            try:
                return await Bringing(
                    self.ledger, self.topics, bot.id, client, lease, place, proposal, standing
                ).bring()
            except BranchMovedError as error:
                log.info("somebody moved the branch meanwhile", branch=standing.branch, error=str(error))
        raise TransientError("Others keep moving the branch; it is tried again later.")

    async def _present(
        self, client: InstallationClient, place: Place, topic: Topic, known: Remembered | None
    ) -> tuple[str, OwnPull | None]:
        """The branch that is to be written and its newest pull request: what was merged is followed by a new branch."""
        bot = await self.clients.identity.bot(client)
        branch = known.branch if known is not None else topic.branch()
        for _ in range(MERGED_MAX):
            pulls = await read_own_pulls(client, place.full_name, place.repo_id, branch, bot.id)
            if not pulls or not pulls[0].merged:
                return branch, pulls[0] if pulls else None
            branch = topic.branch(pulls[0].number)
        raise UserError(
            f"{MERGED_MAX} branches of this kind were merged and are all there still; delete them."
        )

    async def _is_ours(self, place: Place, known: Remembered | None, branch: str, tip: str) -> bool:
        if known is not None and (known.branch, known.tip_sha) == (branch, tip):
            return True
        return await self.topics.made(place.installation_id, place.repo_id, tip)

    async def _comment(self, lease: Lease, place: Place, topic: Topic, number: int) -> None:
        client, marker = self.client(place), topic_marker(topic.key)
        bot = await self.clients.identity.bot(client)

        async def find() -> str | None:
            there = await find_comment(client, place.full_name, number, marker, bot.id)
            return str(there.id) if there is not None else None

        async def send() -> str:
            if there := await find():  # an earlier run has said it
                return there
            path = f"/repos/{place.full_name}/issues/{number}/comments"
            content = await client.post(path, {"body": stopped_comment(marker)})
            return str(content["id"])

        await self.ledger.once(lease, "stopped", str(number), send=send, find=find)


__all__ = ["Delivering", "Place", "Standing"]
