"""Credentials in text, found by their shape or by the name they are given, and replaced by stable placeholders.

Pure, and linear in the text: every repetition is bounded or possessive, and a rule whose keyword the text does not
contain is not tried at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log2

from workers.domain.secret_shapes import ASSIGNMENTS, SHAPES, Assignment


@dataclass(frozen=True, slots=True)
class SecretSpan:
    """`text[start:end]` is a credential. `kind` is one of a fixed set of names, e.g. "aws-key"."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its credentials; `count` of them were replaced, of these kinds (sorted, each once)."""

    text: str
    count: int
    kinds: tuple[str, ...]


def find_secrets(text: str) -> tuple[SecretSpan, ...]:
    """Every credential in `text`, in order, none overlapping. Known shapes win over values found by their name."""
    return tuple(_apart([*_shaped(text), *_assigned(text)]))


def redact(text: str) -> Redacted:
    """`text` with each credential replaced by "«secret:KIND:N»"; the same value has the same number."""
    return redact_all([text])[0]


ECHO_MIN_CHARS = 8
"""Shorter values are also words: where nothing gives them away they stay."""
ECHOED_MAX_VALUES = 200
"""So many values are looked for in all the texts; more are replaced where they were found only."""


def redact_all(
    texts: Sequence[str], find: Callable[[str], Sequence[SecretSpan]] = find_secrets
) -> tuple[Redacted, ...]:
    """Each text redacted, with one numbering for all. `find` is `find_secrets`, or remembers what that said.

    A value found in one text is replaced in all of them, also where nothing around it gives it away.
    """
    found = [find(text) for text in texts]
    names = _numbered(texts, found)
    if not names:
        return tuple(Redacted(text, 0, ()) for text in texts)
    echoed = [value for value in names if len(value) >= ECHO_MIN_CHARS][:ECHOED_MAX_VALUES]
    echoed.sort(key=len, reverse=True)  # a value may begin with another one
    echoes = re.compile("|".join(map(re.escape, echoed)) or r"(?!)")
    return tuple(_replaced(text, spans, names, echoes) for text, spans in zip(texts, found, strict=True))


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    placeholder: str


def _numbered(texts: Sequence[str], found: Sequence[Sequence[SecretSpan]]) -> dict[str, _Name]:
    """A name for each value, numbered within its kind in order of appearance."""
    names: dict[str, _Name] = {}
    numbers: Counter[str] = Counter()
    for text, spans in zip(texts, found, strict=True):
        for span in spans:
            value = text[span.start : span.end]
            if value not in names:
                numbers[span.kind] += 1
                names[value] = _Name(span.kind, f"«secret:{span.kind}:{numbers[span.kind]}»")
    return names


def _replaced(
    text: str, spans: Sequence[SecretSpan], names: Mapping[str, _Name], echoes: re.Pattern[str]
) -> Redacted:
    """Text between the spans is searched for values that were found elsewhere; the spans go anyway."""
    kinds: list[str] = []

    def name(value: str) -> str:
        kinds.append(names[value].kind)
        return names[value].placeholder

    parts: list[str] = []
    at = 0
    for span in spans:
        parts.append(echoes.sub(lambda match: name(match[0]), text[at : span.start]))
        parts.append(name(text[span.start : span.end]))
        at = span.end
    parts.append(echoes.sub(lambda match: name(match[0]), text[at:]))
    return Redacted("".join(parts), len(kinds), tuple(sorted(set(kinds))))


def _apart(spans: Sequence[SecretSpan]) -> Iterator[SecretSpan]:
    """Without those that begin inside an earlier one; of two at the same place the first found stays."""
    end = 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start >= end:
            yield span
            end = span.end


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds one of `words`; common beginnings are tried once, so that most texts pay little."""
    return re.compile(_alternatives(sorted(set(words))))


def _alternatives(words: Sequence[str]) -> str:
    """`words`, sorted, as a pattern. A word that is the beginning of others stands for them all."""
    if not words[0]:
        return ""
    groups = groupby(words, key=lambda word: word[0])
    branches = [re.escape(first) + _alternatives([word[1:] for word in group]) for first, group in groups]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


_SHAPE_HINT = _any_of(keyword for shape in SHAPES for keyword in shape.keywords)


def _shaped(text: str) -> Iterator[SecretSpan]:
    if not _SHAPE_HINT.search(text):
        return
    for shape in SHAPES:
        if not any(keyword in text for keyword in shape.keywords):
            continue
        for match in shape.pattern.finditer(text):
            value = match["value"]
            if not _is_filler(value) and len(set(value[shape.prefix_chars :])) >= shape.distinct_min:
                yield SecretSpan(match.start("value"), match.end("value"), shape.kind)


def _assigned(text: str) -> Iterator[SecretSpan]:
    lowered = text.replace("İ", "i").lower()  # the one letter that would grow, and shift what follows it
    for start, end in _hinted_lines(lowered):
        line = lowered[start:end]
        for rule in ASSIGNMENTS:
            if not any(keyword in line for keyword in rule.keywords):
                continue
            for match in rule.pattern.finditer(text, start, end):
                if _TESTS[rule.test](match["value"], rule):
                    yield SecretSpan(match.start("value"), match.end("value"), rule.kind)


_HINT = _any_of(keyword for rule in ASSIGNMENTS for keyword in rule.keywords)


def _hinted_lines(lowered: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line that holds a keyword: few lines do, and the patterns are slow."""
    at = 0
    while match := _HINT.search(lowered, at):
        at = lowered.find("\n", match.end())
        at = len(lowered) if at < 0 else at
        yield lowered.rfind("\n", 0, match.start()) + 1, at


