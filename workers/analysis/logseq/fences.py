"""Which lines are fenced code, where nothing is meant as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FENCE = re.compile(r"[ \t]{0,200}(?P<run>`{3,}+|~{3,}+)(?P<rest>.*)")


@dataclass(slots=True)
class Fences:
    """Goes through the lines of a text; `open` is the run of signs that began the code which goes on."""

    open: str = ""

    def takes(self, line: str) -> bool:
        """Whether `line` is fenced code or one of its fences."""
        found = FENCE.fullmatch(line)
        if not self.open:
            self.open = found["run"] if found is not None and "`" not in found["rest"] else ""
            return bool(self.open)
        if found is not None and found["run"].startswith(self.open) and not found["rest"].strip():
            self.open = ""
        return True


def unfenced(lines: Sequence[str]) -> Iterator[str]:
    """The lines, "" for those of fenced code."""
    fences = Fences()
    return ("" if fences.takes(line) else line for line in lines)
