"""Bytes that two servers could cut into different requests, and how each must be answered."""

from __future__ import annotations

SECOND = b"GET /livez?second HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
"""What is smuggled, or honestly follows."""
POST = b"POST /webhook HTTP/1.1\r\nhost: x\r\n"
GET = b"GET /livez HTTP/1.1\r\nhost: x\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"
END = b"\r\n0\r\n\r\n"
LENGTH = b"content-length: %d\r\n" % len(SECOND)
UPGRADE = b"connection: upgrade\r\nupgrade: %s\r\n"


def _coded(value: bytes) -> bytes:
    return POST + b"transfer-encoding: " + value + END + SECOND


def _long(value: bytes) -> bytes:
    return POST + b"content-length: " + value + b"\r\n\r\n" + SECOND


REFUSED: dict[str, tuple[bytes, int]] = {
    "CL.TE": (POST + b"content-length: 6\r\ntransfer-encoding: chunked\r\n" + END + SECOND, 400),
    "TE.CL": (POST + b"transfer-encoding: chunked\r\ncontent-length: 4\r\n" + END + SECOND, 400),
    "TE.TE": (POST + b"transfer-encoding: chunked\r\ntransfer-encoding: x\r\n" + END + SECOND, 400),
    "TE identity": (_coded(b"identity\r\n"), 501),
    "TE xchunked": (_coded(b"xchunked\r\n"), 501),
    "TE chunked, identity": (_coded(b"chunked, identity\r\n"), 400),
    "TE gzip, chunked": (_coded(b"gzip, chunked\r\n"), 501),
    "TE behind a vertical tab": (_coded(b"\x0bchunked\r\n"), 400),
    "TE folded": (_coded(b"\r\n chunked\r\n"), 400),
    "TE before its colon a blank": (POST + b"transfer-encoding : chunked\r\n" + END + SECOND, 400),
    "TE in HTTP/1.0": (CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + END[2:] + SECOND, 400),
    "CL twice, differing": (_long(b"0\r\n" + LENGTH[:-2]), 400),
    "CL twice, the same": (_long(b"0\r\ncontent-length: 0"), 400),
    **{
        f"CL {value!r}": (_long(value), 400)
        for value in (b"0, 0", b"+0", b"-1", b"0x0", b"0 0", b"", b"9" * 23, b"1_0", b"\xb2")
    },
    "CL before its colon a blank": (POST + b"content-length : 0\r\n\r\n" + SECOND, 400),
    "a folded header": (POST + b"x: a\r\n b\r\ncontent-length: 0\r\n\r\n" + SECOND, 400),
    "a folded first header": (b"GET /livez HTTP/1.1\r\n host: x\r\n\r\n" + SECOND, 400),
    "a chunk below zero": (CHUNKED + b"-1\r\na" + END + SECOND, 400),
    "a chunk of 0x1": (CHUNKED + b"0x1\r\na" + END + SECOND, 400),
    "a chunk beyond 64 bits": (CHUNKED + b"fffffffffffffffff0\r\na" + END + SECOND, 400),
    "a chunk's extension with a bare LF": (CHUNKED + b"1;\na" + END + SECOND, 400),
    "chunks with bare LFs": (CHUNKED + b"1\na\n0\n\n" + SECOND, 400),
    "a chunk longer than it says": (CHUNKED + b"1\r\naX" + END + SECOND, 400),
    "a chunk's length and a blank": (CHUNKED + b"1 \r\na" + END + SECOND, 400),
    "a length in the trailer": (CHUNKED + b"0\r\ncontent-length: 3\r\n\r\n" + SECOND, 400),
    "NUL in a value": (GET + b"x: a\0b\r\n\r\n" + SECOND, 400),
    "NUL in a name": (GET + b"x\0: a\r\n\r\n" + SECOND, 400),
    "NUL in the path": (GET.replace(b"livez", b"liv\0ez") + b"\r\n" + SECOND, 400),
    "bare LFs": (b"GET /livez HTTP/1.1\nhost: x\n\n" + SECOND, 400),
    "a bare LF between headers": (GET[:-2] + b"\nfoo: bar\r\n\r\n" + SECOND, 400),
    "a bare CR between headers": (GET[:-2] + b"\rfoo: bar\r\n\r\n" + SECOND, 400),
    "no name": (GET + b": x\r\n\r\n" + SECOND, 400),
    "no colon": (GET + b"foo\r\n\r\n" + SECOND, 400),
    "no host": (b"GET /livez HTTP/1.1\r\n\r\n" + SECOND, 400),
    "two hosts": (GET + b"host: y\r\n\r\n" + SECOND, 400),
    "too many headers": (GET + b"x: y\r\n" * 200 + b"\r\n" + SECOND, 431),
    "a head of 70 KB": (GET + b"x: " + b"y" * 70_000, 431),
    "a path of other bytes": (b"GET /\xff HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, 400),
    "tabs in the first line": (b"GET\t/livez\tHTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, 400),
    "a blank after the version": (b"GET /livez HTTP/1.1 \r\nhost: x\r\n\r\n" + SECOND, 400),
    "a method in lower case": (b"get /livez HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, 400),
    "a method of nobody": (b"FOO /livez HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, 400),
    "a tunnel": (b"CONNECT evil:443 HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, 400),
    "an address without a path": (b"GET http://evil HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, 400),
    "HTTP/0.9": (b"GET /livez\r\n\r\n", 505),
    "HTTP/0.9 and more": (b"GET /livez\r\n" + SECOND, 400),
    "HTTP/2.0 in words": (b"GET /livez HTTP/2.0\r\nhost: x\r\n\r\n" + SECOND, 505),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 400),
    "TLS": (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"a" * 100, 400),
}
"""Name → bytes, and the one status of the answer."""

ANSWERED: dict[str, tuple[bytes, list[int]]] = {
    "a length that holds it": (POST + LENGTH + b"\r\n" + SECOND + SECOND, [401, 200]),
    "a body of a GET that holds it": (GET + LENGTH + b"\r\n" + SECOND + SECOND, [200, 200]),
    "an underscore is no hyphen": (POST + b"content_length: 999\r\n\r\n" + SECOND, [401, 200]),
    "a chunk's extension": (CHUNKED + b"1;a=b\r\na" + END + SECOND, [401, 200]),
    "an absolute address": (b"GET http://evil/livez HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, [200, 200]),
    "a protocol that we don't speak": (GET + UPGRADE % b"h2c" + b"\r\n" + SECOND, [200]),
    "a socket for the web": (GET + UPGRADE % b"websocket" + b"\r\n" + SECOND, [200]),
    "another protocol and a body": (POST + UPGRADE % b"h2c" + LENGTH + b"\r\n" + SECOND + SECOND, [401]),
    "what follows the last request": (GET + b"connection: close\r\n\r\n" + SECOND, [200]),
    "HTTP/1.0": (b"GET /livez HTTP/1.0\r\n\r\n" + SECOND, [200]),
    "two in one piece": (GET + b"\r\n" + SECOND, [200, 200]),
    "a path that leads up": (b"GET /../livez HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, [404, 200]),
    "a slash too many, of another host": (b"GET /livez/ HTTP/1.1\r\nhost: evil\r\n\r\n" + SECOND, [404, 200]),
    "all of a server": (b"OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n" + SECOND, [404, 200]),
    "an answer under way and no HTTP": (GET + b"\r\n" + b"no http\r\n\r\n", []),
    "a hundred in one piece": ((GET + b"\r\n") * 100, []),
}
"""Name → bytes, and the statuses of all answers, in their order."""
