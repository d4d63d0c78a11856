"""What of a Python module is public: a table, and Python's own documentation tool asked about real modules."""

from __future__ import annotations

import argparse
import fractions
import inspect
import pydoc
from pathlib import Path
from types import ModuleType

import pytest

from workers.analysis.structure.model import Function, Type, public
from workers.analysis.structure.read import read


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def a(): ...\ndef _b(): ...\ndef __c__(): ...\n__version__ = 1\n", ["a"]),
        ("__all__ = ['_a']\ndef _a(): ...\ndef b(): ...\n", ["_a"]),
        ("__all__: T = []\n__all__ += ('a',)\n__all__.append('b')\n__all__.extend(['c'])\na=b=c=d=1\n", ["a", "b", "c"]),
        ("__all__ = ['a'] + other.__all__ + (\n  'b',  # [why]\n)\na = b = c = 1\n", ["a", "b"]),
        ("__all__ = names()\na = 1\n_b = 2\n", ["a"]),
        ("__all__ = ['a']\n__all__ += names()\na = b = 1\n", ["a", "b"]),
        ("class A:\n  x = 1\n  __slots__ = 0\n  def m(s): ...\n  def _p(s): 1\n  def __q(s): 1\n", ["A", "A.m", "A.x"]),
        ("class A:\n  def __len__(s): ...\n  def __getattr__(s, name): ...\n", ["A", "A.__getattr__", "A.__len__"]),
        ("class _A:\n  def m(self): ...\n  def __len__(self): ...\n", []),
        ("class A:\n  @property\n  def x(self): ...\n  @x.setter\n  def x(self, value): ...\n", ["A", "A.x"]),
        ("class A:\n  class _B:\n    def m(self): ...\n  class C:\n    def m(self): ...\n", ["A", "A.C", "A.C.m"]),
    ],
)  # fmt: skip
def test_public_names(text: str, names: list[str]) -> None:
    assert sorted({one.name for one in public(read("a.py", text, "python"))}) == names


@pytest.mark.parametrize("module", [argparse, fractions, inspect, pytest])
def test_pydoc_shows_the_same_functions_and_classes(module: ModuleType) -> None:
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    here = read("m.py", text, "python").members
    found = [one for one in here if isinstance(one, Function | Type)]
    listed = getattr(module, "__all__", None)
    shown = {one.name for one in found if pydoc.visiblename(one.name, listed, module)}
    assert {one.name for one in found if one.visibility == "public"} == shown
