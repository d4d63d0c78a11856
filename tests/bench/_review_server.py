"""A model family that takes 200 ms, in a process of its own: prints its URL, answers each line with what it was asked."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fakes.models import FakeAnthropic, FakeGoogle, FakeModels, FakeOpenAI, ModelRequest, Silence

TAKING_MS = 200
KEY = "key-of-a-benchmark-0123456789"
WIRES: Mapping[str, type[FakeModels]] = {
    "openai": FakeOpenAI,
    "anthropic": FakeAnthropic,
    "google": FakeGoogle,
}
FINDS = {
    "openai": ("security", "quality"),
    "anthropic": ("performance", "dependency"),
    "google": ("testing", "documentation"),
}
"""No two families say the same: what only one of them says is put to another."""
PLANNING, REFUTING = "You plan the review", "You check claims about defects"


def kind_of(raw: str) -> str:
    """Which of the three sorts of questions a request's body is."""
    if PLANNING in raw:
        return "plan"
    return "refute" if REFUTING in raw else "review"


def mark(aspect: str) -> str:
    """What the line ends with that a model has something to say about."""
    return f"# for {aspect}"


class Family:
    """What the models of one wire say."""

    def __init__(self, wire: str) -> None:
        self._finds = FINDS[wire]

    def answer(self, asked: ModelRequest) -> Silence:
        """After its time."""
        return Silence(TAKING_MS / 1_000, self._said(asked))

    def _said(self, asked: ModelRequest) -> dict[str, Any]:
        kind = kind_of(asked.raw)
        if kind == "plan":
            return {"purpose": "Stores orders.", "look_at": [], "matters": ["security"], "matters_not": []}
        if kind == "refute":
            return {"verdicts": [{"claim": 1, "verdict": "stands", "reason": "It is so.", "quote": ""}]}
        text = asked.text
        return {"findings": [_finding(text, aspect) for aspect in self._finds if f'- "{aspect}".' in text]}


def _finding(text: str, aspect: str) -> dict[str, Any]:
    """About the first line of the excerpt that is marked for this side."""
    before, _, _ = text.partition(mark(aspect))
    path = before.rpartition("=== ")[2].partition(" (")[0]
    code = before.rpartition("| ")[2]
    name = code.split(" = ")[0].strip()
    return {
        "aspect": aspect,
        "severity": "high",
        "path": path,
        "quote": f"{code}{mark(aspect)}",
        "title": f"`{name}` is stored before it is checked",
        "description": f"`{name}` is stored although nothing has checked it, so a caller decides what it holds.",
        "recommendation": f"Check `{name}` against the known orders first.",
        "confidence": 0.9,
        "suggestion": None,
        "rule": f"unchecked-{aspect}",
    }


async def main(wire: str) -> None:
    """Serve until standard input ends; each of its lines names a file for what was asked since the last one."""
    async with WIRES[wire].serve(key=KEY, names=[f"slow-{wire}"]) as server:
        server.default = Family(wire).answer
        print(server.url, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            asked = [{"kind": kind_of(one.raw), "raw": one.raw} for one in server.requests]
            server.requests.clear()
            await asyncio.to_thread(Path(line.strip()).write_text, json.dumps(asked), "utf-8")
            print(len(asked), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
