"""Whether everything is set that a receiver and a worker can't do without."""

from __future__ import annotations

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from config.catalogue_access import chosen
from config.catalogue_single import open_catalogue
from config.operator import OperatorRules, unknown_variables

NEEDED = ("app_id", "private_key", "webhook_secret")
WANTED = {
    "app_slug": "the App's own comments and pushes are not known as its own",
    "redis_url": "only `quorum serve` brings a Valkey of its own",
}


async def look(patient: Patient) -> Verdict:
    """Needed settings, overrides and the catalogue; variables that mean nothing. Raises ConfigError."""
    OperatorRules.from_environ(patient.environ)
    chosen(open_catalogue(patient.settings), patient.settings.providers, patient.environ)
    brokered = ("private_key",) if patient.settings.broker_socket else ()
    if missing := [_variable(name) for name in NEEDED if name not in brokered and not _given(patient, name)]:
        return failed(
            f"Not set: {', '.join(missing)}. Without them no delivery is taken or no work done; docs/operating.md says "
            "where they come from."
        )
    notes = [*unknown_variables(patient.environ)]
    notes += [
        f"{_variable(name)} is not set: {why}." for name, why in WANTED.items() if not _given(patient, name)
    ]
    return doubtful(" ".join(notes)) if notes else well("Everything needed is set.")


def _given(patient: Patient, name: str) -> bool:
    value = getattr(patient.settings, name)
    return bool(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def _variable(name: str) -> str:
    return f"QUORUM_{name.upper()}"
