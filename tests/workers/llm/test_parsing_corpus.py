"""What is made of malformed answers: each text of `corpus` beside its snapshot.

A new text gets its snapshot by `python -m tests.workers.llm.test_parsing_corpus`; look at it before you keep it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from workers.llm.parsing import Unusable, parsed

CORPUS = Path(__file__).parent / "corpus"
TEXTS = sorted(CORPUS.glob("*.txt"))


class Remark(BaseModel):
    title: str
    line: int
    confidence: float = Field(0.5, ge=0, le=1)


class Report(BaseModel):
    findings: tuple[Remark, ...]


def made_of(path: Path) -> dict[str, Any]:
    """What the parser makes of a text, as its snapshot says it."""
    found = parsed(path.read_bytes().decode("utf-8", "surrogatepass"), Report)
    if isinstance(found, Unusable):
        return {"problem": found.problem}
    return {
        "value": found.value.model_dump(mode="json", exclude_defaults=True),
        "confidence": found.confidence,
        "repairs": sorted(found.repairs),
    }


def test_the_corpus_is_large_enough_to_tell_something() -> None:
    assert len(TEXTS) >= 100


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_malformed_answer_yields_a_value_or_a_named_failure(path: Path) -> None:
    assert made_of(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def _write() -> None:
    for path in TEXTS:
        text = json.dumps(made_of(path), indent=1, ensure_ascii=False)
        path.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
