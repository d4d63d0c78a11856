"""The leave to answer one question for all who ask it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from workers.llm.answer_key import may_be_kept
from workers.llm.ports import Answers


@dataclass(slots=True)
class Keeping:
    """It ends once: with the answer for the others, or without. `boundary` is the word that only this run knows."""

    answers: Answers
    key: str
    boundary: str
    value: BaseModel | None = None
    ended: bool = False

    async def end(self) -> None:
        """Keep `value`, in place of one that is there and fits no more; or let somebody else ask."""
        if self.ended:
            return
        self.ended = True
        text = "" if self.value is None else self.value.model_dump_json()
        if text and may_be_kept(text, self.boundary):
            await self.answers.put(self.key, text)
        else:
            await self.answers.give_up(self.key)
