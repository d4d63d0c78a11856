"""Asking with the SDK's own request, filled in, and reading what is plainly whole: anything else is left to the SDK."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httpx2
from pydantic_ai._special_tokens import break_special_tokens, restore_special_tokens_in_response
from pydantic_ai.messages import ModelResponse

from workers.llm.provider import Question
from workers.llm.providers.errors import FAILURES
from workers.llm.providers.forms import Form, blank_form, form_of, texts_of
from workers.llm.providers.staging import StagedTransport, staged

FORMS_MAX = 64
OK = 200

Read = Callable[[bytes], ModelResponse | None]
Through = Callable[[Question], Awaitable[ModelResponse]]


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came back: an answer as far as it came, and what ended it early."""

    status: int = 0
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""
    error: Exception | None = None

    async def play(self, request: httpx2.Request) -> httpx2.Response:
        """The same once more, for `request`."""
        if self.error is not None and not self.status:
            raise self.error
        return httpx2.Response(self.status, headers=self.headers, stream=_Played(self), request=request)


class _Played(httpx2.AsyncByteStream):
    def __init__(self, reply: _Reply) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._reply.body
        if self._reply.error is not None:
            raise self._reply.error


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
        request = await self._request(question, texts, parted=parted)
        if request is None:
            return await self._through(question)
        reply = await self._sent(request)
        response = self._plain(reply)
        if response is not None:
            return restore_special_tokens_in_response(response) if self._broken else response
        with staged(reply.play):
            return await self._through(question)

    async def _request(
        self, question: Question, texts: Sequence[str], *, parted: bool
    ) -> httpx2.Request | None:
        if not all(map(str.strip, texts)) or (self._broken and any(map(_has_special, texts))):
            return None
        form = await self._form(question, parted=parted)
        try:
            return None if form is None else form.filled(texts)
        except UnicodeEncodeError:
            return None

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
            written.append(form_of(request, await request.aread(), blanks, question.schema))
            raise httpx2.ConnectError("written down, not sent")

        with staged(write):
            try:
                await self._through(blank)
            except FAILURES:  # as it has to end; whatever else is wrong, the question itself will meet too
                return written[0] if written else None
        return None

    async def _sent(self, request: httpx2.Request) -> _Reply:
        try:
            response = await self._transport.inner.handle_async_request(request)
        except FAILURES as error:
            return _Reply(error=error)
        body = bytearray()
        ended: Exception | None = None
        try:
            async for chunk in cast("httpx2.AsyncByteStream", response.stream):
                body += chunk
        except FAILURES as error:
            ended = error
        finally:
            await response.aclose()
        return _Reply(response.status_code, response.headers.raw, bytes(body), ended)

    def _plain(self, reply: _Reply) -> ModelResponse | None:
        if reply.status != OK or reply.error is not None:
            return None
        return self._read(reply.body)


def _has_special(text: str) -> bool:
    return break_special_tokens(text) != text
