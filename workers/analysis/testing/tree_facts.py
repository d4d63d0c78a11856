"""The facts of a test file in any other language, by ast-grep's grammars. Runs inside the jail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workers.analysis.languages import Language
from workers.analysis.testing.facts import ENTRIES_MAX, NAME_MAX_CHARS, Case, Facts, Used, Wanted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

CALLS = frozenset({"call_expression", "method_invocation", "object_creation_expression"})
IMPORTS = frozenset({"import_statement", "import_declaration", "import_header", "import", "import_spec"})
LOADS = frozenset({"require", "import"})
MARKS = frozenset({"annotation", "marker_annotation"})
WORD_KINDS = ("identifier", "type_identifier", "simple_identifier", "property_identifier", "field_identifier")
_QUOTED = re.compile(r"[\"'`]([^\"'`\n]{1,300})[\"'`]")
_DOTTED = re.compile(r"import\s+(?:static\s+)?([\w.]{1,300})")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How tests look in a language: `case` names a test, or says ""; calls that match `checks` are its assertions."""

    case: Callable[[SgNode], str]
    checks: re.Pattern[str]


def facts(text: str, language: str) -> Facts:
    """The facts of one file that parses."""
    from ast_grep_py import SgRoot

    root = SgRoot(text, language).root()
    grammar = GRAMMARS[language]
    imports, uses, cases, words = list[Wanted](), list[Used](), list[Case](), set[str]()
    for node, inside in _nodes(root, grammar):
        kind, line = node.kind(), node.range().start.line + 1
        if kind in IMPORTS:
            imports += _imported(node, line)
        elif kind in CALLS or kind in MARKS:
            uses.append(Used(_called(node), line, inside))
            imports += _required(node, line)
        if kind in WORD_KINDS:
            words.add(node.text()[:NAME_MAX_CHARS])
        if name := grammar.case(node):
            cases.append(Case(name[:NAME_MAX_CHARS], line, _checks(node, grammar)))
    found = (imports[:ENTRIES_MAX], uses[:ENTRIES_MAX], cases[:ENTRIES_MAX], sorted(words)[:ENTRIES_MAX])
    return Facts(0, *(tuple(one) for one in found))  # type: ignore[arg-type] # four lists, each of its own kind


def _nodes(root: SgNode, grammar: Grammar) -> Iterator[tuple[SgNode, str]]:
    """Every node and the test around it; deep trees are walked without recursion."""
    waiting = [(root, "")]
    while waiting:
        node, inside = waiting.pop()
        inside = grammar.case(node) or inside
        yield node, inside
        waiting += [(child, inside) for child in node.children()]


def _imported(node: SgNode, line: int) -> Iterator[Wanted]:
    text = node.text()[:4_000]
    quoted = _QUOTED.findall(text)
    dotted = _DOTTED.match(text)
    if quoted:
        inside = text.partition("{")[2].partition("}")[0]
        names = tuple(part.split()[0] for part in inside.split(",") if part.strip())
        yield from (Wanted(one, line, names) for one in quoted)
    elif dotted:
        yield Wanted(dotted[1].rstrip("."), line)


def _required(node: SgNode, line: int) -> Iterator[Wanted]:
    """require("…") and import("…"); of what is not written there, the expression, which nobody knows."""
    if (name := _called(node)) in LOADS and (arguments := node.field("arguments")) is not None:
        text = arguments.text()[:NAME_MAX_CHARS].strip("()").strip()
        quoted = _QUOTED.fullmatch(text)
        yield Wanted(quoted[1] if quoted else f"{name}({text})", line)


def _called(node: SgNode) -> str:
    """ "t.Sleep" of "t.Sleep(1)"; of marks, their name with "@"."""
    text = _SPACE.sub("", node.text()[: 4 * NAME_MAX_CHARS])
    return text.partition("(")[0][:NAME_MAX_CHARS]


def _checks(node: SgNode, grammar: Grammar) -> int:
    waiting, count = [node], 0
    while waiting:
        one = waiting.pop()
        count += one.kind() in CALLS and grammar.checks.match(_called(one)) is not None
        waiting += one.children()
    return count


def _script_case(node: SgNode) -> str:
    """it("…", …), test("…", …), test.each(…)("…", …)."""
    if node.kind() != "call_expression" or not re.match(
        r"(?:it|test)\b(?!\.(?:describe|before|after))", node.text()[:40]
    ):
        return ""
    arguments = node.field("arguments")
    quoted = _QUOTED.search(arguments.text()[:400]) if arguments is not None else None
    callee = node.field("function")
    is_each = callee is not None and callee.text().endswith(".each")
    return quoted[1] if quoted and not is_each else ""


def _marked_case(node: SgNode) -> str:
    """A method with @Test."""
    if node.kind() not in ("method_declaration", "function_declaration"):
        return ""
    marks = [child.text() for child in node.children() if child.kind() == "modifiers"]
    if not any("@Test" in one or "@ParameterizedTest" in one for one in marks):
        return ""
    named = node.field("name") or next((one for one in node.children() if one.kind() in WORD_KINDS), None)
    return named.text() if named is not None else ""


def _go_case(node: SgNode) -> str:
    named = node.field("name") if node.kind() == "function_declaration" else None
    return named.text() if named is not None and named.text().startswith("Test") else ""


_EXPECT = Grammar(
    _script_case,
    re.compile(
        r"expect\b|(?:\w+\.)?assert\b|(?:not)?(?:[Dd]eep)?(?:[Ss]trict)?[Ee]qual$|(?:throws|rejects|ok|match|fail)$"
    ),
)
_ASSERT = Grammar(_marked_case, re.compile(r"(?:[\w.]+\.)?(?:assert|verify|expect|fail|should)\w*$"))
_GO = Grammar(_go_case, re.compile(r"\w+\.(?:Error|Fatal|Fail)\w*$|(?:assert|require|is|qt|c)\.\w+$"))
GRAMMARS: Mapping[str, Grammar] = {
    Language.JAVASCRIPT: _EXPECT,
    Language.TYPESCRIPT: _EXPECT,
    Language.TSX: _EXPECT,
    Language.JAVA: _ASSERT,
    Language.KOTLIN: _ASSERT,
    Language.GO: _GO,
}
