"""What work waits, and for how long; what was given up."""

from __future__ import annotations

from functools import partial

from bot.cli.doctoring.database import reading
from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from workers.storage.outlook import counts

WAITED_MAX_S = 600.0


async def look(patient: Patient) -> Verdict:
    """The work table in figures."""
    found = await reading(patient.settings, partial(counts, now=patient.now()))
    if found.ready and found.oldest_s > WAITED_MAX_S and not found.running:
        return failed(
            f"{found.ready} pieces of work wait, the oldest for {found.oldest_s / 60:.0f} minutes, and nobody is at "
            "one: start `quorum worker`."
        )
    if found.dead:
        return doubtful(
            f"{found.dead} pieces of work were given up; their check runs say why: `/quorum review` retries."
        )
    if found.ready and found.oldest_s > WAITED_MAX_S:
        return doubtful(
            f"The oldest of {found.ready} waits for {found.oldest_s / 60:.0f} minutes: add workers."
        )
    return well(f"{found.wanted} wanted, {found.running} under way, none given up.")
