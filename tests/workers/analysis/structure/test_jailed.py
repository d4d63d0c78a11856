"""Structures read in the sandbox are what is read here, and a file that breaks the reader costs itself only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.workers.analysis.structure.outline import SAMPLES, sample, truth
from workers.analysis.languages import language_of
from workers.analysis.process import Finished
from workers.analysis.sandbox import JailLimits, Sandbox
from workers.analysis.source import SourceFile
from workers.analysis.structure.jailed import structures


def source(name: str, text: str) -> SourceFile:
    return SourceFile(name, text, language_of(name), frozenset())


async def test_the_sandbox_gives_the_same_structure(sandbox: Sandbox) -> None:
    names = sorted(truth())
    files = [source(name, (SAMPLES / name).read_text(encoding="utf-8")) for name in names]
    found = await structures([*files, source("a.css", "a { b: c }")], sandbox, JailLimits())
    assert found == tuple(sample(name) for name in names)


@dataclass(frozen=True, slots=True)
class BrokenSandbox:
    """One in which every child dies before it says a word."""

    isolation: str = "reduced"
    executes_code: bool = False

    async def run(
        self, command: Sequence[str], *, files: Mapping[str, str], stdin: bytes = b"", limits: JailLimits
    ) -> Finished:
        return Finished(139, b"", b"", 0.0, self.isolation, "")


async def test_a_file_that_breaks_the_reader_is_incomplete() -> None:
    (found,) = await structures([source("a.py", "x = 1\n")], BrokenSandbox(), JailLimits())
    assert not found.complete
    assert "it ended with 139" in found.gaps[0].why