# Words of which stand-ins are made. A value that is nothing else is none.
_STAND_INS = re.compile(
    r"change[-_. ]?(?:me|this|it)|replace[-_. ]?(?:me|this|with)?|place[-_. ]?holder|redacted|removed|masked|hidden"
    r"|example|sample|dummy|fake|mock|stub|demo|default|insert|enter|todo|fixme|tbd|undefined|null|none|true|false|nil"
    r"|your|my|the|some|any|new|old|current|here|goes|value|string|field|input|form|label|type|name"
    r"|pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|auth|access|refresh|bearer|basic|session|csrf|private"
    r"|public|api|app|client|user(?:name)?|admin|root|guest|login|account|email|service|server|database|db|key|id"
    r"|postgres|mysql|mongo|redis|rabbit|minio|localhost|local|test(?:ing)?|dev|prod|staging|foo|bar|baz|qux|abc|xyz|env"
    r"|config|settings|github|gitlab|google|aws|azure|openai|stripe|slack|header|cookie|request|response|and|for|not|is"
    r"|0?123(?:4(?:5(?:6(?:7(?:8(?:90?)?)?)?)?)?)?|[^a-z0-9]++",
    re.IGNORECASE,
)
_REMAINDER_MIN_CHARS = 3
_FILLER = re.compile(r"(.)\1{5}|EXAMPLE|example|\.\.\.|…|0123456789|1234567890|abcdefgh", re.DOTALL)
# "$X", "${x}", "%s", "%(x)s", "{x}", "{{ x }}", "<x>", "@x", "/path", "./path", "~/path", "**"
_REFERENCE = re.compile(r"[$%{<@/~*&«]|\.{1,2}/|https?:|file:|arn:|env[.:(]|vault:|ssm:|op://|!")
_INSIDE_REFERENCE = re.compile(
    r"[(\[»]|\$\{|\{\{|\{\w*\}|%[sd(]|<\w+>|->|::|os\.environ|process\.env|getenv|://"
)
_LOWER_PATH = re.compile(r"[a-z0-9_.-]+(?:/[a-z0-9_.-]+)+")  # base64 of this length has capitals
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_VOWEL = re.compile(r"[aeiouyAEIOUY]")


def _is_filler(value: str) -> bool:
    return _FILLER.search(value) is not None


def _is_stand_in(value: str) -> bool:
    left = _STAND_INS.sub("", value)
    return len(left) < _REMAINDER_MIN_CHARS or len(set(value)) < 4 or _is_filler(value)


def _is_reference(value: str) -> bool:
    outside = _REFERENCE.match(value) or _LOWER_PATH.fullmatch(value)
    return outside is not None or _INSIDE_REFERENCE.search(value) is not None


def _is_wordy(value: str) -> bool:
    """Whether this reads as a name: words with vowels and at most two digits make up all but a quarter of it."""
    parts = _WORD.findall(value)
    if sum(map(str.isdigit, parts)) > 1 and value != value.lower() != value.upper() and value.isalnum():
        return False  # "S3curePazz9x" is meant to be no word
    digits = sum(len(part) for part in parts if part.isdigit())
    words = sum(len(part) for part in parts if len(part) >= 3 and _VOWEL.search(part))
    letters = sum(len(part) for part in parts) - digits
    return digits <= 2 and words >= 0.75 * letters


def entropy(value: str) -> float:
    """Shannon entropy of the characters, in bits each."""
    length = len(value)
    return -sum(n / length * log2(n / length) for n in Counter(value).values())


def _is_password(value: str, rule: Assignment) -> bool:
    """People choose passwords: a digit or a sign beside letters is enough, unless it reads as a name or a stand-in."""
    if _is_reference(value) or _is_stand_in(value):
        return False
    has_letter = any(map(str.isalpha, value))
    has_digit = any(map(str.isdigit, value))
    if not rule.quoted:
        return has_letter and has_digit and not _is_wordy(value) and entropy(value) >= 2.5
    has_sign = any(not char.isalnum() and char not in "-_./:" for char in value)
    return has_sign or (has_letter and has_digit) or (has_letter and not _is_wordy(value))


def _is_token(value: str, rule: Assignment) -> bool:
    """Machines choose tokens: long, mixed, and no words."""
    if _is_reference(value) or _is_stand_in(value) or _is_wordy(value):
        return False
    plain = value.replace("-", "").replace("_", "")
    return not value.isdigit() and plain != "" and entropy(value) >= (2.8 if rule.quoted else 3.0)


def _is_url_password(value: str, _rule: Assignment) -> bool:
    return not (_is_reference(value) or _is_stand_in(value))


_TESTS: Mapping[str, Callable[[str, Assignment], bool]] = {
    "password": _is_password,
    "token": _is_token,
    "url": _is_url_password,
}
