"""Our own shapes of keys and passwords, on the lines that a change adds. Pure and linear, so it runs in process."""

from __future__ import annotations

import bisect
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.analysis.source import Observation, SourceFile
from workers.domain.secrets import find_secrets

NAME = "secret-patterns"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was found, and how long it took."""

    observations: tuple[Observation, ...]
    seconds: float


def check(files: Sequence[SourceFile]) -> Scanned:
    """One observation for each secret that begins on an added line; the value is not in it."""
    started = time.perf_counter()
    seen = tuple(one for file in files for one in _seen(file))
    return Scanned(seen, time.perf_counter() - started)


def _seen(file: SourceFile) -> Iterator[Observation]:
    breaks = [index for index, letter in enumerate(file.text) if letter == "\n"]
    for span in find_secrets(file.text):
        line = bisect.bisect_left(breaks, span.start) + 1
        if line in file.touched:
            last = bisect.bisect_left(breaks, span.end - 1) + 1
            yield Observation(NAME, span.kind, file.path, line, max(line, last), span.kind.replace("-", " "))
