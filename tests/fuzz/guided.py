"""One target by atheris, guided by coverage, for some seconds: `python -m tests.fuzz.guided TARGET SECONDS`."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import atheris
import structlog

with atheris.instrument_imports(include=["bot", "config", "workers"]):
    from tests.fuzz.targets import TARGETS, Target

INPUT_MAX_BYTES = 4_096


def main(name: str, seconds: str) -> None:
    """Ends the process, with an error and the input in a file when one was found."""
    target = TARGETS[name]
    with tempfile.TemporaryDirectory() as folder:
        _plant(target, Path(folder))
        kept = f"-artifact_prefix={tempfile.gettempdir()}/quorum-fuzz-{name}-"
        options = [
            kept,
            f"-max_total_time={seconds}",
            f"-max_len={INPUT_MAX_BYTES}",
            "-timeout=10",
            "-verbosity=0",
        ]
        atheris.Setup([sys.argv[0], *options, folder], lambda data: target.check(_text(data)))
        atheris.Fuzz()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _plant(target: Target, folder: Path) -> None:
    """The seeds, and pieces in an order of chance: what libFuzzer's changes begin with."""
    chance = random.Random(target.name)
    mixed = ["".join(chance.choices(target.pieces, k=12)) for _ in range(50)]
    for number, text in enumerate((*target.seeds, *mixed)):
        (folder / str(number)).write_bytes(text.encode("utf-8", "surrogatepass"))


structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
main(*sys.argv[1:])
