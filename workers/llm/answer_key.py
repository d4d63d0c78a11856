"""The name under which an answer is kept: everything that makes a question what it is, and whose it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from workers.llm.provider import Question

FORM = 3
"""Goes up when the key's make-up changes: no answer is found under an older form's key."""


def words_of(schema: Mapping[str, Any]) -> str:
    """`schema` as `answer_key` takes it. Keep it: for a schema of findings it takes ten times as long as the key."""
    return json.dumps(schema, sort_keys=True, separators=(",", ":"))


def answer_key(
    owner: str,
    provider: str,
    model: str,
    question: Question,
    schema: str,
    *,
    prompt_version: str = "",
    boundary: str = "",
) -> str:
    """SHA-256, in hex, of all that the answer depends on; `schema` is the question's, in words.

    `owner` names the repository ("installation/repository"): an answer never crosses to another one. `boundary` is the
    unguessable word that marks data in the prompts; it is new in every run and no part of the question.
    """
    system = _parts(question.system, boundary)
    turns = [(turn.role, _parts(turn.text, boundary)) for turn in question.turns]
    content = (
        *(FORM, owner, provider, model, prompt_version),
        *(schema, question.schema_name, question.output_max_tokens),
        _sizes(system),
        [(role, _sizes(parts)) for role, parts in turns],
    )
    name = hashlib.sha256(repr(content).encode())  # of texts and numbers: no two look the same
    for parts in (
        system,
        *(parts for _, parts in turns),
    ):  # as they are: a long prompt is no slower than its hash
        for part in parts:
            name.update(part)
    return name.hexdigest()


def may_be_kept(text: str, boundary: str = "") -> bool:
    """Whether an answer is good for another run: not one that repeats the word that only this run knows."""
    return not boundary or boundary not in text


def _parts(text: str, boundary: str) -> list[bytes]:
    """What stands between the boundaries. A list, not a text with a stand-in: nobody's data can look like it."""
    return [part.encode(errors="surrogatepass") for part in (text.split(boundary) if boundary else [text])]


def _sizes(parts: list[bytes]) -> list[int]:
    """They say where one part ends and the next begins."""
    return [len(part) for part in parts]
