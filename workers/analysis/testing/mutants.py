"""Small mistakes put into Python code on purpose: tests that pass all the same prove nothing about it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from random import Random
from typing import Protocol, TypeVar

SWAPS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
SUMS: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
SILENT = frozenset({"annotation", "returns", "decorator_list", "type_params", "type_comment"})
RESULTS = (ast.Return, ast.Expr)
KEPT = (ast.Assign, ast.AnnAssign, ast.AugAssign)
SHOWN_MAX_CHARS = 60


@dataclass(frozen=True, slots=True)
class Mutant:
    """`text` is the whole file with one thing changed on `line` (from 1); `what` says which."""

    line: int
    what: str
    text: str


class Placed(Protocol):
    """Something on a line, from 1."""

    @property
    def line(self) -> int:
        """The line."""
        ...


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True, slots=True)
class _Site:
    node: ast.expr
    other: ast.expr
    what: str

    @property
    def line(self) -> int:
        return self.node.lineno


def mutants(text: str, lines: Collection[int], *, seed: int, mutants_max: int) -> tuple[Mutant, ...]:
    """Up to `mutants_max` mutants of `text`, chosen by `seed` and spread over `lines`; none if it is no Python.

    The parser can be broken by what it reads: of strangers' files this runs inside the jail.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the code's own writer is warned of is nothing to us
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return ()
        sites = [site for site in _sites(tree, RESULTS) if site.node.lineno in lines]
        if not sites:  # code that only sets things: what it sets is all that can be lost
            sites = [site for site in _sites(tree, KEPT) if site.node.lineno in lines]
        raw = text.encode("utf-8", "replace").splitlines(keepends=True)
        made = (_mutant(raw, site) for site in spread(sites, seed))
        return tuple(islice((one for one in made if _compiles(one.text)), mutants_max))


def spread(sites: Sequence[P], seed: int) -> Iterator[P]:
    """First one of every line, then a second of each, and so on; which comes first, `seed` says."""
    mixed = list(sites)
    Random(seed).shuffle(mixed)  # noqa: S311 # a choice, not a secret
    by_line: dict[int, list[P]] = {}
    for site in mixed:
        by_line.setdefault(site.line, []).append(site)
    for round_ in zip_longest(*by_line.values()):
        yield from (site for site in round_ if site is not None)


def _sites(tree: ast.AST, lost: tuple[type[ast.stmt], ...]) -> Iterator[_Site]:
    """What can be changed in code that runs; not the insides of f-strings, whose places are not told.

    Of statements of the kinds `lost` the whole value may be gone.
    """
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, whole = waiting.pop()
        if isinstance(node, ast.expr):
            yield from (_Site(node, other, _told(node, other)) for other in _others(node, whole=whole))
        if not isinstance(node, ast.JoinedStr | ast.MatchValue):
            waiting += [(child, isinstance(node, lost)) for child in _children(node)]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Without annotations, decorators and docstrings."""
    for name, value in ast.iter_fields(node):
        if name in SILENT:
            continue
        for child in value if isinstance(value, list) else [value]:
            is_docs = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            if isinstance(child, ast.AST) and not is_docs:
                yield child


def _others(node: ast.expr, *, whole: bool) -> Iterator[ast.expr]:
    """What may stand in its place; nothing at all where it is the whole of a statement, or of what is returned."""
    if isinstance(node, ast.Compare):
        for op in SWAPS.get(type(node.ops[0]), ()):
            yield ast.Compare(node.left, [op(), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in SUMS:
        yield ast.BinOp(node.left, SUMS[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        yield ast.Constant(not node.value if isinstance(node.value, bool) else node.value + 1)
    if whole and not (isinstance(node, ast.Constant) and node.value is None):
        yield ast.Constant(None)


def _told(node: ast.expr, other: ast.expr) -> str:
    return f"`{_short(node)}` became `{_short(other)}`"


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= SHOWN_MAX_CHARS else f"{text[:SHOWN_MAX_CHARS]}…"


def _mutant(lines: Sequence[bytes], site: _Site) -> Mutant:
    """The file with the other expression in its place; columns are bytes."""
    node, first = site.node, site.node.lineno - 1
    last = (node.end_lineno or node.lineno) - 1
    head = b"".join(lines[:first]) + lines[first][: node.col_offset]
    tail = lines[last][node.end_col_offset :] + b"".join(lines[last + 1 :])
    new = f"({ast.unparse(site.other)})".encode("utf-8", "replace")
    return Mutant(node.lineno, site.what, (head + new + tail).decode("utf-8", "replace"))


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
