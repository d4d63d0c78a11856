"""Whether GitHub's API can be reached from here."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, failed, well

FAULT_STATUS = 500


async def look(patient: Patient) -> Verdict:
    """Any answer that is no fault of the server will do."""
    host = urlsplit(patient.settings.github_api_url).hostname
    try:
        answer = await patient.anybody.get(patient.settings.github_api_url)
    except httpx.HTTPError as error:
        return failed(
            f"{host} can't be reached ({type(error).__name__}): look at QUORUM_GITHUB_API_URL, the network and "
            "certificates."
        )
    if answer.status_code >= FAULT_STATUS:
        return failed(
            f"{host} answers {answer.status_code}: wait until it works again (www.githubstatus.com)."
        )
    return well(f"{host} answers.")
