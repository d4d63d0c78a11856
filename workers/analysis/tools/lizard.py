"""lizard: complexity, length and parameters of the functions that a change touches. Runs inside the jail."""

from __future__ import annotations

import re

from workers.analysis.measures import LIZARD
from workers.analysis.tools.protocol import Answer, Given, Seen

SUFFIXES = frozenset(
    {"py", "js", "ts", "tsx", "java", "go", "kt", "rs", "c", "cc", "cpp", "h", "cs", "rb", "php"}
)
SUFFIXES |= {"swift", "scala", "lua", "hpp", "jsx", "mjs", "cjs", "kts"}
FORGIVING = re.compile(r"lizard forgive", re.IGNORECASE)


def check(file: Given) -> Answer:
    """Each touched function with the measures that are over their limit. Comments that switch lizard off do nothing."""
    # not `lizard` itself, which puts this folder on the module path
    from lizard_core.extensions import get_extensions  # type: ignore[import-untyped]
    from lizard_core.file_analyzer import FileAnalyzer  # type: ignore[import-untyped]

    if file.name.rpartition(".")[2] not in SUFFIXES:
        return Answer()
    text = FORGIVING.sub("lizard-forgive", file.text)
    analysed = FileAnalyzer(get_extensions([])).analyze_source_code(file.name, text)
    return Answer(tuple(seen for function in analysed.function_list for seen in _over(function, file)))


def _over(function: object, file: Given) -> list[Seen]:
    start, end = int(getattr(function, "start_line", 0)), int(getattr(function, "end_line", 0))
    if not file.touches(start, end):
        return []
    measured = {
        "complexity": int(getattr(function, "cyclomatic_complexity", 0)),
        "length": int(getattr(function, "nloc", 0)),
        "parameters": len(getattr(function, "parameters", ())),
    }
    name = str(getattr(function, "name", ""))[:200]
    return [
        Seen(rule, start, end, f"{value} {LIZARD[rule].unit} (limit {LIZARD[rule].limit})", symbol=name)
        for rule, value in measured.items()
        if value > LIZARD[rule].limit
    ]
