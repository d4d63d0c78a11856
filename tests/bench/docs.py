"""The structure of modules: how quickly it is read beside the bare parser, and whether every labelled symbol is found.

With DATA=folder, every module below it; without, modules made for the purpose, and this program's own. Measured is the
processor's time of this one thread, so that what else runs on the machine has little part in it: both only compute.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ast_grep_py import SgRoot

from tests.bench._docs_modules import METHODS, TYPES, module
from tests.bench.result import Result
from tests.workers.analysis.structure.outline import outline, sample, truth
from workers.analysis.languages import language_of
from workers.analysis.structure.model import Function, public
from workers.analysis.structure.read import READERS, read

DATA_SHAPE = "a folder with source code"
OWN = Path(__file__).parents[2] / "workers"
ROUNDS_MIN = 9
ROUNDS_MAX = 401
ROUNDS_S = 0.4
"""What is read in less than a round's worth of time is read more often, until the bare parser took so long."""
FILES_MAX = 300
FILE_MAX_BYTES = 300_000
RATIO_GOAL = 0.5


async def run(data: str | None) -> list[Result]:
    """Speed by language, then the labelled samples."""
    if data is not None and not Path(data).is_dir():
        print(f"skipped: {data} is no folder")
        return []
    made = {} if data is not None else {f"{one}, made": (one, [module(one)]) for one in sorted(READERS)}
    results = [
        one
        for name, (language, texts) in [*made.items(), *_modules(data).items()]
        for one in _speed(name, language, texts)
    ]
    return [*results, _labelled(), *(_found(one) for one in sorted(READERS) if data is None)]


def _modules(data: str | None) -> Mapping[str, tuple[str, Sequence[str]]]:
    """By language, the modules of a folder."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((Path(data) if data is not None else OWN).rglob("*")):
        language = str(language_of(path.name))
        if language in READERS and path.is_file() and path.stat().st_size <= FILE_MAX_BYTES:
            found[language].append(path.read_text(encoding="utf-8", errors="replace"))
    return {
        f"{language}, {min(len(texts), FILES_MAX)} files": (language, texts[:FILES_MAX])
        for language, texts in found.items()
    }


def _speed(name: str, language: str, texts: Sequence[str]) -> Iterator[Result]:
    """Pairs, one after the other, so that a busy machine slows both alike."""
    megabytes = sum(map(len, texts)) / 1e6
    rounds = int(ROUNDS_S / max(_pair_s(texts, language)[0], 1e-6))
    pairs = [_pair_s(texts, language) for _ in range(min(max(rounds, ROUNDS_MIN), ROUNDS_MAX))]
    bare, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    yield Result(f"{name}, bare parser", round(megabytes / bare, 2), "MB/s")
    yield Result(f"{name}, structure", round(megabytes / ours, 2), "MB/s")
    yield Result(
        f"{name}, of the bare parser's speed", round(ratio, 2), "x", f">= {RATIO_GOAL:g}", ratio >= RATIO_GOAL
    )


def _pair_s(texts: Sequence[str], language: str) -> tuple[float, float]:
    """Seconds of the bare parser and of ours, file by file; every second file ours goes first."""
    bare = ours = 0.0
    for number, text in enumerate(texts):
        if number % 2:
            ours, bare = ours + _read_s(text, language), bare + _bare_s(text, language)
        else:
            bare, ours = bare + _bare_s(text, language), ours + _read_s(text, language)
    return bare, ours


def _bare_s(text: str, language: str) -> float:
    start = time.thread_time()
    SgRoot(text, language).root()
    return time.thread_time() - start


def _read_s(text: str, language: str) -> float:
    start = time.thread_time()
    read("x", text, language)
    return time.thread_time() - start


def _labelled() -> Result:
    """The labelled lines of the samples that are read letter by letter as they are labelled."""
    labels = truth()
    wanted = [line for lines in labels.values() for line in lines]
    hits = sum(line in set(outline(sample(name))) for name, lines in labels.items() for line in lines)
    share = hits / len(wanted)
    return Result(
        f"labelled symbols of {len(labels)} samples", round(100 * share, 2), "%", "= 100", hits == len(wanted)
    )


def _found(language: str) -> Result:
    """Methods that the made modules are known to have."""
    there = public(read("x", module(language), language))
    methods = sum(
        isinstance(one.member, Function) and one.member.kind == "method" and bool(one.member.docs)
        for one in there
    )
    wanted = METHODS * TYPES
    return Result(
        f"{language}, documented methods of {wanted}", methods, "", f"= {wanted}", methods == wanted
    )
