"""What a module offers is read from its margin."""

from __future__ import annotations

import pytest

from workers.analysis.interface import interface, mentions

PYTHON = """\
LIMIT: int = 3
def plain(a, b=(1, 2), *rest: int, key: dict[str, int], other="x", **more) -> None: ...
async def long(
    first: int,  # why, oh why
    second: str = "",
) -> int:
    return 1
def _private(a): ...
class Thing:
    def method(self): ...
"""


def test_python_names_and_parameters() -> None:
    found = interface("a.py", PYTHON)
    assert found is not None
    assert found.names == {"LIMIT", "plain", "long", "Thing"}
    assert found.required == {"plain": ("a", "key"), "long": ("first",)}
    assert found.accepted["plain"] == {"a", "b", "rest", "key", "other", "more"}


def test_script_names() -> None:
    found = interface("a.ts", "export async function f() {}\nexport const g = 1;\nfunction own() {}\n")
    assert found is not None
    assert found.names == {"f", "g"}


@pytest.mark.parametrize(
    ("path", "text"),
    [("a.py", "from b import *\n"), ("a.ts", 'export * from "./b";\n'), ("a.go", "func F() {}\n")],
)
def test_module_that_nobody_can_tell_is_none(path: str, text: str) -> None:
    assert interface(path, text) is None


@pytest.mark.parametrize("piece", ["def f(", "def f(\n", "def f(a,\n b)\n", "x: [", "export const "])
def test_hostile_text_takes_little_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert interface("a.py", text) is not None
    assert interface("a.ts", text) is not None


def test_word_is_no_part_of_another() -> None:
    assert mentions("a.find(b)", "find")
    assert not mentions("finder, re_find", "find")
