"""Where GitHub sends deliveries, whether it signs them, and how the last ones ended."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import BaseModel

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from workers.github.deliveries import Attempt, read_log

SINCE_S = 86_400
PATH = "/webhook"
ADVICE = {
    401: "the secret at GitHub is not QUORUM_WEBHOOK_SECRET: set the same at both",
    404: f"nobody serves that path: the URL must end with {PATH}",
    503: "the receiver can't write its database: look at /readyz",
}
UNREACHED = "nobody answers at the webhook's URL: start `quorum web`, and look at the proxy before it"


class Hook(BaseModel):
    """https://docs.github.com/rest/apps/webhooks#get-a-webhook-configuration-for-an-app."""

    url: str | None = None
    secret: str | None = None
    content_type: str | None = None
    insecure_ssl: str | float | None = None


async def look_at_configuration(patient: Patient) -> Verdict:
    """URL, secret, form and certificates; the secret itself is never told by GitHub."""
    hook = Hook.model_validate(await patient.app.get("/app/hook/config"))
    url = urlsplit(hook.url or "")
    if not url.hostname:
        return failed("The App has no webhook URL: set it on the App's settings page, and tick Active.")
    if not hook.secret:
        return failed(
            "The App has no webhook secret: set QUORUM_WEBHOOK_SECRET's value on its settings page."
        )
    if url.path != PATH:
        return failed(
            f"The webhook's URL leads to {url.path or '/'} of {url.hostname}: it must lead to {PATH}."
        )
    if hook.content_type != "json":
        return failed(
            "The webhook's content type must be application/json: change it on the App's settings page."
        )
    if url.scheme != "https" or str(hook.insecure_ssl) not in ("0", "0.0"):
        return doubtful(
            f"Deliveries to {url.hostname} are not protected: use https and have certificates verified."
        )
    return well(f"Deliveries go to {url.hostname}, signed.")


async def look_at_deliveries(patient: Patient) -> Verdict:
    """The last hundred attempts of a day."""
    now = patient.now()
    attempts = (await read_log(patient.app, now - SINCE_S, now, pages_max=1)).attempts
    if not attempts:
        return doubtful(
            "GitHub has delivered nothing within a day: open a pull request where the App is installed."
        )
    bad = [one for one in attempts if not one.succeeded]
    if not attempts[0].succeeded:
        return failed(
            f"The last delivery failed ({attempts[0].code or 'no answer'}): {_advice(attempts[0])}."
        )
    if bad:
        return doubtful(
            f"{len(bad)} of the last {len(attempts)} deliveries failed; they are asked for again."
        )
    return well(f"The last {len(attempts)} deliveries arrived.")


def _advice(attempt: Attempt) -> str:
    return ADVICE.get(attempt.code, "look at the receiver's log" if attempt.answered else UNREACHED)
