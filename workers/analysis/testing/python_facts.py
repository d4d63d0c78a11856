"""The facts of a test file in Python. Runs inside the jail: the parser reads what nobody has vouched for."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workers.analysis.testing.facts import ENTRIES_MAX, NAME_MAX_CHARS, WRITING, Case, Facts, Used, Wanted

MARKS = frozenset("wax+")
CHECKING = ("pytest.raises", "pytest.warns", "pytest.deprecated_call")


def facts(text: str) -> Facts:
    """The facts of one file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError) as error:
            return Facts(broken=getattr(error, "lineno", None) or 1)
    reader = _Reader(_aliases(tree))
    reader.read(tree, "")
    cases = tuple(_case(node, reader) for node in _test_functions(tree))
    return Facts(
        0,
        tuple(_imports(tree))[:ENTRIES_MAX],
        tuple(reader.uses[:ENTRIES_MAX]),
        cases[:ENTRIES_MAX],
        tuple(sorted(reader.words))[:ENTRIES_MAX],
    )


def _imports(tree: ast.AST) -> Iterator[Wanted]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Wanted(one.name, node.lineno) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(one.name for one in node.names)
            yield Wanted("." * node.level + (node.module or ""), node.lineno, names)


def _aliases(tree: ast.AST) -> Mapping[str, str]:
    """What each imported name stands for."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.asname: one.name for one in node.names if one.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return found


def _test_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Tests of the module and of its classes, as pytest and unittest collect them."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        for one in inside:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test"):
                yield one


def _case(node: ast.FunctionDef | ast.AsyncFunctionDef, reader: _Reader) -> Case:
    asks = tuple(one.arg for one in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
    checks = sum(_is_check(one, reader) for one in ast.walk(node))
    return Case(node.name[:NAME_MAX_CHARS], node.lineno, checks, asks)


def _is_check(node: ast.AST, reader: _Reader) -> bool:
    """An assertion about something: a constant always holds."""
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    name = reader.name(node.func)
    last = name.rpartition(".")[2]
    return name in CHECKING or (
        last.startswith("assert") and any(not _is_fixed(one) for one in node.args or [node])
    )


def _is_fixed(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


@dataclass(slots=True)
class _Reader:
    aliases: Mapping[str, str]
    uses: list[Used] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    def read(self, root: ast.AST, case: str) -> None:
        """Note every call and every dotted name below `root`, with the test around it."""
        waiting: list[tuple[ast.AST, str]] = [(root, case)]
        while waiting:
            node, inside = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
                inside = node.name
            self._note(node, inside)
            waiting += [(child, inside) for child in ast.iter_child_nodes(node)]

    def _note(self, node: ast.AST, case: str) -> None:
        if isinstance(node, ast.Name):
            self.words.add(node.id[:NAME_MAX_CHARS])
        elif isinstance(node, ast.Attribute):
            self.words.add(node.attr[:NAME_MAX_CHARS])
        if isinstance(node, ast.Name | ast.Attribute):
            self.uses.append(Used(self.name(node), node.lineno, case))
        elif isinstance(node, ast.Call) and self._writes(node):
            self.uses.append(Used(WRITING, node.lineno, case))

    def name(self, node: ast.expr) -> str:
        """The whole name of a dotted expression; of anything else in front, what follows it (".write_text")."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        first = self.aliases.get(node.id, node.id) if isinstance(node, ast.Name) else ""
        return ".".join([first, *reversed(parts)])[:NAME_MAX_CHARS]

    def _writes(self, node: ast.Call) -> bool:
        if self.name(node.func).rpartition(".")[2] != "open":
            return False
        modes = [*node.args[:2], *(one.value for one in node.keywords if one.arg == "mode")]
        texts = [one.value for one in modes if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        return any(len(text) <= 3 and MARKS & set(text) for text in texts)
