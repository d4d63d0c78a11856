"""Definitions of a file: functions, methods and types with their lines, as the syntax tree tells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast_grep_py import SgNode


@dataclass(frozen=True, slots=True)
class Symbol:
    """One definition on lines `start..end`. `kind` is "function", "method" or "type"; `owner` the type around it."""

    name: str
    kind: str
    start: int
    end: int
    public: bool
    has_doc: bool
    owner: str = ""

    @property
    def full_name(self) -> str:
        """ "Owner.name", or just the name."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


FUNCTION, TYPE = "function", "type"
JAVASCRIPT = {
    "function_declaration": FUNCTION,
    "generator_function_declaration": FUNCTION,
    "method_definition": FUNCTION,
    "arrow_function": FUNCTION,
    "function_expression": FUNCTION,
    "class_declaration": TYPE,
}
TYPESCRIPT = JAVASCRIPT | {
    "abstract_class_declaration": TYPE,
    "interface_declaration": TYPE,
    "enum_declaration": TYPE,
}
KINDS: Mapping[str, Mapping[str, str]] = {
    "python": {"function_definition": FUNCTION, "class_definition": TYPE},
    "javascript": JAVASCRIPT,
    "typescript": TYPESCRIPT,
    "tsx": TYPESCRIPT,
    "java": {
        "method_declaration": FUNCTION,
        "constructor_declaration": FUNCTION,
        "class_declaration": TYPE,
        "interface_declaration": TYPE,
        "enum_declaration": TYPE,
        "record_declaration": TYPE,
    },
    "go": {"function_declaration": FUNCTION, "method_declaration": FUNCTION, "type_spec": TYPE},
    "kotlin": {"function_declaration": FUNCTION, "class_declaration": TYPE, "object_declaration": TYPE},
    "rust": {"function_item": FUNCTION, "struct_item": TYPE, "enum_item": TYPE, "trait_item": TYPE},
}
NAME_KINDS = ("identifier", "type_identifier", "simple_identifier", "property_identifier", "field_identifier")
WRAPPERS = (
    "export_statement",
    "decorated_definition",
    "lexical_declaration",
    "variable_declarator",
    "type_declaration",
)
COMMENTS = ("comment", "block_comment", "line_comment", "multiline_comment")
BETWEEN = ("attribute_item", "decorator")


def definitions(root: SgNode, language: str) -> Iterator[Symbol]:
    """The named definitions below `root`, in order of their kinds; nothing for a language without a table."""
    for kind, sort in KINDS.get(language, {}).items():
        for node in root.find_all(kind=kind):
            if (name := _name(node)) and not _is_local(node, language):
                yield _symbol(node, name, sort, language)


def enclosing(
    symbols: Sequence[Symbol], line: int, kinds: Sequence[str] = (FUNCTION, "method")
) -> Symbol | None:
    """The innermost of `symbols` of these kinds around `line`."""
    around = [symbol for symbol in symbols if symbol.kind in kinds and symbol.start <= line <= symbol.end]
    return min(around, key=lambda symbol: symbol.end - symbol.start, default=None)


def _symbol(node: SgNode, name: str, sort: str, language: str) -> Symbol:
    owner = _owner(node, language)
    outer = _outermost(node)
    place = outer.range()
    return Symbol(
        name=name,
        kind="method" if sort == FUNCTION and owner else sort,
        start=place.start.line + 1,
        end=place.end.line + 1,
        public=_is_public(node, name, owner, language),
        has_doc=_has_doc(node, outer, language),
        owner=owner,
    )


def _name(node: SgNode) -> str:
    named = node.field("name")
    if named is None and (parent := node.parent()) is not None and parent.kind() == "variable_declarator":
        named = parent.field("name")
    if named is None and node.kind() not in ("arrow_function", "function_expression"):
        named = next((child for child in node.children() if child.kind() in NAME_KINDS), None)
    return named.text()[:200] if named is not None else ""


def _is_local(node: SgNode, language: str) -> bool:
    """Whether it is defined inside a function: nobody documents or tests those by name."""
    kinds = KINDS[language]
    return any(kinds.get(parent.kind()) == FUNCTION for parent in node.ancestors())


def _owner(node: SgNode, language: str) -> str:
    receiver = node.field("receiver")
    if receiver is not None:
        return (
            receiver.text().strip("()").split()[-1].lstrip("*")[:200] if receiver.text().strip("() ") else ""
        )
    for parent in node.ancestors():
        if KINDS[language].get(parent.kind()) == TYPE:
            return _name(parent)
        if parent.kind() == "impl_item":
            implemented = parent.field("type")
            return implemented.text()[:200] if implemented is not None else ""
    return ""


def _outermost(node: SgNode) -> SgNode:
    parent = node.parent()
    while parent is not None and parent.kind() in WRAPPERS:
        node, parent = parent, parent.parent()
    return node


def _is_public(node: SgNode, name: str, owner: str, language: str) -> bool:
    words = _modifiers(node)
    if language == "python":
        return not name.startswith("_") and not owner.startswith("_")
    if language == "go":
        return name[:1].isupper() and (not owner or owner[:1].isupper())
    if language == "rust":
        return "pub" in words
    if language == "java":
        return "public" in words
    if language == "kotlin":
        return not words & {"private", "internal", "protected"} and not words & {"override"}
    exported = any(parent.kind() == "export_statement" for parent in node.ancestors())
    return exported and not words & {"private", "protected"} and not name.startswith(("#", "_"))


def _modifiers(node: SgNode) -> set[str]:
    found = [
        child for child in node.children() if child.kind().endswith("modifier") or child.kind() == "modifiers"
    ]
    return {word.partition("(")[0] for child in found for word in child.text().split()}


def _has_doc(node: SgNode, outer: SgNode, language: str) -> bool:
    if language == "python":
        body = node.field("body")
        first = body.child(0) if body is not None else None
        while first is not None and first.kind() == "comment":
            first = first.next()
        inner = first.child(0) if first is not None and first.kind() == "expression_statement" else first
        return inner is not None and inner.kind() in ("string", "concatenated_string")
    before = outer.prev()
    while before is not None and before.kind() in BETWEEN:
        before = before.prev()
    return before is not None and before.kind() in COMMENTS
