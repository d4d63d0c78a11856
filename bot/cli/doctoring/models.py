"""Whether each model that the operator means to use can be asked, answers, and has a price."""

from __future__ import annotations

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from bot.cli.models.check import checked, chosen_rows, open_probe
from bot.cli.models.diagnosis import Diagnosis, without_asking
from bot.cli.models.rows import Row, overview

TIMEOUT_S = 60.0
NOBODY = "No model can be asked, so reviews are static: set QUORUM_PROVIDERS or QUORUM_MODEL."


async def look(patient: Patient) -> Verdict:
    """Ask each one tiny question."""
    rows = _rows(patient)
    async with open_probe([row for row in rows if row.access.usable], patient.environ) as probe:
        return _judged(await checked(rows, patient.settings, probe))


async def look_offline(patient: Patient) -> Verdict:
    """Keys by their names, and prices."""
    return _judged([without_asking(row, patient.settings) for row in _rows(patient)])


def _rows(patient: Patient) -> list[Row]:
    return chosen_rows(overview(patient.settings, patient.environ), patient.settings, ())


def _judged(found: list[Diagnosis]) -> Verdict:
    ill = [one for one in found if not one.ok]
    if not found:
        return doubtful(NOBODY)
    told = "; ".join(f"{one.model}: {problem}" for one in ill for problem in one.problems)
    if len(ill) == len(found):
        return failed(f"{told}.")
    if ill:
        return doubtful(f"{told}. The other {len(found) - len(ill)} can be asked.")
    notes = "; ".join(f"{one.model}: {note}" for one in found for note in one.notes)
    return doubtful(f"{notes}.") if notes else well(f"{len(found)} can be asked; keys and prices are known.")
