"""Text of a page → its blocks. Everything is read as something; what can't be meant so is a problem.

Blocks are bullets ("- ", indented by a tab or two spaces a level) and headings at the margin. What follows a bullet
belongs to it; `key:: value` lines right behind the bullet, or behind its first line, are its properties. Those before
the first block, below the title, are the page's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from workers.analysis.logseq.fences import Fences
from workers.analysis.logseq.lines import HEADING, bullet_of, heading_of, property_of, unindented
from workers.analysis.logseq.model import Block, Page, Problem, Property
from workers.analysis.logseq.references import find

PAGE_MAX_CHARS = 1_000_000
DEPTH_MAX_LEVELS = 30
PROBLEMS_MAX = 200


@dataclass(slots=True)
class _Open:
    """A block whose lines are still coming. Its properties leave None among its lines, so that lines can be counted."""

    line: int
    depth: int
    heading: int = 0
    lines: list[str | None] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)
    texts: int = 0

    def text(self) -> str:
        return "\n".join(line for line in self.lines if line is not None).strip("\n")

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.texts += bool(line.strip())

    def takes_properties(self) -> bool:
        """They stand first, or right behind the first line."""
        return self.texts <= 1


def parse(title: str, text: str) -> Page:
    """The page with this text; its own title ("# …" above everything) wins over `title`, its file's."""
    if len(text) > PAGE_MAX_CHARS:
        return Page(title, problems=(Problem(1, f"longer than {PAGE_MAX_CHARS:,} characters"),))
    reading = _Reading()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    fences = Fences()
    for number, line in enumerate(lines, start=1):
        reading.take(number, line, in_code=fences.takes(line))
    return reading.page(title)


@dataclass(slots=True)
class _Reading:
    head: _Open = field(default_factory=lambda: _Open(1, -1))
    path: list[_Open] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, number: int, line: str, *, in_code: bool) -> None:
        """One more line."""
        bullet, heading = bullet_of(line), HEADING.match(line)
        if in_code:
            self._into(number, line, in_code=True)
        elif bullet is not None:
            self._begin(number, *bullet)
        elif heading is not None and not self._is_title(heading_of(line)):
            self._close(0)
            self.path.append(_Open(number, 0, heading_of(line), [line], texts=1))
        else:
            self._into(number, line, in_code=False)

    def _is_title(self, level: int) -> bool:
        return level == 1 and not self.path and not self.blocks and not self.head.text()

    def _begin(self, number: int, depth: int, text: str) -> None:
        above = next((one.depth for one in reversed(self.path) if not one.heading), -1)
        if depth > above + 1:
            self.problems.append(Problem(number, "indented more than one level below the block before it"))
        self._close(min(depth, above + 1, DEPTH_MAX_LEVELS))
        self.path.append(_Open(number, min(depth, above + 1, DEPTH_MAX_LEVELS)))
        self._into(number, text, in_code=False)

    def _into(self, number: int, line: str, *, in_code: bool) -> None:
        block = self.path[-1] if self.path else self.head
        said = None if in_code else property_of(line)
        if said is not None and block.takes_properties():
            block.properties.append(Property(*said, number))
            block.lines.append(None)
        else:
            block.add(line if block.heading else unindented(line, block.depth + 1))

    def _close(self, depth: int) -> None:
        """End the blocks as deep as `depth` or deeper."""
        while self.path and (self.path[-1].depth >= depth or self.path[-1].heading):
            done = self._closed(self.path.pop())
            (self.path[-1].children if self.path else self.blocks).append(done)

    def _closed(self, block: _Open) -> Block:
        said = [find("\n".join(line or "" for line in block.lines), block.line)]
        said += [find(one.value, one.line) for one in block.properties]
        self.problems += [problem for one in said for problem in one.problems]
        text = block.text()
        return Block(
            block.line,
            block.depth,
            text,
            block.heading or heading_of(text),
            tuple(block.properties),
            tuple(reference for one in said for reference in one.references),
            tuple(block.children),
        )

    def page(self, title: str) -> Page:
        """What was read."""
        self._close(0)
        head = self._closed(self.head)
        first, _, rest = head.text.partition("\n")
        own = first.removeprefix("#").strip() if head.heading == 1 else ""
        problems = tuple(sorted(self.problems, key=lambda one: one.line)[:PROBLEMS_MAX])
        text = rest.strip("\n") if own else head.text
        return Page(own or title, head.properties, text, tuple(self.blocks), head.references, problems)
