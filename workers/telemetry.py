"""Structured logs without anything that looks like a secret, and where the time of a job goes."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import structlog

SECRETS = re.compile(
    r"gh[pousr]_[A-Za-z0-9._-]{16,}"
    r"|github_pat_[A-Za-z0-9_]{20,}"
    r"|(?i:bearer|token|basic)\s+[A-Za-z0-9._~+/=-]{16,}"
    r"|sk-[A-Za-z0-9_-]{16,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
"""Shapes that never belong in a log: GitHub tokens, provider keys, JWTs, PEM keys, passwords in URLs."""


def scrub(text: str) -> str:
    """`text` with everything that looks like a secret replaced by "[redacted]"."""
    return SECRETS.sub("[redacted]", text)


def _scrub_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _scrubbed(value)
    return event


def _scrubbed(value: Any) -> Any:
    match value:
        case str():
            return scrub(value)
        case dict():
            return {key: _scrubbed(one) for key, one in value.items()}
        case list() | tuple():
            return [_scrubbed(one) for one in value]
        case _:
            return value


def configure_logging(level: str = "INFO", *, json: bool = True) -> None:
    """Send structlog's and the standard library's records to stderr, one line each, scrubbed."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _scrub_event,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries log through the standard library: the same lines, the same scrubbing, and only what is wrong.
    handler = logging.StreamHandler(sys.stderr)
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[remove_meta, renderer], foreign_pre_chain=shared)
    )
    logging.basicConfig(
        level=max(logging.WARNING, logging.getLevelNamesMapping()[level]), handlers=[handler], force=True
    )


Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the milliseconds of a job went; those of waits that overlap count once.

    `own` is what is no wait; `phases` is the own time of each phase. What lasts on is counted once it has ended.
    """

    total: float
    own: float
    waits: dict[str, float]
    phases: dict[str, float]


class Stopwatch:
    """Times one job: its waits for others, by name, and its phases. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._began_at = clock()
        self._waits: defaultdict[str, list[Span]] = defaultdict(list)
        self._phases: defaultdict[str, list[Span]] = defaultdict(list)

    @contextlib.contextmanager
    def wait(self, name: str) -> Iterator[None]:
        """Count the body as waiting for `name`."""
        with self._span(self._waits[name]):
            yield

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count the body, without its waits, as the phase `name`."""
        with self._span(self._phases[name]):
            yield

    def read(self) -> Timings:
        """The timings so far."""
        whole = (self._began_at, self._clock())
        waits = _joined(span for spans in self._waits.values() for span in spans)
        return Timings(
            total=_ms(_length([whole])),
            own=_ms(_outside(whole, waits)),
            waits={name: _ms(_length(_joined(spans))) for name, spans in self._waits.items()},
            phases={
                name: _ms(sum(_outside(span, waits) for span in spans))
                for name, spans in self._phases.items()
            },
        )

    @contextlib.contextmanager
    def _span(self, spans: list[Span]) -> Iterator[None]:
        began_at = self._clock()
        try:
            yield
        finally:
            spans.append((began_at, self._clock()))


_stopwatch: ContextVar[Stopwatch | None] = ContextVar("stopwatch", default=None)


@contextlib.contextmanager
def timed(stopwatch: Stopwatch) -> Iterator[Stopwatch]:
    """Let `waiting` and `phase` of the body, and of the tasks that it starts, count in `stopwatch`."""
    token = _stopwatch.set(stopwatch)
    try:
        yield stopwatch
    finally:
        _stopwatch.reset(token)


def waiting(name: str) -> contextlib.AbstractContextManager[None]:
    """Count the body as time that the present job, if any, waits for `name`."""
    stopwatch = _stopwatch.get()
    return contextlib.nullcontext() if stopwatch is None else stopwatch.wait(name)


def phase(name: str) -> contextlib.AbstractContextManager[None]:
    """Count the body as a phase of the present job, if any."""
    stopwatch = _stopwatch.get()
    return contextlib.nullcontext() if stopwatch is None else stopwatch.phase(name)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """`spans` in order, those that overlap made one."""
    joined: list[Span] = []
    for began_at, ended_at in sorted(spans):
        if joined and began_at <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ended_at))
        else:
            joined.append((began_at, ended_at))
    return joined


def _outside(whole: Span, joined: Iterable[Span]) -> float:
    """Seconds of `whole` that no span of `joined` covers."""
    began_at, ended_at = whole
    inside = ((max(start, began_at), min(end, ended_at)) for start, end in joined)
    return _length([whole]) - _length(span for span in inside if span[0] < span[1])


def _length(spans: Iterable[Span]) -> float:
    return sum(end - start for start, end in spans)


def _ms(seconds: float) -> float:
    return round(seconds * 1_000, 1)
