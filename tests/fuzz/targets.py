"""Every place where a stranger's bytes are read: what may be sent there, and what must hold for anything at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from bot.commands.grammar import Spoken, parse
from bot.handlers.handler import Rules
from bot.handlers.registry import HANDLERS
from bot.webhook.reading import Reader
from bot.webhook.refusal import RefusedError
from bot.webhook.signature import signed
from config.errors import ConfigError
from config.loader import load
from tests.bot.payloads import APP_ID, dump, headers, issue_comment, pull_request
from tests.journeys.survivors import in_markdown, in_plain
from workers.analysis.diff import DiffError, parse_diff, parse_patch
from workers.github.sanitise import FRAGMENT_MAX_BYTES, sanitiser
from workers.llm.parsing import Parsed, Unusable, parsed

HOME = "https://github.com/octo/repo"
SECRET = "live-key-0123456789abcdef"
PROBLEM_MAX_CHARS = 2_000

_SANITISER = sanitiser(HOME, [SECRET])
_READER = Reader(HANDLERS, Rules(APP_ID, 10.0, "quorum"))


class Answer(BaseModel):
    """A shape like those that models are asked for."""

    items: list[str] = Field(max_length=5)
    level: Literal["low", "high"] = "low"
    line: int = Field(0, ge=0)


@dataclass(frozen=True)
class Target:
    """`check` raises AssertionError, or whatever nobody expected; `work` is what it judges. `pieces` and `seeds` are what
    texts are made of.

    `hostile` are pieces that, repeated, have cost others more than linear time.
    """

    name: str
    check: Callable[[str], None]
    work: Callable[[str], object]
    pieces: tuple[str, ...]
    seeds: tuple[str, ...]
    hostile: tuple[str, ...]


def _body(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    for event in ("pull_request", "issue_comment", "installation"):
        sent = {name.encode(): value.encode() for name, value in headers(raw, event).items()}
        reading = _READER.read(sent, raw)
        assert reading.delivery is None or reading.delivery.body == raw


def _head(text: str) -> None:
    raw = b"{}"
    sent = {name.encode(): value.encode() for name, value in headers(raw).items()}
    for name in sent:
        given = text.encode("utf-8", "surrogatepass")
        assert signed(raw, given, [b"one", b"other"]) is False
        with suppress(RefusedError):
            _READER.read(sent | {name: given}, raw)


def _command(text: str) -> None:
    spoken = parse(text)
    assert spoken is None or isinstance(spoken, Spoken)
    if spoken is not None:
        assert not (spoken.problem and spoken.arguments)
        assert len(spoken.problem) <= PROBLEM_MAX_CHARS
        assert len(spoken.arguments) <= len(text)


def _configuration(text: str) -> None:
    with suppress(ConfigError):
        load(text, "quorum.yml")


def _diff(text: str) -> None:
    for parser in (parse_diff, parse_patch):
        with suppress(DiffError):
            parser(text)


def _outgoing(text: str) -> None:
    cleaned = _SANITISER.clean(text)
    allowed = {"address"} if f"{HOME}/" in cleaned else set()  # the one place that may be linked
    assert in_markdown(cleaned, HOME) <= allowed
    assert len(cleaned.encode()) <= FRAGMENT_MAX_BYTES
    assert SECRET not in cleaned
    assert in_markdown(_SANITISER.clean(cleaned), HOME) <= allowed
    line = _SANITISER.line(text)
    assert "\n" not in line
    assert in_markdown(line, HOME) <= allowed
    assert in_plain(_SANITISER.message(text, 300)) == set()


def _answer(text: str) -> None:
    found = parsed(text, Answer)
    assert isinstance(found, Parsed | Unusable)
    if isinstance(found, Parsed):
        again = parsed(found.value.model_dump_json(), Answer)
        assert isinstance(again, Parsed)
        assert again.value == found.value


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" "))


_JSON = _words('{ } [ ] : , " \\ null true -1 1e999 0.1 NaN \\ud800 \\u0000')
_MARKS = (
    "@ octo &#64; &commat; # 1 GH-1 octo/repo#1 ![ ] [ ( ) https:// x < img > <!-- --> ` `` ``` ~~~ \\ | / quorum : ! "
    f"&amp; & <details> </details> www. {HOME}/blob/a/b {SECRET} fixes mermaid suggestion [x]: mailto: /review"
)
_PATCH = "@@ -1,2 +1,2 @@ f\n a\n-b\n+c"
_WHITE = ("\n", " ", "    ", "\t", "\r", "\u2028", "\u200b", "\u202e", "\ufeff", "\x00", "\ud800")

TARGETS: dict[str, Target] = {
    one.name: one
    for one in (
        Target(
            "delivery",
            _body,
            _body,
            (*_JSON, '"action"', '"pull_request"', '"id"', '"opened"', *_WHITE),
            (dump(pull_request()).decode(), dump(issue_comment("/quorum review")).decode()),
            ("[", '{"action":', '"\\u0000",', "1,", " "),
        ),
        Target(
            "head",
            _head,
            _head,
            ("sha256=", "0" * 64, "é", "-", "integration", "1", *_WHITE),
            (),
            ("0", "é", "-"),
        ),
        Target(
            "command",
            _command,
            _command,
            (*_words("/quorum /review help docs all -m --x=y ../ ` @octo <!-- --> / ask"), *_WHITE),
            ("/quorum docs src/a.py", "/ask why?"),
            ("<!--", " ", "/quorum ", "\n ", "a", "`", "-"),
        ),
        Target(
            "configuration",
            _configuration,
            _configuration,
            (
                *_words(
                    "review: experts: - [ ] { } & * ! !!python ? : # | > ' \" << % --- ... no 1.10 .inf 0o7"
                ),
                *_WHITE,
            ),
            ("version: 1\nreview:\n  experts: [security, bugs]\n", "a: &a [x]\nb: *a\n"),
            ("[", "{", "- ", "a: ", "? ", "x: 1\n", "- a\n", "'", "|\n", "#", "\ufeff"),
        ),
        Target(
            "diff",
            _diff,
            _diff,
            (
                *_words('@@ -1 +1,2 diff --git a/x b/x index 100644 --- +++ /dev/null rename \\ "a\\303'),
                *_WHITE,
            ),
            (_PATCH, f"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n{_PATCH}\n"),
            ("@@ -1 +1 @@\n", "diff --git a/x b/x\n", "+x\n", "-", "@@ -", "\\", '"'),
        ),
        Target(
            "outgoing",
            _outgoing,
            _SANITISER.clean,
            (*_words(_MARKS), *_WHITE),
            ("See `a.py` and [b](https://evil.example), @octo.\n\n```suggestion\nx\n```\n",),
            _words("@a [a]( ![ < <!-- ` ``` ~~~\n &# &amp; ( > * _ www. https:// - \\ a: |"),
        ),
        Target(
            "answer",
            _answer,
            lambda text: parsed(text, Answer),
            (*_JSON, '"items"', '"level"', '"high"', "items", "```json", "```", "//", "'", "“", *_WHITE),
            ('{"items": ["a"], "level": "high", "line": 3}', 'Here it is:\n```json\n{"items": []}\n```'),
            ("[", "{", '{"items":', '"', "\\", "```json\n{", "'a',", "{}", "//", "<think>"),
        ),
    )
}
