"""Has files read by a child in the sandbox: a file that breaks the parser costs itself and nothing else."""

from __future__ import annotations

import sys

from pydantic import ValidationError

from workers.analysis.naming import one_line_break
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.testing.facts import Facts
from workers.analysis.testing.mutants import Mutant
from workers.analysis.testing.protocol import NAME, READ, REQUEST, FactsWanted, MutantsWanted, Read

COMMAND = (sys.executable, "-I", "-m", "workers.analysis.testing.inside", "{src}")


async def facts_of(text: str, language: str, sandbox: Sandbox, limits: JailLimits) -> Facts | None:
    """What the test file `text` holds; None when nobody could read it."""
    read = await _asked(text, FactsWanted(language), sandbox, limits)
    return read.facts if read is not None else None


async def mutants_of(
    text: str, wanted: MutantsWanted, sandbox: Sandbox, limits: JailLimits
) -> tuple[Mutant, ...]:
    """Mutants of the file `text`; none when nobody could read it."""
    read = await _asked(text, wanted, sandbox, limits)
    return read.mutants if read is not None else ()


async def _asked(
    text: str, wanted: FactsWanted | MutantsWanted, sandbox: Sandbox, limits: JailLimits
) -> Read | None:
    files = {NAME: one_line_break(text)}
    try:
        finished = await sandbox.run(COMMAND, files=files, stdin=REQUEST.dump_json(wanted), limits=limits)
        return READ.validate_json(finished.stdout)
    except (OSError, ValidationError):  # no child can start, or it ended without a word
        return None
