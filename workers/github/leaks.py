"""Our own live secrets, found in outgoing text as they are and in the forms that a model could be talked into."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

REDACTED = "[redacted]"
SECRET_MIN_CHARS = 8


@dataclass(frozen=True, slots=True)
class LiveSecrets:
    """The values that must never leave; shorter ones than eight characters can't be told from words."""

    _pattern: re.Pattern[str] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, values: Iterable[str]) -> LiveSecrets:
        """Know `values` by every form: plain, each long line, quoted for URLs, base64 at any offset, hex, reversed."""
        forms = {form for value in values for form in _forms(value.strip()) if len(form) >= SECRET_MIN_CHARS}
        if not forms:
            return cls()
        longest_first = sorted(forms, key=len, reverse=True)
        return cls(re.compile("|".join(map(re.escape, longest_first))))

    def redact(self, text: str) -> str:
        """`text` with each form of each value replaced by "[redacted]"."""
        return self._pattern.sub(REDACTED, text) if self._pattern else text


def _forms(value: str) -> Iterator[str]:
    if len(value) < SECRET_MIN_CHARS:
        return
    raw = value.encode()
    yield value
    yield value[::-1]
    yield quote(value, safe="")
    yield quote(value)
    yield raw.hex()
    yield raw.hex().upper()
    yield from _base64_cores(raw)
    yield "".join(f"%{byte:02x}" for byte in raw)
    yield escape(value)
    yield from ("".join(form.format(ord(letter)) for letter in value) for form in ("&#{};", "&#x{:x};"))
    if "\n" in value:  # a PEM key: each line of it is a secret, its head and foot are not
        yield from (line for line in value.splitlines() if len(line) >= 24 and not line.startswith("-----"))


def _base64_cores(raw: bytes) -> Iterator[str]:
    """The characters that `raw` alone decides, wherever it starts within the encoded text."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        start = -(-offset * 8 // 6)
        whole = (offset + len(raw)) * 8 // 6
        core = encoded[start:whole]
        yield core
        yield core.replace("+", "-").replace("/", "_")
