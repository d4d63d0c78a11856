"""uvicorn's protocol with an end to patience: no connection is held open by sending or by reading too slowly."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.webhook.strictness import BAD_REQUEST, HEAD_TOO_LARGE, TOO_SLOW, refusal

HEAD_MAX_BYTES = 64 * 1024
QUEUED_MAX = 16
"""Requests of one connection that wait for the answer to another; 256 KB hold nine thousand otherwise."""


class DeadlineProtocol(HttpToolsProtocol):
    """Each request must be in, head and body, within `timeout_s` of its first byte; the first one, of connecting.
    Each answer must be taken within `timeout_s`. More than `connections_max` are closed unread.

    uvicorn knows no such limits: its keep-alive timer ends with the first byte of a request, and a client that sends
    one byte a second, or reads no answer, holds its connection for ever.
    """

    def __init__(
        self,
        *args: Any,
        timeout_s: float,
        connections_max: int,
        head_max_bytes: int = HEAD_MAX_BYTES,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._timeout_s = timeout_s
        self._connections_max = connections_max
        self._head_max_bytes = head_max_bytes
        self._deadline: asyncio.TimerHandle | None = None
        self._untaken: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head_bytes = 0
        self._refusal = BAD_REQUEST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        if len(self.connections) > self._connections_max:
            transport.abort()
            return
        self._arm()

    def data_received(self, data: bytes) -> None:
        """Start the clock with any byte of an idle connection, even one that begins no request."""
        if self.transport.is_closing():
            return
        if self._deadline is None and self._idle():
            self._arm()
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self._head_max_bytes:
                self._close(HEAD_TOO_LARGE if self._idle() else b"")

    def on_message_begin(self) -> None:
        """A request begins, perhaps while the one before it is being answered."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        if self._deadline is None:
            self._arm()

    def on_headers_complete(self) -> None:
        """The head is in; the body has what is left of the time. An error ends the parser's work on this connection."""
        self._in_head = False
        if answer := refusal(self.parser.get_http_version(), self.headers):
            self._refusal = answer
            raise ValueError("refused")
        if len(self.pipeline) >= QUEUED_MAX:
            raise ValueError("too many requests wait")
        super().on_headers_complete()
        if self.parser.should_upgrade():
            self.cycle.keep_alive = (
                False  # the parser reads nothing after it: whatever follows is nobody's request
            )

    def on_message_complete(self) -> None:
        """The request is in: from here on, time is ours."""
        self._disarm()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is written; the client has its time to take it, also when the connection is closing."""
        super().on_response_complete()
        self._expect_taken()

    def pause_writing(self) -> None:
        """Much waits for the client to read."""
        super().pause_writing()
        self._expect_taken()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser refuses; never in the place of another request's answer."""
        self._close(self._refusal if self._idle() or self._at_fault() else b"")

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._disarm()
        if self._untaken is not None:
            self._untaken.cancel()
        super().connection_lost(exc)

    def _unsupported_upgrade_warning(self) -> None:
        """Strangers may ask for any protocol; that is nothing for the operator to mend."""

    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _at_fault(self) -> bool:
        """Whether the one request that is being answered is the one whose body breaks off."""
        return not self.pipeline and self.cycle.more_body and not self.cycle.response_started

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(self._timeout_s, self._too_slow)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        # In the body, the application may be answering already: bytes of ours would garble that.
        self._close(TOO_SLOW if self._in_head and self._idle() else b"")

    def _close(self, answer: bytes) -> None:
        self._disarm()
        if self.transport.is_closing():
            return
        if answer:
            self.transport.write(answer)
        self.transport.close()
        self._expect_taken()

    def _expect_taken(self) -> None:
        if self._untaken is None and self.transport.get_write_buffer_size():
            self._untaken = self.loop.call_later(self._timeout_s, self._not_taken)

    def _not_taken(self) -> None:
        self._untaken = None
        if self.transport.get_write_buffer_size():
            self.transport.abort()  # closing would wait for the client
