"""Whether the broker is there, and nobody else can be on its socket."""

from __future__ import annotations

from bot.cli.broker_socket import openness
from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, failed, well
from workers.domain.errors import TransientError, UserError


async def look(patient: Patient) -> Verdict:
    """The socket's and its folder's rights, and an answer."""
    path = patient.settings.broker_socket
    if path is None:
        return well("There is none: workers hold the private key themselves.")
    if why := openness(path):
        return failed(why)
    try:
        await patient.app.get("/broker")
    except (UserError, TransientError) as error:
        return failed(
            f"{error} `quorum broker` must run with the same QUORUM_BROKER_SOCKET, and QUORUM_BROKER_USER must be the "
            "user of this process."
        )
    return well(f"It answers at {path}, which no other user can reach.")
