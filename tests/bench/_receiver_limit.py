"""What this stack can do at most: the same server and framework, a signature and a JSON parse, nothing kept."""

from __future__ import annotations

import hashlib
import hmac
import sys

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SECRET = sys.argv[2].encode()


async def webhook(request: Request) -> Response:
    raw = await request.body()
    expected = f"sha256={hmac.new(SECRET, raw, hashlib.sha256).hexdigest()}"
    if not hmac.compare_digest(expected, request.headers.get("x-hub-signature-256", "")):
        return Response(status_code=401)
    orjson.loads(raw)
    return Response(status_code=202)


async def livez(_: Request) -> Response:
    return Response()


if __name__ == "__main__":
    uvicorn.run(
        Starlette(routes=[Route("/webhook", webhook, methods=["POST"]), Route("/livez", livez)]),
        port=int(sys.argv[1]),
        ws="none",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_config=None,
    )
