"""What the worker and the child that reads for it say to each other."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from workers.analysis.testing.facts import Facts
from workers.analysis.testing.mutants import Mutant

NAME = "file.txt"


@dataclass(frozen=True, slots=True)
class FactsWanted:
    """What does the file hold? `language` is ast-grep's name."""

    language: str


@dataclass(frozen=True, slots=True)
class MutantsWanted:
    """Mistakes on `lines` of the file, see `mutants`. `language` is ast-grep's name; without a mutator there are none."""

    language: str
    lines: tuple[int, ...]
    seed: int
    mutants_max: int


@dataclass(frozen=True, slots=True)
class Read:
    """The answer: the one that was asked for."""

    facts: Facts | None = None
    mutants: tuple[Mutant, ...] = ()


REQUEST: TypeAdapter[FactsWanted | MutantsWanted] = TypeAdapter(FactsWanted | MutantsWanted)
READ = TypeAdapter(Read)


def request(raw: bytes) -> FactsWanted | MutantsWanted:
    """The request in `raw`."""
    return REQUEST.validate_json(raw)
