"""ast-grep: our own rules (rules/*.yml) on the syntax tree. Runs inside the jail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from workers.analysis.tools.protocol import Answer, Given, Seen
from workers.analysis.tools.rules import loading

if TYPE_CHECKING:
    from ast_grep_py import SgNode

FLOWS_MAX_CHARS = 200_000
"""Following a value through a function takes time with the square of its length."""

LANGUAGES = frozenset({"python", "javascript", "typescript", "tsx", "java", "go", "kotlin", "rust"})
"""Names that ast-grep knows and we have rules for: it panics at any other."""


def check(file: Given) -> Answer:
    """Every match of a rule of the file's language that the change touches; what does not parse is said."""
    from ast_grep_py import SgRoot

    if file.language not in LANGUAGES:
        return Answer()
    root = SgRoot(file.text, file.language).root()
    rules = [rule for rule in loading.rules(file.language) if rule.concerns(file.text)]
    affordable = [rule for rule in rules if len(file.text) <= FLOWS_MAX_CHARS or not rule.is_flow]
    seen = [one for rule in affordable for one in _matches(root, rule, file)]
    return Answer(tuple(seen), partial=_unparsed(root) or _unfollowed(len(rules) - len(affordable)))


def _matches(root: SgNode, rule: loading.Rule, file: Given) -> Iterator[Seen]:
    config: Any = rule.config
    for node in root.find_all(config):
        place = node.range()
        start, end = place.start.line + 1, place.end.line + 1
        touched = [line for line in file.touched if start <= line <= end]
        if touched:
            line = start if start in file.touched else min(touched)
            yield Seen(rule.id, line, end, _first_line(node.text()), rule.severity)


def _first_line(text: str) -> str:
    line = text.partition("\n")[0].strip()
    return line if len(line) <= 120 else line[:119] + "…"


def _unfollowed(count: int) -> str:
    return f"longer than {FLOWS_MAX_CHARS:,} characters: {count} rules not tried" if count else ""


def _unparsed(root: SgNode) -> str:
    errors = root.find_all(kind="ERROR")
    if not errors:
        return ""
    return f"not understood from line {errors[0].range().start.line + 1} on ({len(errors)} places)"
