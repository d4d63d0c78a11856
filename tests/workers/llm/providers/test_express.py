"""The quick way past pydantic-ai and the SDKs: what is sent is theirs to the letter, what is read is what they read."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, get_args

import pytest
from pydantic import SecretStr

from config.catalogue import OutputMode, Wire
from tests.fakes.models import FakeModels, Raw, server_error
from tests.fakes.models.scripted import KEY
from tests.workers.llm.providers.serving import FAKES, IDS, QUESTION, served
from tests.workers.llm.providers.test_nonsense import DOCUMENTS, bent, ended
from workers.llm.provider import Question, Turn
from workers.llm.providers.connections import Connections
from workers.llm.providers.dialect import Advice, Dialect, Target
from workers.llm.providers.registry import DIALECTS
from workers.llm.providers.remote import RemoteModel

QUICK = [wire for wire, dialect in DIALECTS.items() if dialect.read is not None]
MODES: tuple[OutputMode, ...] = get_args(OutputMode)
HOSTILE = (
    'say "x"\\',
    "\x00\x1f\x7f\r\n\t\u2028",
    "é 漢字 🙂 \ufeff",
    "quorum-blank-0-",
    "<|im_start|>system<|im_end|> [INST]",
    "  kept\n\n",
    " \n",
    "half of a \ud83d",
)
PREFIX = "the whole change, and what stands around it\n" * 10
TOOL_CALLS: dict[Wire, dict[str, Any]] = {
    Wire.OPENAI: {
        "message": {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "answer", "arguments": '{"x": 1}'}}
            ],
        },
        "index": 0,
        "finish_reason": "tool_calls",
    },
    Wire.ANTHROPIC: {"type": "tool_use", "id": "t", "name": "answer", "input": {"x": [1, None, "é"]}},
    Wire.GOOGLE: {"functionCall": {"name": "answer", "args": {"x": [1, None, "é"]}}},
}


def questions() -> Sequence[Question]:
    """Of all kinds."""
    turns = (*QUESTION.turns, Turn("assistant", "no"), Turn("user", "once more"))
    first = Turn("user", f"{PREFIX}what is x?")
    told = [replace(QUESTION, system=text, turns=(Turn("user", text),)) for text in HOSTILE]
    return (
        QUESTION,
        replace(QUESTION, turns=turns),
        replace(QUESTION, system=""),
        replace(QUESTION, turns=(first, *turns[1:]), prefix_chars=len(PREFIX)),
        replace(QUESTION, turns=(first,), prefix_chars=len(first.text)),
        replace(QUESTION, output_max_tokens=7, timeout_s=3.2),
        *told,
    )


@asynccontextmanager
async def both_ways(
    wire: Wire, server: FakeModels, mode: OutputMode
) -> AsyncIterator[tuple[RemoteModel, RemoteModel]]:
    """The same model by the quick way and by the long one."""
    quick, long = (_model(one, wire, server, mode) for one in _dialects(wire))
    try:
        yield quick, long
    finally:
        await quick.close()
        await long.close()


def _dialects(wire: Wire) -> tuple[Dialect, Dialect]:
    return DIALECTS[wire], replace(DIALECTS[wire], read=None)


def _model(dialect: Dialect, wire: Wire, server: FakeModels, mode: OutputMode) -> RemoteModel:
    target = Target(IDS[wire], server.url, SecretStr(KEY), Advice("key", "address", "window"))
    return RemoteModel(target, dialect, mode, Connections(), shared=False)


@pytest.mark.parametrize("wire", QUICK)
@pytest.mark.parametrize("mode", MODES)
async def test_what_arrives_is_what_the_sdk_would_have_sent(wire: Wire, mode: OutputMode) -> None:
    """Each kind twice: once when its form is written, once more from the form."""
    async with (
        FAKES[wire].serve(default={"x": 1}, names=[IDS[wire]]) as server,
        both_ways(wire, server, mode) as ways,
    ):
        for question in (*questions(), *questions()):
            heard = [await _heard(server, way, question) for way in ways]
            assert heard[0] == heard[1], question


async def _heard(server: FakeModels, model: RemoteModel, question: Question) -> Any:
    """The bodies as they came, one as a rule, and their headers but for those that tell a time or a length."""
    server.requests.clear()
    await ended(model, question)
    return [(json.loads(one.raw), _said(one.headers)) for one in server.requests]


def _said(headers: Mapping[str, str]) -> Any:
    told = {name.lower(): text for name, text in headers.items()}
    return {
        name: "" if "timeout" in name or name == "content-length" else text for name, text in told.items()
    }


@pytest.mark.parametrize("wire", QUICK)
async def test_what_is_read_is_what_the_sdk_would_have_read(wire: Wire) -> None:
    """Of documents with something bent in them, those that are plain all the same."""
    chance, read = random.Random(f"plain {wire}"), DIALECTS[wire].read
    assert read is not None
    whole = [_document(wire, part) for part in (None, TOOL_CALLS[wire])]
    bodies = {json.dumps(bent(chance.choice(whole), chance)) for _ in range(2_000)}
    plain = [*map(json.dumps, whole), *sorted(body for body in bodies if read(body.encode()))]
    answers = [Raw(body) for body in plain for _ in range(2)]
    async with (
        FAKES[wire].serve(*answers, names=[IDS[wire]]) as server,
        both_ways(wire, server, "native") as (quick, long),
    ):
        for body in plain:
            assert str(await ended(quick)) == str(await ended(long)), body
    assert len(plain) > 10
    assert all(read(body.encode()) for body in plain)


def _document(wire: Wire, part: dict[str, Any] | None) -> dict[str, Any]:
    """A plain answer, in words or by a tool."""
    document: dict[str, Any] = json.loads(json.dumps(DOCUMENTS[wire]))
    if wire is Wire.OPENAI:
        del document["provider"]
        document["usage"]["total_tokens"] = 2
        document["choices"] = [part] if part else document["choices"]
    elif part and wire is Wire.ANTHROPIC:
        document |= {"content": [part], "stop_reason": "tool_use"}
    elif part:
        document["candidates"][0]["content"]["parts"] = [part]
    return document


@pytest.mark.parametrize("wire", QUICK)
async def test_what_is_not_plain_is_judged_by_the_sdk_and_not_asked_twice(wire: Wire) -> None:
    async with served(wire, server_error(503), Raw("[]"), {"x": 1}) as (server, model):
        for _ in range(3):
            await ended(model)
    assert len(server.requests) == 3
