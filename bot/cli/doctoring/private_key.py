"""Whether the App's private key can sign."""

from __future__ import annotations

from pydantic import SecretStr

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from config.settings import Settings
from workers.github.signing import AppCredentials
from workers.github.timing import Timing
from workers.github.tokens import AppIdentity

HEAD = "-----BEGIN"


async def look(patient: Patient) -> Verdict:
    """Sign once. Raises UserError for what is no key."""
    settings = patient.settings
    if settings.broker_socket:
        return _beside_a_broker(settings)
    if HEAD not in _plain(settings.private_key):
        return failed(
            "QUORUM_PRIVATE_KEY is no PEM text: give the file that GitHub made, by QUORUM_PRIVATE_KEY_FILE."
        )
    identity = AppIdentity(settings.app_id, settings.client_id, settings.private_key)
    await AppCredentials(identity, Timing(patient.now)).authorization()
    return well("The private key can sign.")


def _beside_a_broker(settings: Settings) -> Verdict:
    if _plain(settings.private_key):
        return doubtful(
            "QUORUM_PRIVATE_KEY is set here too, and not used: give it to the broker alone, whose user nobody else is."
        )
    return well("The broker holds it.")


def _plain(secret: SecretStr) -> str:
    return secret.get_secret_value()
