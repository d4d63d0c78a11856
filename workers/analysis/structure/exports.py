"""Names that a JavaScript or TypeScript module exports apart from their definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from workers.analysis.structure.nodes import Reading, child

if TYPE_CHECKING:
    from ast_grep_py import SgNode

BRANCHES = frozenset({"if_statement", "else_clause", "statement_block", "try_statement", "catch_clause"})
WHOLE = frozenset({"module.exports", "exports"})
TARGETS = frozenset({"identifier", "member_expression"})
TARGETS_MAX = 16
EXPORT, EXPRESSION = "export_statement", "expression_statement"
Exporting: TypeAlias = "tuple[SgNode, str]"
"""A statement and its kind."""


def exports(statements: Iterable[Exporting], reading: Reading) -> dict[str, str]:
    """Own name → the name that others know: of `export { … }`, `export default …`, `module.exports = …`."""
    found: dict[str, str] = {}
    for node, kind in statements:
        if kind == EXPRESSION:
            found |= dict(_assigned(child(node, "assignment_expression"), reading))
        elif node.field("source") is None:
            found |= dict(_listed(node, reading))
    return found


def opens(statements: Iterable[Exporting], reading: Reading) -> bool:
    """Whether it passes on all of another module: `export * from …`, `module.exports = require(…)` and the like."""
    return any(_passes_on(node, kind, reading) for node, kind in statements)


def _passes_on(node: SgNode, kind: str, reading: Reading) -> bool:
    if kind == EXPORT:
        return child(node, "*") is not None
    made = child(node, "assignment_expression", "call_expression")
    if made is None:
        return False
    if made.kind() == "call_expression":
        given = made.field("arguments")
        named = given.named_children() if given is not None else []
        return any(one.kind() in TARGETS and reading.code(one) in WHOLE for one in named)
    target, value = assignment(made, reading)
    if value is None or target not in WHOLE:
        return False
    return value.kind() == "call_expression" or child(value, "spread_element") is not None


def exporting(root: SgNode, reading: Reading) -> Iterator[Exporting]:
    """The module's own statements that may export something, also where they hang on a condition."""
    waiting = [(one, 1) for one in reversed(root.children())]
    while waiting:
        node, depth = waiting.pop()
        kind = node.kind()
        if kind in (EXPORT, EXPRESSION):
            yield node, kind
        elif kind in BRANCHES and depth < reading.limits.depth_max_levels:
            waiting += [(one, depth + 1) for one in reversed(node.children())]


def _listed(node: SgNode, reading: Reading) -> Iterator[tuple[str, str]]:
    clause = child(node, "export_clause")
    for one in clause.children() if clause is not None else ():
        if one.kind() == "export_specifier":
            name = reading.name(one.field("name"))
            alias = reading.name(one.field("alias")).strip("\"'")
            yield name, name if alias in ("", "default") else alias
    meant = child(node, "identifier")
    if meant is not None:  # `export default name`, `export = name`
        yield reading.name(meant), reading.name(meant)


def _assigned(node: SgNode | None, reading: Reading) -> Iterator[tuple[str, str]]:
    to, value = assignment(node, reading)
    if value is None:
        return
    if to in WHOLE and value.kind() == "object":
        yield from _properties(value, reading)
    elif value.kind() == "identifier" and (to in WHOLE or exported_name(to)):
        name = reading.name(value)
        yield name, name if to in WHOLE else exported_name(to)


def assignment(node: SgNode | None, reading: Reading) -> tuple[str, SgNode | None]:
    """The target and the value of an assignment; of `a = b = …` the first target that exports, else the first."""
    targets: list[str] = []
    while node is not None and node.kind() == "assignment_expression":
        left, node = node.field("left"), node.field("right")
        targets += [reading.code(left)] if len(targets) < TARGETS_MAX else []
    first = targets[0] if targets else ""
    return next((one for one in targets if one in WHOLE or exported_name(one)), first), node


def exported_name(target: str) -> str:
    """The name that an assignment to `target` ("exports.name", "module.exports") exports; "" for none."""
    if target == "module.exports":
        return "default"
    return target.rpartition(".")[2] if target.startswith(("exports.", "module.exports.")) else ""


def _properties(node: SgNode, reading: Reading) -> Iterator[tuple[str, str]]:
    for one in node.children():
        if one.kind() == "shorthand_property_identifier":
            yield reading.name(one), reading.name(one)
        elif (
            one.kind() == "pair"
            and (value := one.field("value")) is not None
            and value.kind() == "identifier"
        ):
            yield reading.name(value), reading.name(one.field("key")).strip("\"'")
