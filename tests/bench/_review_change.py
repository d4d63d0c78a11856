"""A change that is cut into ten parts and that every side, asked of every family, has something to say about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.bench._review_server import FINDS, mark
from tests.workers.experts.changes import added, change
from workers.analysis.source import Analysis, SourceFile
from workers.analysis.structure.read import read
from workers.analysis.symbols import Symbol, definitions
from workers.domain.change import Change, Snapshot
from workers.domain.review import ToolRun

FILES, NEIGHBOURS = 60, 300
FUNCTIONS = 24
ASPECTS = tuple(aspect for family in FINDS.values() for aspect in family)
BODY = "Orders are stored as they come, and read again by whoever delivers them."


def the_change(number: int) -> Change:
    """Files that everybody knows to be risky, so that all families are asked.

    Each number's has other texts of the same length: no answer is a kept one.
    """
    texts = _texts("auth/orders", range(FILES), number)
    files = (added(path, text) for path, text in texts.items())
    return change(*files, title=f"Store orders as they come, {number:05d}", body=BODY)


def the_snapshot(one: Change) -> Snapshot:
    """The changed files and a repository around them."""
    changed = {file.path: file.text or "" for file in one.files}
    return Snapshot(
        {**changed, **_texts("shop/delivery", range(FILES, FILES + NEIGHBOURS), 0)}, complete=True
    )


class Analysed:
    """What analysers would see, seen beforehand: their time is theirs and no part of what is measured."""

    def __init__(self, one: Change) -> None:
        self._symbols = {file.path: _symbols(file.text or "") for file in one.files}

    async def analyse(self, files: Sequence[SourceFile], snapshot: Snapshot) -> Analysis:
        """The definitions, and nothing to complain about."""
        runs = tuple(ToolRun(tool, "ok", "jail") for tool in ("ruff", "ast-grep", "lizard", "detect-secrets"))
        return Analysis(runs=runs, symbols=self._symbols)


def _symbols(text: str) -> tuple[Symbol, ...]:
    return tuple(definitions(read("a.py", text, "python"), text))


def _texts(folder: str, shops: range, number: int) -> Mapping[str, str]:
    return {f"{folder}_{shop:03d}.py": "\n".join(_module(shop, number)) + "\n" for shop in shops}


def _module(shop: int, number: int) -> Iterator[str]:
    yield f'"""Orders of shop {shop}, {number:05d}."""'
    yield "from shop.rows import Row, insert, select"
    for place in range(FUNCTIONS):
        aspect = ASPECTS[place % len(ASPECTS)]
        name = f"order_{shop}_{place}"
        yield from (
            "",
            "",
            f"def store_{name}(connection, row: Row, limit: int = {place + 1}) -> int:",
            f'    """Store {name} and return how many rows are there now."""',
            f"    {aspect}_{name} = insert(connection, row.fields, limit)  {mark(aspect)}",
            f"    if {aspect}_{name} > limit:",
            f'        raise ValueError(f"{name}: {{limit}} rows at most")',
            f'    return len(select(connection, "{name}", {aspect}_{name}))',
        )
