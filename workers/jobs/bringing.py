"""One proposal brought to GitHub: commit, branch, pull request, each once, and only what is not there yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from workers.domain.delivery import Delivered, Outcome, Proposal, Remembered
from workers.domain.errors import UserError
from workers.github.branches import BranchMovedError, read_branch, write_branch
from workers.github.client import InstallationClient
from workers.github.commits import Row, read_tree_sha, write_commit, write_tree
from workers.github.delivering import NothingToOfferError, OwnPull, open_own_pull, read_own_pulls, retell
from workers.github.overlay import Overlay, read_overlay
from workers.jobs.standing import Place, Standing
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.topics import COMMIT, TopicStore

REASONS_MAX = 5


@dataclass(frozen=True, slots=True)
class Bringing:
    """One try to bring one proposal to GitHub, over what was just read."""

    ledger: EffectLedger
    topics: TopicStore
    bot_id: int
    client: InstallationClient
    lease: Lease
    place: Place
    proposal: Proposal
    standing: Standing

    async def bring(self) -> Delivered:
        """Commit, branch, pull request; whatever stands already is left."""
        proposal = self.proposal
        overlay = await read_overlay(
            self.client, self.place.full_name, proposal.base_sha, self.standing.tip, proposal.folders
        )
        if wrong := overlay.objections(self.proposal.files):
            raise UserError(" ".join(wrong[:REASONS_MAX]))
        rows, pull = overlay.rows(self.proposal.files), self.standing.pull
        if not rows:
            await self._remember(self.standing.tip or "", pull.number if pull is not None else 0)
            outcome = Outcome.UNCHANGED if pull is not None else Outcome.NOTHING
            return replace(self.standing.told, outcome=outcome)
        if overlay.holds(self.proposal.files):
            return await self._offer(self.standing.tip or "", Outcome.UNCHANGED)
        sha = await self._commit(overlay, rows)
        # Told before it is there: a run that dies in between finds the branch as it was, and tells again.
        if pull is not None:
            await self._retell(pull)
        await self._move(sha)
        return await self._offer(sha, Outcome.UPDATED)

    async def _commit(self, overlay: Overlay, rows: Sequence[Row]) -> str:
        """The sha of a commit with `rows` over the base, which no branch holds yet."""
        name, base_sha = self.place.full_name, self.proposal.base_sha
        parents = overlay.parents(base_sha)
        base_tree = await read_tree_sha(self.client, name, base_sha)
        tree = await write_tree(self.client, name, base_tree, rows)
        send = partial(write_commit, self.client, name, tree, parents, self.proposal.message)
        return await self.ledger.once(
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
            await self.ledger.once(self.lease, "branch", f"{branch}@{sha}", send=send, find=find)
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
                self.client, self.place.full_name, self.place.repo_id, self.standing.branch, self.bot_id
            )
            opened.update({str(one.number): one for one in pulls})
            return str(pulls[0].number) if pulls else None

        number = await self.ledger.once(self.lease, "pull", self.standing.branch, send=send, find=find)
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
            await self.ledger.once(self.lease, "pull text", key, send=send, find=_nobody_sees)

    async def _remember(self, tip: str, number: int) -> None:
        known = Remembered(self.standing.branch, tip, number)
        await self.topics.save(self.place.repo_id, self.proposal.topic.key, known)


async def _nobody_sees() -> str | None:
    """A commit that no branch holds, and a text that is put in place: making it twice is the same as once."""
    return None


def _digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:16]
