"""A request as an SDK writes it, kept as a form with blanks for texts: the next of its kind is filled in, not built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from typing import Any

import orjson

from workers.llm.provider import Question, Turn
from workers.llm.providers.transport import Envelope

BLANK = "quorum-blank-{}-"
"""A word that no SDK changes. Where it isn't found just once, there is no form."""


@dataclass(frozen=True, slots=True)
class Form:
    """The request but for its texts: `between` are the bytes around them, `order` says which text comes where."""

    envelope: Envelope
    between: tuple[bytes, ...] = field(repr=False)
    order: tuple[int, ...]
    schema: Mapping[str, Any] = field(repr=False)
    """Kept so that nothing else gets its identity."""

    def filled(self, texts: Sequence[str]) -> bytes | None:
        """The request's body with these texts; None where one of them is no Unicode."""
        try:
            told = [orjson.dumps(texts[number])[1:-1] for number in self.order]
        except orjson.JSONEncodeError:
            return None
        return b"".join(chain.from_iterable(zip_longest(self.between, told, fillvalue=b"")))


def form_of(envelope: Envelope, body: bytes, blanks: Sequence[str], schema: Mapping[str, Any]) -> Form | None:
    """`body` with what stands at `blanks` left open; None where they aren't all there, once each."""
    words = [blank.encode() for blank in blanks]
    if any(body.count(word) != 1 for word in words):
        return None
    order = sorted(range(len(words)), key=lambda number: body.index(words[number]))
    between, rest = [], body
    for number in order:
        before, _, rest = rest.partition(words[number])
        between.append(before)
    return Form(envelope, (*between, rest), tuple(order), schema)


def texts_of(question: Question, *, parted: bool) -> list[str]:
    """What differs between questions of a kind: the system text, if any, then the turns; the first may be `parted`."""
    first, *others = question.turns
    cut = question.prefix_chars
    begun = [first.text[:cut], first.text[cut:]] if parted else [first.text]
    return [*([question.system] if question.system else []), *begun, *(turn.text for turn in others)]


def blank_form(question: Question, *, parted: bool, timeout_s: float) -> tuple[Question, list[str]]:
    """`question` with a blank in place of each of its texts, and the blanks."""
    blanks = [BLANK.format(number) for number in range(len(texts_of(question, parted=parted)))]
    left = iter(blanks)
    system = next(left) if question.system else ""
    prefix = next(left) if parted else ""
    turns = tuple(Turn(turn.role, next(left)) for turn in question.turns)
    first = replace(turns[0], text=prefix + turns[0].text)
    chars = len(prefix) if parted else min(1, question.prefix_chars)
    blank = replace(
        question, system=system, turns=(first, *turns[1:]), prefix_chars=chars, timeout_s=timeout_s
    )
    return blank, blanks
