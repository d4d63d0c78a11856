"""What of a request's head two servers could understand differently: refused before anything is read of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

HEADERS_MAX = 100
VERSIONS = frozenset({"1.0", "1.1"})

Headers = Sequence[tuple[bytes, bytes]]


def bare(status: str) -> bytes:
    """An answer that is nothing but its status, and the last one of its connection."""
    return f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".encode()


BAD_REQUEST = bare("400 Bad Request")
TOO_SLOW = bare("408 Request Timeout")
HEAD_TOO_LARGE = bare("431 Request Header Fields Too Large")
CODING_UNKNOWN = bare("501 Not Implemented")
VERSION_UNKNOWN = bare("505 HTTP Version Not Supported")


def refusal(version: str, headers: Headers) -> bytes:
    """The answer to a head that must not be served, or b"". `headers` have names in lower case.

    The parser has refused already what breaks the grammar. What is left are the rules of RFC 9112 that it leaves to
    us: versions (1), Host (3.2), Transfer-Encoding (6.1).
    """
    if version not in VERSIONS:
        return VERSION_UNKNOWN
    if len(headers) > HEADERS_MAX:
        return HEAD_TOO_LARGE
    counts = Counter(name for name, _ in headers)
    if counts[b"host"] > 1 or (version == "1.1" and not counts[b"host"]):
        return BAD_REQUEST
    codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    if codings and version == "1.0":
        return BAD_REQUEST
    return b"" if codings in ([], [b"chunked"]) else CODING_UNKNOWN
