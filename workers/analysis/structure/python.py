"""Python modules: what stands at the margin and in classes.

Public is what Python's own custom calls so, as `pydoc` shows it: of a module what `__all__` names, where there is one,
else what has no leading underscore; of a class what has none, and the methods that the language calls (`__len__`). What
modules and classes tell the language about themselves (`__version__`, `__slots__`) is nobody's to use.
"""

from __future__ import annotations

import ast
import inspect
import warnings
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workers.analysis.structure.comments import cut
from workers.analysis.structure.model import Function, Member, Module, Parameter, Type, Value, Visibility
from workers.analysis.structure.nodes import Reading, lines
from workers.analysis.structure.patterns import bound
from workers.analysis.structure.python_all import ALL, BRANCHES, listed, opens

if TYPE_CHECKING:
    from ast_grep_py import SgNode

QUOTES = ('"""', "'''")
"""Of most docstrings, which need no parser of their own."""
PROPERTIES = frozenset({"property", "cached_property", "functools.cached_property", "abc.abstractproperty"})
OVERRIDES = frozenset({"override", "typing.override", "typing_extensions.override"})
PATTERNS = frozenset({"list_splat_pattern", "dictionary_splat_pattern", "tuple_pattern"})
"""Parameters without a type or a default."""
KINDS = {"list_splat_pattern": "rest", "dictionary_splat_pattern": "keyword rest"}


def read(root: SgNode, reading: Reading) -> Module:
    """The module's docstring and members."""
    text, members = root.text(), tuple(_members(root, reading, owner=""))
    names = listed(root) if ALL in text else None
    if names is not None:
        members = tuple(_by_list(member, names) for member in members)
    return Module(
        "",
        "",
        docs=_docstring(root, reading),
        members=members,
        is_open=opens(root, text, {one.name for one in members}),
    )


def _members(body: SgNode, reading: Reading, owner: str) -> Iterator[Member]:
    for node, after in reading.pairs(body):
        kind = node.kind()
        if kind == "expression_statement":
            yield from _values(node, after, reading, owner)
        elif kind in ("function_definition", "class_definition"):
            if reading.admits(node):
                yield _definition(node, kind, node, reading, owner)
        elif kind == "decorated_definition":
            inner = node.field("definition")
            if inner is not None and reading.admits(inner):
                yield _definition(inner, inner.kind(), node, reading, owner)
        elif kind == "type_alias_statement":
            yield from _alias(node, reading)
        elif kind in BRANCHES:
            yield from _members(node, reading, owner)


def _definition(node: SgNode, kind: str, outer: SgNode, reading: Reading, owner: str) -> Member:
    if kind == "class_definition":
        return _type(node, outer, reading)
    return _function(node, outer, reading, owner)


def _type(node: SgNode, outer: SgNode, reading: Reading) -> Type:
    name, body, bases = reading.name(node.field("name")), node.field("body"), node.field("superclasses")
    named = [one for one in bases.children() if one.is_named()] if bases is not None else []
    return Type(
        name,
        "class",
        *lines(outer, node),
        _visibility(name),
        _docstring(body, reading) if body is not None else "",
        tuple(reading.code(one) for one in named if one.kind() != "keyword_argument"),
        tuple(_members(body, reading, name)) if body is not None else (),
    )


def _function(node: SgNode, outer: SgNode, reading: Reading, owner: str) -> Function:
    name, body = reading.name(node.field("name")), node.field("body")
    decorators = (
        [reading.code(one)[1:].strip() for one in outer.children() if one.kind() == "decorator"]
        if outer is not node
        else []
    )
    parameters = tuple(_parameters(node.field("parameters"), reading))
    if owner and "staticmethod" not in decorators and parameters:
        parameters = (
            parameters[1:] if not parameters[0].kind or parameters[0].kind == "positional" else parameters
        )
    is_languages = bool(owner) and _is_languages(name)
    return Function(
        name,
        _kind(name, owner, decorators),
        *lines(outer, node),
        Visibility.PUBLIC if is_languages else _visibility(name),
        _docstring(body, reading) if body is not None else "",
        parameters,
        reading.code(node.field("return_type")),
        overrides=is_languages or not OVERRIDES.isdisjoint(decorators),
    )


def _kind(name: str, owner: str, decorators: Collection[str]) -> str:
    if not owner:
        return "function"
    if not PROPERTIES.isdisjoint(decorators):
        return "property"
    if any(one.endswith((".setter", ".deleter")) for one in decorators):
        return "setter"
    return "constructor" if name == "__init__" else "method"


