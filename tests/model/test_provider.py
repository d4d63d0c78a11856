"""The provider and the parser before a model that writes what it likes."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from config.catalogue import Wire
from tests.model.serving import KEY, NAME, Served
from tests.workers.llm.providers.serving import remote
from workers.experts.statements import ModelFindings
from workers.llm.parsing import Parsed, Unusable, parsed
from workers.llm.provider import Answer, Question, Turn

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(900)]


class Sum(BaseModel):
    sum: int


async def answered(served: Served, asked: str, schema: type[BaseModel]) -> Answer:
    provider = remote(Wire.OPENAI, served.url, key=KEY, model=NAME)
    try:
        return await provider.ask(
            Question(
                system="Answer with JSON.",
                turns=(Turn("user", asked),),
                schema=schema.model_json_schema(),
                schema_name=schema.__name__,
                output_max_tokens=200,
                timeout_s=600,
            )
        )
    finally:
        await provider.close()


async def test_what_was_used_is_counted(served: Served) -> None:
    """Tokens as the server counts them, within the limit that was asked for."""
    answer = await answered(served, "What is 2 + 3?", Sum)
    assert 20 < answer.input_tokens < 400
    assert 0 < answer.output_tokens <= 200


async def test_any_answer_is_a_value_or_a_named_failure(served: Served) -> None:
    answer = await answered(served, "Review:\n+query = 'SELECT ' + name", ModelFindings)
    found = parsed(answer.text, ModelFindings)
    if isinstance(found, Unusable):
        assert found.problem
    else:
        assert isinstance(found, Parsed)
        assert 0 < found.confidence <= 1
