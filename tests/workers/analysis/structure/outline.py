"""A module's structure as lines, one a member, as the samples' labels are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from workers.analysis.languages import language_of
from workers.analysis.structure.model import Module, named
from workers.analysis.structure.read import read
from workers.analysis.structure.signature import signature

SAMPLES = Path(__file__).parents[3] / "fixtures" / "structure"


def sample(name: str) -> Module:
    """The structure of one of the sample files."""
    return read(name, (SAMPLES / name).read_text(encoding="utf-8"), str(language_of(name)))


def outline(module: Module) -> Iterator[str]:
    """The head, then "+" (public) or "-", whole name, kind, signature, first line of the docs, lines."""
    yield f"# {module.path} | {module.package} | {module.docs.partition(chr(10))[0]}"
    for one in named(module):
        member = one.member
        docs = member.docs.partition("\n")[0]
        parts = (one.name, member.kind, signature(member), docs, f"{member.start}-{member.end}")
        yield ("+ " if one.shown else "- ") + " | ".join(parts)


def truth() -> Mapping[str, list[str]]:
    """The labelled outline of each sample, by its name."""
    parts = (SAMPLES / "truth.txt").read_text(encoding="utf-8").split("# ")[1:]
    return {part.partition(" | ")[0]: f"# {part}".splitlines() for part in parts}
