"""The comment that says how far an errand is: made once, found again by later runs, never written over an answer."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.change import PullRequest
from workers.domain.command import Command
from workers.github.client import Clients, InstallationClient
from workers.github.markers import command_marker
from workers.github.replies import PROGRESS, Placed, find_reply, read_reply, reply, rewrite_reply
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers

EFFECT = "progress"


@dataclass(frozen=True, slots=True)
class Errand:
    """A command whose work is being done. `marks` are more hidden marks for the comment."""

    client: InstallationClient
    lease: Lease
    pull: PullRequest
    command: Command
    marks: tuple[str, ...] = ()


@dataclass(slots=True)
class Underway:
    """The comment of one run; `place` is where it stands, "" as long as there is none."""

    clients: Clients
    ledger: EffectLedger
    leftovers: Leftovers
    errand: Errand
    place: str = ""

    async def begun_before(self) -> bool:
        """Whether an earlier run has made it, or tried to."""
        errand = self.errand
        return await self.leftovers.begun(errand.lease.claim, EFFECT, errand.command.id)

    async def write(self, text: str) -> bool:
        """Make `text` what it says. False where the answer stands already, or somebody has deleted what was said."""
        errand = self.errand
        marks = (command_marker(errand.command.id), *errand.marks, PROGRESS)
        body, sent = "\n".join((f"{text}\n", *marks)), list[Placed]()
        if not self.place:
            self.place = await self._made(body, sent)
        if not sent and not await self._still_there():
            self.place = ""
            return False
        if not sent:
            await errand.lease.check()
            await rewrite_reply(errand.client, errand.pull.full_name, self.place, body)
        return True

    async def _still_there(self) -> bool:
        there = await read_reply(self.errand.client, self.errand.pull.full_name, self.place)
        return there is not None and PROGRESS in there.posted.body

    async def _made(self, body: str, sent: list[Placed]) -> str:
        """Where it stands: an earlier run may have made it, also one that never heard GitHub's answer."""
        errand, seen, pull = self.errand, self.errand.command.seen, self.errand.pull
        name, number, marker = pull.full_name, pull.number, command_marker(errand.command.id)
        bot = await self.clients.identity.bot(errand.client)

        async def find() -> str | None:
            found = await find_reply(errand.client, name, number, seen.source, marker, bot.id)
            return found.place if found is not None else None

        async def send() -> str:
            if there := await find():
                return there
            sent.append(await reply(errand.client, name, number, seen.source, seen.thread_id, body))
            return sent[0].place

        return await self.ledger.once(errand.lease, EFFECT, errand.command.id, send=send, find=find)
