"""What a repository tells those who review it: files of the base commit, and instructions for some of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

FOR_THE_ROOT = (".github", "docs")
"""Folders where GitHub looks for a repository's own papers."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file that may hold guidelines for everything below `folder` ("": for the whole repository)."""

    path: str
    folder: str = ""

    def covers(self, path: str) -> bool:
        """Whether what stands here is said of `path` too."""
        return not self.folder or path.startswith(f"{self.folder}/")


@dataclass(frozen=True, slots=True)
class Guideline:
    """The text of one such file, fit for a model: no secrets, nothing hidden, cut at its limit."""

    place: Place
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the configuration says of the files that `glob` matches."""

    glob: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Guidelines:
    """Everything the base says, the general before the particular."""

    files: tuple[Guideline, ...] = ()
    instructions: tuple[Instruction, ...] = ()


def places(names: Sequence[str], changed: Iterable[str], exists: Container[str]) -> tuple[Place, ...]:
    """Where the guidelines called `names` may stand, from the root inwards.

    A name with a "/" is a path of its own. A plain one is looked for at the root, and, as far as something is known to
    be there (`exists`), in the folders that speak for the root, and beside or above the `changed` files; folders with
    more changed files come first. Names that lead out of the repository lead nowhere.
    """
    usable = [name for name in dict.fromkeys(names) if _is_inside(name)]
    plain = [name for name in usable if "/" not in name]
    around = Counter(folder for path in changed for folder in _folders(path))
    nested = sorted(around, key=lambda folder: (folder.count("/"), -around[folder], folder))
    found = [Place(f"{folder}/{name}") for folder in FOR_THE_ROOT for name in plain]
    found += [Place(f"{folder}/{name}", folder) for folder in nested for name in plain]
    every = (*map(Place, usable), *(place for place in found if place.path in exists))
    return tuple({place.path: place for place in reversed(every)}.values())[::-1]


def _folders(path: str) -> Iterator[str]:
    """The folders around `path`, without the root."""
    return (str(parent) for parent in PurePosixPath(path).parents if parent.name)


def _is_inside(name: str) -> bool:
    return "\\" not in name and all(part not in ("", ".", "..") for part in name.split("/"))
