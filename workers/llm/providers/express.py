"""Asking with the SDK's own request, filled in, and reading what is plainly whole: anything else is left to the SDK."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx2
from pydantic_ai._special_tokens import break_special_tokens, restore_special_tokens_in_response
from pydantic_ai.messages import ModelResponse

from workers.llm.provider import Question
from workers.llm.providers.errors import FAILURES
from workers.llm.providers.forms import Form, blank_form, form_of, texts_of
from workers.llm.providers.reply import OK, Reply
from workers.llm.providers.staging import StagedTransport, staged

FORMS_MAX = 64

Read = Callable[[bytes], ModelResponse | None]
Through = Callable[[Question], Awaitable[ModelResponse]]


class Express:
    """The quick way to one model. `through` is the long way, by pydantic-ai and the SDK over `transport`; `read` makes
    of a document what they would make of it, or nothing where it isn't plain. `broken`: the long way changes texts in
    which special tokens stand.
    """

    def __init__(
        self, through: Through, transport: StagedTransport, read: Read, *, marks_prefix: bool, broken: bool
    ) -> None:
        self._through = through
        self._transport = transport
        self._read = read
        self._marks_prefix = marks_prefix
        self._broken = broken
        self._forms: OrderedDict[tuple[Any, ...], Form | None] = OrderedDict()

    async def ask(self, question: Question) -> ModelResponse:
        """What the model said; raises what the long way raises."""
        parted = self._marks_prefix and 0 < question.prefix_chars < len(question.turns[0].text)
        texts = texts_of(question, parted=parted)
        form = await self._fitting(question, texts, parted=parted)
        body = None if form is None else form.filled(texts)
        if form is None or body is None:
            return await self._through(question)
        reply = await self._transport.inner.post(form.envelope, body)
        response = self._plain(reply)
        if response is not None:
            return restore_special_tokens_in_response(response) if self._broken else response
        with staged(reply.play):
            return await self._through(question)

    async def _fitting(self, question: Question, texts: Sequence[str], *, parted: bool) -> Form | None:
        """The form that they may be filled into; None where the SDK would do more with one of them."""
        if not all(map(str.strip, texts)) or (self._broken and any(map(_has_special, texts))):
            return None
        return await self._form(question, parted=parted)

    async def _form(self, question: Question, *, parted: bool) -> Form | None:
        timeout_s = max(1, math.ceil(question.timeout_s))
        key = (
            bool(question.system),
            tuple(turn.role for turn in question.turns),
            parted or bool(question.prefix_chars),
            parted,
            id(question.schema),
            question.schema_name,
            question.output_max_tokens,
            timeout_s,
        )
        if key not in self._forms:
            self._forms[key] = await self._written(question, timeout_s, parted=parted)
            if len(self._forms) > FORMS_MAX:
                self._forms.popitem(last=False)
        return self._forms[key]

    async def _written(self, question: Question, timeout_s: float, *, parted: bool) -> Form | None:
        """The form that the SDK writes for questions like this one."""
        blank, blanks = blank_form(question, parted=parted, timeout_s=timeout_s)
        written: list[Form | None] = []

        async def write(request: httpx2.Request) -> httpx2.Response:
            body = await request.aread()
            del request.headers["content-length"]  # another one's
            written.append(form_of(self._transport.inner.envelope(request), body, blanks, question.schema))
            raise httpx2.ConnectError("written down, not sent")

        with staged(write):
            try:
                await self._through(blank)
            except FAILURES:  # as it has to end; whatever else is wrong, the question itself will meet too
                return written[0] if written else None
        return None

    def _plain(self, reply: Reply) -> ModelResponse | None:
        if reply.status != OK or reply.error is not None:
            return None
        return self._read(reply.body)


def _has_special(text: str) -> bool:
    return break_special_tokens(text) != text
