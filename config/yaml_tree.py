"""YAML → plain values that remember where they stood. No aliases, no tags, no doubled keys; bounded in every way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from config.errors import Problem
from config.yaml_scalar import ScalarError, resolve
from config.yaml_syntax import NOT_ALLOWED, syntax_problem

DEPTH_MAX = 12
NODES_MAX = 10_000
SHOWN_KEY_MAX_CHARS = 80

Path = tuple[str | int, ...]
Value = object
Parser = Callable[[str], Any]
"""What makes events of a text, as `yaml.CSafeLoader` and `yaml.SafeLoader` do."""

FASTEST: Parser = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class YamlProblem(Exception):  # noqa: N818 - carries problems, is never shown itself
    """The text is no YAML that we accept."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(slots=True)
class Tree:
    """The value of a document; `places` maps each key and item to its line and column, from 1.

    `plain` holds how values were written that are no texts, for who meant a text: `no`, `1.10`.
    """

    value: Value = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    plain: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column of `path`, or of its nearest parent that stands in the file; zeros for none."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (0, 0))


def read_tree(text: str, parser: Parser = FASTEST) -> Tree:
    """Parse one document. Raises YamlProblem with every problem found."""
    text = text.removeprefix("\ufeff")
    if bad := NOT_ALLOWED.search(text):
        line, start = text.count("\n", 0, bad.start()) + 1, text.rfind("\n", 0, bad.start())
        message = f"the character U+{ord(bad.group()):04X} is not allowed."
        raise YamlProblem(Problem(line, "", message, column=bad.start() - start))
    events = parser(text)
    try:
        tree = _Builder(events).document()
    except yaml.MarkedYAMLError as error:
        raise YamlProblem(syntax_problem(error, text)) from None
    finally:
        events.dispose()
    if tree.problems:
        raise YamlProblem(*tree.problems)
    return tree


def dotted(path: Path) -> str:
    """`("review", "experts", 2)` → "review.experts[2]"; keys that run on are cut."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{shown(part)}" for part in path).removeprefix(
        "."
    )


def shown(text: str) -> str:
    """`text` on one line, short enough for a message, and without what would end a code span."""
    line = " ".join(text[: SHOWN_KEY_MAX_CHARS + 1].replace("`", "'").split())
    return line if len(line) <= SHOWN_KEY_MAX_CHARS else line[: SHOWN_KEY_MAX_CHARS - 1] + "…"


class _Builder:
    """Builds values straight from events: nothing large or deep is ever made of a small file."""

    def __init__(self, events: Any) -> None:
        self._next = events.get_event
        self._nodes = 0
        self._tree = Tree()

    def document(self) -> Tree:
        self._next()  # the stream starts
        if isinstance(self._next(), yaml.StreamEndEvent):
            return self._tree
        self._tree.value = self._node(self._next(), (), 0)
        self._next()  # the document ends
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise _refused("a second document (`---`) begins", after, "Keep one.")
        return self._tree

    def _node(self, event: Any, path: Path, depth: int) -> Value:
        if path not in self._tree.places:
            self._tree.places[path] = _place(event)
        self._check(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth + 1)
        return self._sequence(path, depth + 1)

    def _check(self, event: Any, depth: int) -> None:
        self._nodes += 1
        if self._nodes > NODES_MAX:
            raise _refused(f"more than {NODES_MAX:,} values", event, "Shorten the file.")
        if isinstance(event, yaml.AliasEvent):
            raise _refused("aliases (`*name`) are not supported", event, "Write the value out.")
        if event.tag is not None:
            tag = shown(event.tag.replace("tag:yaml.org,2002:", "!!"))
            fix = "Leave it out." if tag.startswith("!!") else "Quote a text that begins with `!`."
            raise _refused(f"tags (`{tag}`) are not supported", event, fix)
        if depth >= DEPTH_MAX:
            raise _refused(f"nested deeper than {DEPTH_MAX} levels", event, "Flatten it.")

    def _sequence(self, path: Path, depth: int) -> tuple[Value, ...]:
        values: list[Value] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            values.append(self._node(event, (*path, len(values)), depth))
        return tuple(values)

    def _mapping(self, path: Path, depth: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, path, depth)
            if key in values:
                self._twice(event, (*path, key))
                self._node(self._next(), (*path, key), depth)
                continue
            self._tree.places[*path, key] = _place(event)
            values[key] = self._node(self._next(), (*path, key), depth)
        return values

    def _key(self, event: Any, path: Path, depth: int) -> str:
        self._check(event, depth)
        if not isinstance(event, yaml.ScalarEvent):
            raise _refused("a key must be plain text", event, "", path)
        if event.value == "<<" and event.implicit[0]:
            raise _refused("merge keys (`<<`) are not supported", event, "Write the keys out.", path)
        return str(event.value)

    def _twice(self, event: Any, path: Path) -> None:
        line, column = _place(event)
        first, _ = self._tree.places[path]
        message = f"stands twice, first in line {first}."
        self._tree.problems.append(Problem(line, dotted(path), message, "Keep one.", column))

    def _scalar(self, event: Any, path: Path) -> Value:
        text: str = event.value
        if not event.implicit[0]:
            return text
        try:
            value = resolve(text)
        except ScalarError as error:
            line, column = _place(event)
            self._tree.problems.append(Problem(line, dotted(path), error.message, error.fix, column))
            return None
        if value is not text:
            self._tree.plain[path] = text
        return value


def _place(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _refused(message: str, event: Any, fix: str, path: Path = ()) -> YamlProblem:
    line, column = _place(event)
    return YamlProblem(Problem(line, dotted(path), message + ".", fix, column))
