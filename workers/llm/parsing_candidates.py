"""Where JSON begins in a text, and what stands there: read strictly, else as models write it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from workers.llm.parsing_reader import Broken, Effort, Reader
from workers.llm.parsing_repairs import Repair

STARTS_MAX = 500  # places where JSON may begin: bounds the work on a text of nothing but braces

_START = re.compile(r"[{\[]")
_HALVES = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list or object of the text, and what was mended to read it."""

    value: Any
    repairs: frozenset[Repair]


@dataclass(frozen=True, slots=True)
class Ruin:
    """The answer itself, as its keys tell, but not readable: what stands inside of it is no answer."""

    problem: str


def candidates(text: str, wanted: Collection[str], effort: Effort) -> Iterator[Candidate | Ruin]:
    """Every outermost list or object of `text`, in order, until one with a key of `wanted` turns out unreadable."""
    position = 0
    for _ in range(STARTS_MAX):
        start = _START.search(text, position)
        if start is None:
            return
        reader = Reader(text, start.start(), effort)
        try:
            value = _read(reader)
        except Broken as error:
            if reader.keys & set(wanted) or effort.steps_left < 0:
                yield Ruin(str(error))
                return
            position = start.start() + 1
            continue
        position = reader.position
        around = text[: start.start()].strip() or text[position:].strip()
        yield Candidate(value, frozenset(reader.repairs | ({Repair.PROSE} if around else set())))


def _read(reader: Reader) -> Any:
    """Strictly first, which is quick; then kindly. Moves the reader behind the value; raises Broken."""
    start = reader.position
    try:
        value, end = _DECODER.raw_decode(reader.text, start)
    except json.JSONDecodeError as error:
        reader.effort.step(error.pos - start)
    except (ValueError, RecursionError):
        reader.effort.step(len(reader.text) - start)
    else:
        if not _HALVES.search(reader.text, start, end):
            reader.position = end
            return value
    return reader.read()


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("no finite number")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


_DECODER = json.JSONDecoder(parse_constant=_finite, parse_float=_finite, object_pairs_hook=_unique)
