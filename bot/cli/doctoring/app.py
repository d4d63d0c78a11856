"""Whether GitHub knows the App by this key, and under these names."""

from __future__ import annotations

from pydantic import BaseModel

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from workers.domain.errors import RateLimitedError, TransientError, UserError


class App(BaseModel):
    """What GitHub says of the App: https://docs.github.com/rest/apps/apps#get-the-authenticated-app."""

    id: int
    slug: str = ""
    client_id: str = ""
    permissions: dict[str, str] = {}
    events: tuple[str, ...] = ()


async def read(patient: Patient) -> App:
    """The App as GitHub has it."""
    return App.model_validate(await patient.app.get("/app"))


async def look(patient: Patient) -> Verdict:
    """Key and names belong together."""
    settings = patient.settings
    try:
        app = await read(patient)
    except RateLimitedError:
        raise
    except (UserError, TransientError) as error:
        return failed(
            f"{error} QUORUM_APP_ID, QUORUM_CLIENT_ID and the private key must be of one App, and the key not deleted "
            "on its settings page."
        )
    if app.id != settings.app_id:
        return failed(f"The key is of App {app.id}, QUORUM_APP_ID says {settings.app_id}: set the right one.")
    if settings.app_slug and app.slug != settings.app_slug:
        return failed(f"The App's slug is `{app.slug}`: set QUORUM_APP_SLUG to it.")
    if not settings.app_slug:
        return doubtful(f"Set QUORUM_APP_SLUG to `{app.slug}`, or its own comments count as a stranger's.")
    return well(f"GitHub knows the key as of App `{app.slug}`.")
