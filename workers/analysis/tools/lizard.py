"""lizard: complexity, length and parameters of the functions that a change touches. Runs inside the jail."""

from __future__ import annotations

import re

from workers.analysis.tools.protocol import Answer, Given, Seen

SUFFIXES = frozenset(
    {"py", "js", "ts", "tsx", "java", "go", "kt", "rs", "c", "cc", "cpp", "h", "cs", "rb", "php"}
)
SUFFIXES |= {"swift", "scala", "lua", "hpp", "jsx", "mjs", "cjs", "kts"}
FORGIVING = re.compile(r"lizard forgive", re.IGNORECASE)

COMPLEXITY_MAX = 15
LENGTH_MAX = 100
PARAMETERS_MAX = 7


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
    measures = (
        ("complexity", int(getattr(function, "cyclomatic_complexity", 0)), COMPLEXITY_MAX),
        ("length", int(getattr(function, "nloc", 0)), LENGTH_MAX),
        ("parameters", len(getattr(function, "parameters", ())), PARAMETERS_MAX),
    )
    name = str(getattr(function, "name", ""))[:200]
    return [
        Seen(rule, start, end, f"{value} (limit {limit})", symbol=name)
        for rule, value, limit in measures
        if value > limit
    ]
