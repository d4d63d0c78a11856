"""A GitHub in a process of its own that knows every pull request, and tells who was asked about. Keeps nothing else.

Arguments: port, milliseconds that each answer takes. It is no judge of requests: peers must not fail by its rules.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.bot.payloads import API, dump, pull_request

EXPIRES = "2099-01-01T00:00:00Z"
PLACEHOLDER = 987_654_321
ABOUT = re.compile(r"/(?:pulls|issues)/(\d{1,9})(?:/|$)")
PULL = re.compile(r"/pulls/(\d{1,9})$")


class Asked:
    """The numbers of all pull requests that somebody asked about."""

    def __init__(self, url: str, takes_s: float) -> None:
        self._takes_s = takes_s
        pull = dump(pull_request("opened", PLACEHOLDER)["pull_request"])
        self._pull = pull.replace(API.encode(), url.encode())  # made once: a slow answer would slow the peers
        self._numbers: set[int] = set()

    async def answer(self, request: Request) -> Response:
        """A token, a pull request, or that there is no such thing."""
        if about := ABOUT.search(request.url.path):
            self._numbers.add(int(about[1]))
        await asyncio.sleep(self._takes_s)
        if request.url.path.endswith("/access_tokens"):
            return JSONResponse(_token(), 201)
        if found := PULL.search(request.url.path):
            named = self._pull.replace(str(PLACEHOLDER).encode(), found[1].encode())
            return Response(named, media_type="application/json")
        return JSONResponse({"message": "Not Found", "documentation_url": "", "status": "404"}, 404)

    async def tell(self, _: Request) -> Response:
        """What the benchmark asks."""
        return JSONResponse(sorted(self._numbers))


def _token() -> dict[str, Any]:
    permissions = {"pull_requests": "write", "contents": "read", "checks": "write", "metadata": "read"}
    return {"token": "ghs_benchmark", "expires_at": EXPIRES, "permissions": permissions}


def main(port: int, takes_ms: float) -> None:
    """Serve until the process is ended."""
    asked = Asked(f"http://127.0.0.1:{port}", takes_ms / 1_000)
    methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
    routes = [Route("/asked", asked.tell), Route("/{path:path}", asked.answer, methods=methods)]
    uvicorn.run(Starlette(routes=routes), port=port, ws="none", access_log=False, log_config=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
