"""Path patterns with the meaning that gitignore gives them, in time linear in pattern times path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import translate

_ANY = None  # "**": any number of folders, also none
_ESCAPED = re.compile(r"\\(.)")
_Part = re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Glob:
    """One pattern, ready to match.

    A slash at its start or middle ties it to the root, else it matches at any depth; `*` and `?` stay inside a
    folder's or file's name; `**` spans folders; a slash at the end asks for a folder.
    """

    parts: tuple[_Part, ...]
    folder: bool

    @classmethod
    def of(cls, pattern: str) -> Glob:
        """Read a pattern without its "!". Any text is a pattern; one that is empty matches nothing."""
        folder = pattern.endswith("/")
        bare = pattern.removesuffix("/")
        names = [name for name in bare.split("/") if name]
        if "/" not in bare:
            names.insert(0, "**")
        return cls(tuple(_part(name) for name in names) if bare.strip("/") else (), folder)

    def covers(self, path: str) -> bool:
        """Whether the pattern names the path or a folder above it (as in .gitignore)."""
        ends = self._ends(path.split("/"))
        return any(not self.folder or end < len(path.split("/")) for end in ends)

    def names(self, path: str) -> bool:
        """Whether the pattern names just this file (as in .gitattributes)."""
        return not self.folder and len(path.split("/")) in self._ends(path.split("/"))

    def _ends(self, names: Sequence[str]) -> set[int]:
        """After how many names of the path the whole pattern can be used up."""
        if not self.parts:
            return set()
        at = {0}
        for part in self.parts:
            if part is _ANY:
                at = set(range(min(at), len(names) + 1)) if at else set()
            else:
                at = {i + 1 for i in at if i < len(names) and part.match(names[i])}
        # A "**" at the end stands for what is inside, of which there has to be something.
        return at - {min(at)} if at and self.parts[-1] is _ANY else at


def _part(name: str) -> _Part:
    if name == "**":
        return _ANY
    shell = _ESCAPED.sub(lambda match: match[1] if match[1] in "!^" else f"[{match[1]}]", name)
    return re.compile(translate(shell.replace("[^", "[!")))


@dataclass(frozen=True, slots=True)
class PathFilter:
    """Patterns in order; the last one that covers a path decides, "!" in front takes it out again."""

    rules: tuple[tuple[bool, Glob], ...]

    @classmethod
    def of(cls, patterns: Sequence[str]) -> PathFilter:
        """Read patterns as they stand in a configuration."""
        return cls(tuple((not p.startswith("!"), Glob.of(p.removeprefix("!"))) for p in patterns))

    def __contains__(self, path: str) -> bool:
        return next((wanted for wanted, glob in reversed(self.rules) if glob.covers(path)), False)
