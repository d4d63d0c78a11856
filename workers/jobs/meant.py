"""Paths that somebody named behind a command: a file, a folder above it, or a glob."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from config.patterns import Predicate, compile_globs

GLOB = frozenset("*?[")
LOST_MAX = 5


def meant(named: str) -> Predicate:
    """Whether somebody who wrote `named` meant a path: the file, a folder above it, or a glob that it matches."""
    plain = str(PurePosixPath(named))
    if plain == ".":
        return lambda _: True
    matches = compile_globs((plain,) if GLOB & set(plain) else ())
    return lambda path: path == plain or path.startswith(f"{plain}/") or matches(path)


def lost(named: Sequence[str], paths: Collection[str]) -> tuple[str, ...]:
    """The first of `named` that mean none of `paths`."""
    return tuple(one for one in named if not any(map(meant(one), paths)))[:LOST_MAX]
