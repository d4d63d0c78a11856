"""What tests exercise: by naming it, or by importing code that uses it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from workers.analysis.imports import ModuleGraph
from workers.analysis.languages import is_test_path
from workers.analysis.symbols import Symbol
from workers.experts.base import View

IMPORT_STEPS_MAX = 3
WORD = re.compile(r"\w+")


class Exercise:
    """The tests of a repository and the modules near them. Reads no module before it is asked about a symbol."""

    def __init__(self, view: View) -> None:
        files = dict(view.snapshot.files) | {source.path: source.text for source in view.sources}
        self._files = files
        self.tests = {path: text for path, text in files.items() if is_test_path(path)}
        self._reached: frozenset[str] | None = None
        self._words: Counter[str] | None = None

    def covers(self, path: str, symbol: Symbol) -> bool:
        """Whether a test names the symbol, or code that tests import uses it or its type."""
        if self.names(symbol.name):
            return True
        return path in self._modules() and any(
            self._uses(name) > 1 or (name == symbol.owner and self.names(name))
            for name in filter(None, (symbol.name, symbol.owner))
        )

    def names(self, name: str) -> bool:
        """Whether a test holds the name as a word, also inside test_name or testName."""
        word = re.compile(rf"(?<![A-Za-z0-9])_*{re.escape(name)}(?![A-Za-z0-9])|(?i:test_?{re.escape(name)})")
        return any(name.lower() in text.lower() and word.search(text) for text in self.tests.values())

    def _uses(self, name: str) -> int:
        """How often code near the tests holds the name; its definition is one of them."""
        if self._words is None:
            texts = (self._files[path] for path in self._modules())
            self._words = Counter(word for text in texts for word in WORD.findall(text))
        return self._words[name]

    def _modules(self) -> frozenset[str]:
        """The modules that tests import, and those that these import."""
        if self._reached is None:
            self._reached = _reached(ModuleGraph(self._files), tuple(self.tests))
        return self._reached


def _reached(graph: ModuleGraph, start: Sequence[str]) -> frozenset[str]:
    reached, edge = set[str](), set(start)
    for _ in range(IMPORT_STEPS_MAX):
        edge = {target for path in edge for target in graph.targets(path)} - reached
        reached |= edge
    return frozenset(path for path in reached if not is_test_path(path))
