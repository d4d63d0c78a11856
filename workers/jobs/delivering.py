"""Delivery as a pull request of our own: one atomic commit on a branch that is ours, every write once, none by force.

`standing` reads how a topic stands and decides nothing away from people; `deliver` brings it to what a proposal says. A
new commit descends from our last one, and from the base where that moved, so moving the branch is always forwards and
GitHub itself refuses it when somebody was faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

import structlog

from workers.domain.delivery import BARRED, Delivered, Outcome, Proposal, Remembered, Topic
from workers.domain.delivery_paths import refusals
from workers.domain.errors import TransientError, UserError
from workers.github.branches import BranchMovedError, read_branch, write_branch
from workers.github.client import Clients, InstallationClient
from workers.github.comments import find_comment
from workers.github.commits import Row, read_tree_sha, write_commit, write_tree
from workers.github.delivering import NothingToOfferError, OwnPull, open_own_pull, read_own_pulls, retell
from workers.github.markers import topic_marker
from workers.github.overlay import Overlay, read_overlay
from workers.github.permissions import DELIVER
from workers.github.render.delivered import CLOSED, STOPPED, STRANGE_BRANCH, stopped_comment
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.topics import COMMIT, TopicStore

log = structlog.get_logger()

RACES_MAX = 3
MERGED_MAX = 20
"""So many merged branches of one topic are looked behind when nothing is remembered."""


@dataclass(frozen=True, slots=True)
class Place:
    """A repository as it is called now, and the installation that reaches it."""

    installation_id: int
    repo_id: int
    full_name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a topic stands: `tip` is ours unless `outcome` is STOPPED. `outcome` None: it may be delivered."""

    branch: str
    tip: str | None = None
    pull: OwnPull | None = None
    outcome: Outcome | None = None
    why: str = ""

    @property
    def told(self) -> Delivered:
        """What to say of it when nothing is delivered."""
        number, url = (self.pull.number, self.pull.url) if self.pull is not None else (0, "")
        return Delivered(self.outcome or Outcome.UNCHANGED, number, url, self.why)


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
        return _judged(Standing(branch, tip, pull), ours=ours)

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
            raise UserError(" ".join(wrong[:5]))
        for _ in range(RACES_MAX):
            standing = await self.standing(place, proposal.topic)
            if standing.outcome in BARRED:
                return await self.bar(lease, place, proposal.topic, standing)
            try:
                return await _Delivery(self, self.client(place), lease, place, proposal, standing).bring()
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


def _judged(standing: Standing, *, ours: bool) -> Standing:
    """Whether it may be delivered; people have the last word."""
    pull = standing.pull
    if pull is not None and not pull.open:
        return replace(standing, outcome=Outcome.CLOSED, why=CLOSED)
    if ours:
        return standing
    if pull is None:
        return replace(standing, outcome=Outcome.STOPPED, why=STRANGE_BRANCH.format(branch=standing.branch))
    return replace(standing, outcome=Outcome.STOPPED, why=STOPPED)


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One try to bring one proposal to GitHub, over what was just read."""

    by: Delivering
    client: InstallationClient
    lease: Lease
    place: Place
    proposal: Proposal
    standing: Standing

    async def bring(self) -> Delivered:
        """Commit, branch, pull request; whatever stands already is left."""
        overlay = await self.by.overlay(
            self.place, self.proposal.base_sha, self.standing, self.proposal.folders
        )
        if wrong := overlay.objections(self.proposal.files):
            raise UserError(" ".join(wrong[:5]))
        rows = overlay.rows(self.proposal.files)
        told = self.standing.told
        if not rows:
            outcome = Outcome.UNCHANGED if self.standing.pull is not None else Outcome.NOTHING
            return replace(told, outcome=outcome)
        if overlay.holds(self.proposal.files):
            return await self._offer(self.standing.tip or "", Outcome.UNCHANGED)
        sha = await self._commit(overlay, rows)
        # Told before it is there: a run that dies in between finds the branch as it was, and tells again.
        if self.standing.pull is not None:
            await self._retell(self.standing.pull)
        await self._move(sha)
        return await self._offer(sha, Outcome.UPDATED)

    async def _commit(self, overlay: Overlay, rows: Sequence[Row]) -> str:
        """The sha of a commit with `rows` over the base, which no branch holds yet."""
        name, base_sha = self.place.full_name, self.proposal.base_sha
        parents = overlay.parents(base_sha)
        base_tree = await read_tree_sha(self.client, name, base_sha)
        tree = await write_tree(self.client, name, base_tree, rows)
        send = partial(write_commit, self.client, name, tree, parents, self.proposal.message)
        return await self.by.ledger.once(
            self.lease, COMMIT, _digest(*parents, tree), send=send, find=_nobody_sees
        )

    async def _move(self, sha: str) -> None:
        name, branch, exists = self.place.full_name, self.standing.branch, self.standing.tip is not None

        async def send() -> str:
            await write_branch(self.client, name, branch, sha, exists=exists)
            return sha

        async def find() -> str | None:
            return sha if await read_branch(self.client, name, branch) == sha else None

        try:
            await self.by.ledger.once(self.lease, "branch", f"{branch}@{sha}", send=send, find=find)
        except BranchMovedError:
            if await find() is None:
                raise
        await self._remember(sha, self.standing.pull.number if self.standing.pull else 0)

    async def _offer(self, tip: str, outcome: Outcome) -> Delivered:
        """The pull request of the branch, opened where there is none."""
        pull = self.standing.pull
        if pull is None:
            try:
                pull, outcome = await self._open(), Outcome.OPENED
            except NothingToOfferError:
                return Delivered(Outcome.NOTHING)
        await self._remember(tip, pull.number)
        return Delivered(outcome, pull.number, pull.url)

    async def _open(self) -> OwnPull:
        proposal, opened = self.proposal, dict[str, OwnPull]()
        bot = await self.by.clients.identity.bot(self.client)

        async def send() -> str:
            pull = await open_own_pull(
                self.client,
                self.place.full_name,
                self.standing.branch,
                proposal.topic.base_ref,
                proposal.title,
                proposal.body,
            )
            opened[str(pull.number)] = pull
            return str(pull.number)

        async def find() -> str | None:
            pulls = await read_own_pulls(
                self.client, self.place.full_name, self.place.repo_id, self.standing.branch, bot.id
            )
            opened.update({str(one.number): one for one in pulls})
            return str(pulls[0].number) if pulls else None

        number = await self.by.ledger.once(self.lease, "pull", self.standing.branch, send=send, find=find)
        if number not in opened:
            await find()
        return opened[number]

    async def _retell(self, pull: OwnPull) -> None:
        title, body = self.proposal.title, self.proposal.body

        async def send() -> str:
            await retell(self.client, self.place.full_name, pull.number, title, body)
            return str(pull.number)

        if (pull.title, pull.body) != (title, body):
            key = f"{pull.number}:{_digest(title, body)}"
            await self.by.ledger.once(self.lease, "pull text", key, send=send, find=_nobody_sees)

    async def _remember(self, tip: str, number: int) -> None:
        known = Remembered(self.standing.branch, tip, number)
        await self.by.topics.save(self.place.repo_id, self.proposal.topic.key, known)


async def _nobody_sees() -> str | None:
    """A commit that no branch holds, and a text that is put in place: making it twice is the same as once."""
    return None


def _digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:16]