def _is_languages(name: str) -> bool:
    """Whether the language itself calls it."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def _parameters(node: SgNode | None, reading: Reading) -> list[Parameter]:
    kind = ""
    found: list[Parameter] = []
    there = node.named_children() if node is not None else []
    for one in there[: 2 * reading.limits.parameters_max]:  # there are "*", "/" and comments among them
        sort = one.kind()
        if sort == "identifier":
            found.append(Parameter(reading.name(one), kind=kind))
        elif sort == "keyword_separator":
            kind = "keyword"
        elif sort == "positional_separator":
            found = [Parameter(p.name, p.type, p.default, p.kind or "positional", p.optional) for p in found]
        elif sort not in ("comment", "ERROR"):
            found.append(_parameter(one, sort, kind, reading))
            kind = "keyword" if found[-1].kind == "rest" else kind
    return found[: reading.limits.parameters_max]


def _parameter(node: SgNode, sort: str, kind: str, reading: Reading) -> Parameter:
    if sort == "typed_parameter":
        inner, said, default = node.child(0) or node, node.field("type"), None
    elif sort in PATTERNS:
        inner, said, default = node, None, None
    else:
        inner, default = node.field("name") or node, node.field("value")
        said = node.field("type") if sort == "typed_default_parameter" else None
    name = reading.name(inner)
    rest = KINDS.get(inner.kind(), "") if name.startswith("*") else ""
    return Parameter(
        name.lstrip("*"),
        reading.code(said),
        reading.code(default),
        rest or kind,
        optional=default is not None or bool(rest),
    )


def _values(statement: SgNode, after: SgNode | None, reading: Reading, owner: str) -> Iterator[Value]:
    """What an assignment binds, chains of them, too; a string `after` it is about each."""
    node = statement.child(0)
    if node is None or node.kind() != "assignment":
        return
    docs = _string(after, reading) if after is not None and after.kind() == "expression_statement" else ""
    place = lines(statement)
    while node is not None and reading.members_left >= 0:
        left, value = node.field("left"), node.field("right")
        next_one = value if value is not None and value.kind() == "assignment" else None
        alone = next_one is None and left is not None and left.kind() == "identifier"
        said = reading.code(node.field("type"))
        written = reading.code(value) if alone else ""
        for target in (left,) if alone and left is not None else bound(left):
            if reading.admits(target):
                yield _value(reading.name(target), place, docs, said, written, owner)
        node = next_one


def _value(name: str, place: tuple[int, int], docs: str, said: str, written: str, owner: str) -> Value:
    kind = "field" if owner else "constant" if name.isupper() else "variable"
    return Value(name, kind, *place, _visibility(name), docs, said, written)


def _alias(node: SgNode, reading: Reading) -> Iterator[Type]:
    sides = [one for one in node.children() if one.kind() == "type" and one.is_named()]
    if len(sides) == 2 and reading.admits(node):
        name = reading.code(sides[0]).partition("[")[0]
        yield Type(name, "alias", *lines(node), _visibility(name), bases=(reading.code(sides[1]),))


def _visibility(name: str) -> Visibility:
    return Visibility.PRIVATE if name.startswith("_") else Visibility.PUBLIC


def _docstring(body: SgNode, reading: Reading) -> str:
    first = body.child(0)
    if first is not None and first.kind() == "comment":
        first = next((one for one in body.children() if one.kind() != "comment"), None)
    return _string(first, reading) if first is not None and first.kind() == "expression_statement" else ""


def _string(statement: SgNode, reading: Reading) -> str:
    """What a statement that is only a string says; formatted ones say nothing."""
    literal = statement.child(0)
    if literal is None or literal.kind() not in ("string", "concatenated_string"):
        return ""
    text = literal.text()
    is_plain = text.startswith(QUOTES) and "\\" not in text and literal.kind() == "string"
    said = _newlines(text[3:-3]) if is_plain else _literal(text)
    return cut(_cleaned(said), reading) if isinstance(said, str) else ""


def _newlines(source: str) -> str:
    """Lines that end as Python reads them, whatever the file's ends are."""
    return source.replace("\r\n", "\n").replace("\r", "\n") if "\r" in source else source


def _cleaned(docs: str) -> str:
    """As `inspect.cleandoc`, at once where there is a single line, as mostly."""
    return inspect.cleandoc(docs) if "\n" in docs or "\t" in docs else docs.lstrip()


def _literal(text: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about escapes that Python does not know: not our code
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None


def _by_list(member: Member, names: frozenset[str]) -> Member:
    seen = Visibility.PUBLIC if member.name in names else Visibility.PRIVATE
    return member if member.visibility is seen else replace(member, visibility=seen)
