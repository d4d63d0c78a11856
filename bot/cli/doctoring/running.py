"""All checks, side by side; one that needs another waits for it, and nothing waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from redis.exceptions import RedisError

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Check, Grade, Verdict, doubtful, failed
from config.errors import ConfigError
from workers.domain.errors import TransientError, UserError


async def examined(patient: Patient, checks: Sequence[Check]) -> Mapping[str, Verdict]:
    """The verdict of each check by its name, in their order."""
    found: dict[str, asyncio.Task[Verdict]] = {}
    async with asyncio.TaskGroup() as group:
        for check in checks:
            # those that it waits for stand before it in the list
            needed = {name: found[name] for name in check.after if name in found}
            found[check.name] = group.create_task(_in_turn(check, patient, needed))
    return {name: task.result() for name, task in found.items()}


async def _in_turn(check: Check, patient: Patient, needed: Mapping[str, asyncio.Task[Verdict]]) -> Verdict:
    ends = dict(zip(needed, await asyncio.gather(*needed.values()), strict=True))
    if ill := [name for name, end in ends.items() if end.grade is Grade.FAILED]:
        return doubtful(f"Not looked at: mend {' and '.join(ill)} first.")
    if unseen := [name for name, end in ends.items() if end.said.startswith("Not looked at")]:
        return doubtful(f"Not looked at, because {' and '.join(unseen)} could not be.")
    return await _looked_at(check, patient)


async def _looked_at(check: Check, patient: Patient) -> Verdict:
    try:
        async with asyncio.timeout(check.timeout_s):
            return await check.look(patient)
    except TimeoutError:
        return failed(f"No answer within {check.timeout_s:.0f} s: see whether what it asks is overloaded.")
    except ConfigError as error:
        return failed(" ".join(map(str, error.problems)))
    except (UserError, TransientError) as error:
        return failed(str(error))
    except ValidationError:  # its words quote what was read
        return failed("The answer is not what was expected: something between may have written it.")
    except (OSError, RedisError) as error:
        return failed(f"It could not be read ({type(error).__name__}): look at the address and at rights.")
