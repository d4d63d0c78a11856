"""Our block in a pull request's body: found between its marks, put in place, and left alone where it is not ours.

The body is people's. Only one well-formed pair of marks counts, and only if the text between them is what its mark
says we wrote; whatever stands around it stays byte for byte.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

BODY_MAX_CHARS = 65_536
"""GitHub refuses a longer body without a word (code points)."""

PURPOSE = "description"
"""What the secret behind our seals is derived for."""
_BEGIN, _END = "<!-- quorum:v1 description ", "<!-- quorum:v1 /description -->"
_CLOSE = " -->\n"
_SHA_CHARS = 12
_HASH_CHARS = 32

DOUBLED = "the marks of our block in the body are not one pair"
EDITED = "somebody edited our block in the body"
TOO_LONG = f"the body would be longer than {BODY_MAX_CHARS:,} characters"

Seal = Callable[[str], str]
"""A text → what proves that we wrote it."""


@dataclass(frozen=True, slots=True)
class Block:
    """Our block in a body, from `start` to `end`. `about` says of which head and base it is; `seal` proves that."""

    start: int
    end: int
    about: str
    digest: str
    seal: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The body is to be left as it is, and why, in words that follow "because"."""

    why: str


def about_of(head_sha: str, base_sha: str) -> str:
    """What a description is of, as its mark says it."""
    return f"{head_sha[:_SHA_CHARS]}-{base_sha[:_SHA_CHARS]}"


def block_of(text: str, about: str, seal: Seal) -> str:
    """`text` between our marks; the first one holds its digest, and the seal of both."""
    told = f"{about} {_digest(text)}"
    return f"{_BEGIN}{told} {seal(told)}{_CLOSE}{text}\n{_END}"


def is_sealed(block: Block, about: str, seal: Seal) -> bool:
    """Whether we wrote `block` about exactly this: anybody can copy marks, and make a digest."""
    return block.about == about and hmac.compare_digest(block.seal, seal(f"{about} {block.digest}"))


def sealing(key: bytes) -> Seal:
    """Seals that only who knows `key` can make."""
    return lambda text: hmac.new(key, text.encode(errors="replace"), hashlib.sha256).hexdigest()[:_HASH_CHARS]


def found_in(body: str) -> Block | Kept | None:
    """Our block; None when there is none; why it can't be taken for ours otherwise."""
    begins, ends = body.count(_BEGIN), body.count(_END)
    if not begins and not ends:
        return None
    start, end = body.find(_BEGIN), body.find(_END)
    if (begins, ends) != (1, 1) or end < start:
        return Kept(DOUBLED)
    # a body that was edited in a browser has "\r\n" everywhere, and says the same
    inside = _one_line_end(body[start + len(_BEGIN) : end])
    mark, closed, text = inside.partition(_CLOSE)
    about, digest, seal = (*mark.split(" "), "", "")[:3]
    if not closed or digest != _digest(text.removesuffix("\n")):
        return Kept(EDITED)
    return Block(start, end + len(_END), about, digest, seal)


def put(body: str, block: str) -> str | Kept:
    """`body` with `block` in the place of ours, or after the rest; or why it is left as it is."""
    found = found_in(body)
    if isinstance(found, Kept):
        return found
    if found is None:
        new = f"{body}\n\n{block}" if body.strip() else body + block
    else:
        new = body[: found.start] + block + body[found.end :]
    return new if len(new) <= BODY_MAX_CHARS else Kept(TOO_LONG)


def holds(body: str, block: str) -> bool:
    """Whether `body` says `block`, whatever its line ends became."""
    return _one_line_end(block) in _one_line_end(body)


def without_block(body: str) -> str:
    """What people wrote: nobody who reads the change is told our own words again."""
    found = found_in(body)
    if not isinstance(found, Block):
        return body
    return (body[: found.start].rstrip() + body[found.end :]).strip()


def _digest(text: str) -> str:
    return hashlib.sha256(_one_line_end(text).encode(errors="replace")).hexdigest()[:_HASH_CHARS]


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
