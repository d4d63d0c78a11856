"""The name under which an answer is kept: everything that makes a question what it is, and whose it is."""

from __future__ import annotations

import hashlib
import json

from workers.llm.provider import Question

FORM = 2
"""Goes up when the key's make-up changes: no answer is found under an older form's key."""


def answer_key(
    owner: str, provider: str, model: str, question: Question, *, prompt_version: str = "", boundary: str = ""
) -> str:
    """SHA-256, in hex, of all that the answer depends on.

    `owner` names the repository ("installation/repository"): an answer never crosses to another one. `boundary` is the
    unguessable word that marks data in the prompts; it is new in every run and no part of the question.
    """
    system, *turns = (
        _parts(text, boundary) for text in (question.system, *(one.text for one in question.turns))
    )
    content = {
        "form": FORM,
        "owner": owner,
        "provider": provider,
        "model": model,
        "system": _sizes(system),
        "turns": [[turn.role, _sizes(parts)] for turn, parts in zip(question.turns, turns, strict=True)],
        "schema": question.schema,
        "schema_name": question.schema_name,
        "output_max_tokens": question.output_max_tokens,
        "prompt_version": prompt_version,
    }
    name = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
    for parts in (system, *turns):  # as they are: a long prompt as JSON takes ten times as long
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
