"""YAML → plain values that remember where they stood. No aliases, no tags, no doubled keys, bounded depth."""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from config.errors import Problem

DEPTH_MAX = 12

Path = tuple[str | int, ...]
Value = object


class YamlProblem(Exception):  # noqa: N818 - carries problems, is never shown itself
    """The text is no YAML that we accept."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(slots=True)
class Tree:
    """The value of a document; `lines` maps the path of each key and item to its line, from 1."""

    value: Value = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of `path`, or of its nearest parent that stands in the file; 0 for none."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


class _Loader(yaml.SafeLoader):
    """Composes nodes; refuses what makes a small file large or deep before it is built."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call] # untyped in types-PyYAML
        if isinstance(event, yaml.AliasEvent):
            raise _refused("aliases (`*name`) are not supported", event, "Write the value out.")
        if self.depth >= DEPTH_MAX:
            raise _refused(f"nested deeper than {DEPTH_MAX} levels", event, "Flatten it.")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_tree(text: str) -> Tree:
    """Parse one document. Raises YamlProblem with every problem found."""
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        raise YamlProblem(_syntax_problem(error)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlProblem(Problem(line, "", f"character U+{_code(error):04X} is not allowed.")) from None
    tree = Tree()
    if node is not None:
        tree.value = _build(tree, node, ())
    if tree.problems:
        raise YamlProblem(*tree.problems)
    return tree


def dotted(path: Path) -> str:
    """`("review", "experts", 2)` → "review.experts[2]"."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _build(tree: Tree, node: yaml.Node, path: Path) -> Value:
    tree.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(tree, node, path)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_build(tree, item, (*path, index)) for index, item in enumerate(node.value))
    return _build_scalar(tree, node, path)


def _build_mapping(tree: Tree, node: yaml.MappingNode, path: Path) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None:
            tree.problems.append(Problem(line, dotted(path), "a key must be plain text."))
        elif key in values:
            first = tree.lines[(*path, key)]
            problem = Problem(
                line, dotted((*path, key)), f"stands twice, first in line {first}.", "Keep one."
            )
            tree.problems.append(problem)
        else:
            tree.lines[(*path, key)] = line
            values[key] = _build(tree, value_node, (*path, key))
    return values


def _build_scalar(tree: Tree, node: yaml.Node, path: Path) -> Value:
    constructor = yaml.constructor.SafeConstructor()
    try:
        value: Value = constructor.construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        reason = error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)
        tree.problems.append(Problem(node.start_mark.line + 1, dotted(path), f"can't be read: {reason}."))
        return None
    return value


def _refused(message: str, event: yaml.Event, fix: str) -> YamlProblem:
    line = event.start_mark.line + 1 if event.start_mark else 0
    return YamlProblem(Problem(line, "", message + ".", fix))


def _syntax_problem(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    tab = "\\t" in (error.problem or "")
    what = "a tab" if tab else error.problem or error.context or "not valid YAML"
    fix = "Indent with spaces." if tab else ""
    return Problem(line, "", f"column {column}: {what}.", fix)


def _code(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)
