"""Page links, tags and block references in one block's text; nothing is meant in code. One pass, whatever is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workers.analysis.logseq.fences import unfenced
from workers.analysis.logseq.model import Problem, Reference

TARGET_MAX_CHARS = 400
DEPTH_MAX_LEVELS = 8
SIGNS = re.compile(r"\[\[|\]\]|\(\(|\)\)|#\[\[|#[^\s#\[\](){},;:.!?\"'<>|]{1,100}|\n")
TICKS = re.compile(r"`++")


@dataclass(slots=True)
class Found:
    """What a text points to, and where it is written wrongly."""

    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find(text: str, line: int) -> Found:
    """References of `text`, whose first line is `line`. Code spans and fenced code are skipped."""
    scan = _Scan(_without_code(text), line, Found())
    for sign in SIGNS.finditer(scan.text):
        scan.take(sign)
    scan.end()
    scan.found.references.sort(key=lambda one: one.line)
    return scan.found


@dataclass(slots=True)
class _Scan:
    text: str
    line: int
    found: Found
    pages: list[tuple[int, int]] = field(default_factory=list)
    block: tuple[int, int] | None = None

    def take(self, sign: re.Match[str]) -> None:
        word = sign[0]
        if word == "\n":
            self.line += 1
        elif word in ("[[", "#[["):
            self._open(sign)
        elif word == "]]":
            self._close(sign.start())
        elif word == "((":
            self.block = sign.end(), self.line
        elif word == "))":
            self._close_block(sign.start())
        elif word.startswith("#") and self._begins_a_word(sign.start()) and not self.pages:
            self.found.references.append(Reference("tag", word[1:], self.line))

    def end(self) -> None:
        for _, line in self.pages:
            self._wrong(line, "a page link is not closed: [[ without ]]")
        if self.block is not None:
            self._wrong(self.block[1], "a block reference is not closed: (( without ))")

    def _open(self, sign: re.Match[str]) -> None:
        if len(self.pages) >= DEPTH_MAX_LEVELS:
            self._wrong(self.line, f"page links nested more than {DEPTH_MAX_LEVELS} deep")
            return
        self.pages.append((sign.end(), self.line))

    def _close(self, end: int) -> None:
        if not self.pages:
            self._wrong(self.line, "a page link is closed that was not opened: ]] without [[")
            return
        start, line = self.pages.pop()
        target = self.text[start:end].strip()
        if not target or "\n" in target or len(target) > TARGET_MAX_CHARS:
            self._wrong(line, "a page link is empty, longer than a line or too long")
        else:
            self.found.references.append(Reference("page", target, line))

    def _close_block(self, end: int) -> None:
        if self.block is None:
            return  # two brackets of ordinary text
        (start, line), self.block = self.block, None
        target = self.text[start:end].strip()
        if is_id(target):
            self.found.references.append(Reference("block", target, line))
        elif target and " " not in target and "(" not in target:
            self._wrong(line, f"a block reference to no id: (({target[:40]}))")

    def _begins_a_word(self, start: int) -> bool:
        return start == 0 or self.text[start - 1] in " \t\n("

    def _wrong(self, line: int, why: str) -> None:
        self.found.problems.append(Problem(line, why))


ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,199}")


def is_id(text: str) -> bool:
    """Whether a block may be called so: letters, digits, "-" and "_"; a UUID is one."""
    return ID.fullmatch(text) is not None


def _without_code(text: str) -> str:
    """`text` with blanks for what stands in fences and between backquotes; lines stay where they are."""
    return "\n".join(_without_spans(line) for line in unfenced(text.split("\n")))


def _without_spans(line: str) -> str:
    """A line with blanks for its code spans."""
    parts, at = [], 0
    for start, end in code_spans(line):
        parts += [line[at:start], " " * (end - start)]
        at = end
    return "".join(parts) + line[at:]


def code_spans(line: str) -> Iterator[tuple[int, int]]:
    """Where the code spans of a line begin and end: each from a run of backquotes to the next one as long."""
    runs = [(found.start(), found.end()) for found in TICKS.finditer(line)]
    closing, last = {}, dict[int, int]()
    for number in range(len(runs) - 1, -1, -1):
        start, end = runs[number]
        closing[number] = last.get(end - start)
        last[end - start] = number
    number = 0
    while number < len(runs):
        to = closing[number]
        if to is not None:
            yield runs[number][0], runs[to][1]
            number = to
        number += 1
