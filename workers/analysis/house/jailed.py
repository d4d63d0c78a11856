"""Has patterns tried by a child in the sandbox, within a time: no pattern of a repository holds a worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from config.rules.writing import TextRules
from workers.analysis.house.protocol import NOWHERE, WANTED, Wanted, name_of
from workers.analysis.sandbox import Finished, JailLimits, Sandbox

COMMAND = (sys.executable, "-I", "-m", "workers.analysis.house.inside", "{src}")
LIMITS = JailLimits(wall_s=5.0, cpu_s=5)
UNTRIED = "The patterns of this repository could not be tried."


async def patterns(
    texts: Sequence[str], rules: TextRules, *, sandbox: Sandbox, limits: JailLimits = LIMITS
) -> tuple[tuple[str, ...], ...]:
    """For each text a sentence for each pattern that it breaks, or that took too long.

    What could not be tried has not passed.
    """
    every = (*rules.forbidden_patterns, *rules.required_patterns)
    if not every or not texts:
        return ((),) * len(texts)
    files = {name_of(number): text for number, text in enumerate(texts)}
    stdin = WANTED.dump_json(Wanted(tuple(files), every))
    try:
        finished = await sandbox.run(COMMAND, files=files, stdin=stdin, limits=limits)
    except OSError:  # no child can start
        return ((UNTRIED,),) * len(texts)
    lines = _lines(finished)
    said = (lines[at : at + len(every)] for at in range(0, len(texts) * len(every), len(every)))
    return tuple(tuple(_sentences(one, rules, every, limits.wall_s)) for one in said)


def _lines(finished: Finished) -> list[int]:
    """As many answers as there are: the last line may be cut short."""
    complete = finished.stdout.decode("ascii", "replace").rpartition("\n")[0].split("\n")
    return [int(one) for one in complete if one.removeprefix("-").isdecimal()]


def _sentences(
    lines: Sequence[int], rules: TextRules, every: Sequence[str], patience_s: float
) -> Iterator[str]:
    forbidden = len(rules.forbidden_patterns)
    for number, line in enumerate(lines):
        if number < forbidden and line != NOWHERE:
            where = f"Line {line}" if line else "It"
            yield f"{where} matches `{every[number]}`, which is forbidden here."
        elif number >= forbidden and line == NOWHERE:
            yield f"Nothing in it matches `{every[number]}`, which is wanted here."
    if len(lines) < len(every):
        yield f"The pattern `{every[len(lines)]}` could not be tried within {patience_s:g} s."
