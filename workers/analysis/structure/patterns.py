"""The names that an assignment to several at once binds: `a, (b, *c) = …`, `const { d, e: [f], ...g } = …`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast_grep_py import SgNode

NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
WHOLE = frozenset(
    {"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "object_pattern", "array_pattern"}
    | {"rest_pattern"}
)
PARTS = {"pair_pattern": "value", "assignment_pattern": "left", "object_assignment_pattern": "left"}
"""Of which one field binds."""


def bound(node: SgNode | None) -> Iterator[SgNode]:
    """The nodes of the names, in order; a plain name is itself one."""
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        kind = one.kind()
        if kind in NAMES:
            yield one
        elif kind in WHOLE:
            waiting += reversed(one.children())
        elif kind in PARTS and (part := one.field(PARTS[kind])) is not None:
            waiting.append(part)
