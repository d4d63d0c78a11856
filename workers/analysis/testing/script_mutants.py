"""Small mistakes put into JavaScript on purpose, by ast-grep's tree. Runs inside the jail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from workers.analysis.testing.mutants import SHOWN_MAX_CHARS, Mutant, spread

if TYPE_CHECKING:
    from ast_grep_py import SgNode

LANGUAGE = "javascript"
NOTHING = "undefined"
SWAPS: Mapping[str, tuple[str, ...]] = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "===": ("!==",),
    "!==": ("===",),
    "==": ("!=",),
    "!=": ("==",),
    "&&": ("||",),
    "||": ("&&",),
    "??": ("&&",),
    "+": ("-",),
    "-": ("+",),
    "*": ("+",),
    "/": ("*",),
    "%": ("*",),
    "**": ("*",),
}
FLIPPED = {"true": "false", "false": "true"}
VALUES = {"return_statement": None, "arrow_function": "body"}
"""Where a whole result may be lost: the field that holds it, or the only child with a name."""
SET = {
    "variable_declarator": "value",
    "assignment_expression": "right",
    "augmented_assignment_expression": "right",
}
SILENT = frozenset({"import_statement", "comment", "decorator", "regex", "string"})


@dataclass(frozen=True, slots=True)
class _Site:
    """The characters `start..end` become `new`; `what` tells so."""

    line: int
    start: int
    end: int
    new: str
    what: str


def mutants(text: str, lines: Collection[int], *, seed: int, mutants_max: int) -> tuple[Mutant, ...]:
    """Up to `mutants_max` mutants of `text`, chosen by `seed` and spread over `lines`; see mutants.mutants."""
    from ast_grep_py import SgRoot

    root = SgRoot(text.encode("utf-8", "replace").decode("utf-8"), LANGUAGE).root()
    nodes = [node for node in _nodes(root) if node.range().start.line + 1 in lines]
    sites = [site for node in nodes for site in _sites(node) if site.line in lines]
    if not sites:  # code that only sets things: what it sets is all that can be lost
        sites = [site for node in nodes for site in _lost(node, SET) if site.line in lines]
    made = (_mutant(text, site) for site in spread(sites, seed))
    return tuple(islice((one for one in made if _parses(one.text)), mutants_max))


def _nodes(root: SgNode) -> Iterator[SgNode]:
    """Every node of code that runs; deep trees are walked without recursion."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind() not in SILENT:
            yield node
            waiting += node.children()


def _sites(node: SgNode) -> Iterator[_Site]:
    kind = node.kind()
    if kind == "binary_expression":
        yield from _swapped(node)
    elif kind == "unary_expression" and (inner := node.field("argument")) is not None:
        if node.text().startswith("!"):
            yield _site(node, f"({inner.text()})", inner.text())
    elif kind in FLIPPED:
        yield _site(node, FLIPPED[kind], FLIPPED[kind])
    elif kind == "number":
        more = _one_more(node.text())
        yield _site(node, f"({more})", more)
    elif kind == "expression_statement":
        yield from _call_gone(node)
    yield from _lost(node, VALUES)


def _swapped(node: SgNode) -> Iterator[_Site]:
    left, sign, right = node.field("left"), node.field("operator"), node.field("right")
    if left is None or sign is None or right is None:
        return
    for other in SWAPS.get(sign.text(), ()):
        new = f"{left.text()} {other} {right.text()}"
        yield _site(node, f"({new})", new)


def _call_gone(node: SgNode) -> Iterator[_Site]:
    """A statement that is called for what it does."""
    for one in node.children():
        if one.kind() in ("call_expression", "await_expression"):
            yield _site(one, NOTHING, NOTHING)


def _lost(node: SgNode, kinds: Mapping[str, str | None]) -> Iterator[_Site]:
    """The value of a statement of one of `kinds` may be gone."""
    if (kind := node.kind()) not in kinds:
        return
    name = kinds[kind]
    value = node.field(name) if name else next((one for one in node.children() if one.is_named()), None)
    if value is not None and value.kind() not in ("statement_block", "comment") and value.text() != NOTHING:
        yield _site(value, NOTHING, NOTHING)


def _one_more(number: str) -> str:
    if number.isascii() and number.isdecimal() and number[0] != "0" and len(number) < 16:
        return str(int(number) + 1)
    return "1" if number == "0" else f"{number} + {'1n' if number.endswith('n') else '1'}"


def _site(node: SgNode, new: str, told: str) -> _Site:
    place = node.range()
    # what begins a statement with a bracket could be taken for a call of the line above
    parent = node.parent()
    plain = told if parent is not None and parent.kind() == "expression_statement" else new
    what = f"`{_short(node.text())}` became `{_short(told)}`"
    return _Site(place.start.line + 1, place.start.index, place.end.index, plain, what)


def _short(text: str) -> str:
    flat = " ".join(text[: 4 * SHOWN_MAX_CHARS].split())
    return flat if len(flat) <= SHOWN_MAX_CHARS else f"{flat[:SHOWN_MAX_CHARS]}…"


def _mutant(text: str, site: _Site) -> Mutant:
    return Mutant(site.line, site.what, f"{text[: site.start]}{site.new}{text[site.end :]}")


def _parses(text: str) -> bool:
    from ast_grep_py import SgRoot

    root = SgRoot(text.encode("utf-8", "replace").decode("utf-8"), LANGUAGE).root()
    return not root.find_all(kind="ERROR") and not any(
        one.kind() != "program" for one in root.find_all({"rule": {"regex": "^$"}})
    )
