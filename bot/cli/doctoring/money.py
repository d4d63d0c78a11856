"""The storage key, and the limits of spending."""

from __future__ import annotations

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well

OTHERS = ("webhook_secret", "admin_token", "alert_webhook_secret")


async def look_at_key(patient: Patient) -> Verdict:
    """It encrypts tokens in Valkey, and must be nothing else's secret."""
    settings = patient.settings
    key = settings.storage_key.get_secret_value()
    if not key:
        return doubtful(
            "QUORUM_STORAGE_KEY is not set: workers don't share tokens; set 32 random characters."
        )
    if same := [name for name in OTHERS if getattr(settings, name).get_secret_value() == key]:
        return failed(f"QUORUM_STORAGE_KEY is also QUORUM_{same[0].upper()}: make a secret of its own.")
    return well("It is set: tokens are shared encrypted.")


async def look_at_budget(patient: Patient) -> Verdict:
    """Whether anything stops spending."""
    given = [
        f"QUORUM_{name.upper()}" for name, value in patient.settings if name.startswith("budget_") and value
    ]
    if not given:
        return doubtful(
            "No budget is set: nothing stops spending; set QUORUM_BUDGET_MONTH_USD, for instance."
        )
    if patient.settings.allow_unknown_prices:
        return doubtful(
            "QUORUM_ALLOW_UNKNOWN_PRICES lets models of unknown price past every budget: unset it."
        )
    return well(f"Set: {', '.join(given)}.")
