"""What a Python module says itself that it offers: `__all__`, as far as it can be read, and all of other modules."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from workers.analysis.structure.nodes import child

if TYPE_CHECKING:
    from ast_grep_py import SgNode

ALL = "__all__"
WILDCARD = "import *"
BRANCHES = frozenset(
    {"if_statement", "else_clause", "elif_clause", "try_statement", "except_clause", "finally_clause",
     "with_statement", "for_statement", "while_statement", "match_statement", "case_clause", "block", "ERROR"}
)  # fmt: skip


def listed(root: SgNode) -> frozenset[str] | None:
    """The names in `__all__`; None where it is absent, or made in a way that only running it would tell.

    Read is what type checkers read (https://typing.python.org/en/latest/spec/distributing.html): lists, sums of them,
    `+=`, `extend` and `append`. Other modules' lists add nothing that is defined here.
    """
    found: set[str] | None = None
    for statement in root.children():
        if statement.kind() == "expression_statement" and (text := statement.text()).startswith(ALL):
            names = _names(text)
            if names is None:
                return None
            found = (found or set()) | names
    return frozenset(found) if found is not None else None


def opens(root: SgNode, text: str, names: Set[str]) -> bool:
    """Whether names come from elsewhere: all of another module's, or those that running it makes."""
    if "__getattr__" in names or "globals()" in text:
        return True
    return WILDCARD in text and any(child(one, "wildcard_import") for one in _imports(root))


def _imports(root: SgNode) -> Iterator[SgNode]:
    """Imports of names, also those that hang on a condition."""
    waiting = root.children()
    while waiting:
        node = waiting.pop()
        kind = node.kind()
        if kind == "import_from_statement":
            yield node
        elif kind in BRANCHES:
            waiting += node.children()


def _parsed(text: str) -> ast.stmt | None:
    """The first statement; None for what Python does not understand, or is too deep for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about escapes that Python does not know: not our code
        try:
            body = ast.parse(text).body
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return body[0] if body else None


def _names(text: str) -> set[str] | None:
    match _parsed(text):
        case ast.AnnAssign(value=None):
            return set()
        case (
            ast.Assign(targets=[ast.Name()], value=ast.expr() as value)
            | ast.AnnAssign(value=ast.expr() as value)
            | ast.AugAssign(op=ast.Add(), value=value)
        ):
            return _strings(value)
        case ast.Expr(ast.Call(ast.Attribute(attr="extend"), args=[value])):
            return _strings(value)
        case ast.Expr(ast.Call(ast.Attribute(attr="append"), args=[ast.Constant(str() as name)])):
            return {name}
    return None


def _strings(value: ast.expr) -> set[str] | None:
    """The strings of a list, or of a sum of lists."""
    found, waiting = set[str](), [value]
    while waiting:
        match waiting.pop():
            case ast.BinOp(left, ast.Add(), right):
                waiting += (left, right)
            case ast.List(elts) | ast.Tuple(elts):
                names = [one.value for one in elts if isinstance(one, ast.Constant)]
                if len(names) < len(elts):
                    return None
                found.update(str(name) for name in names)
            case ast.Attribute(attr="__all__"):
                pass
            case _:
                return None
    return found
