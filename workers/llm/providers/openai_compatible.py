"""Any endpoint that speaks OpenAI's chat completions, reached through pydantic-ai."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from workers.llm.provider import Answer, Question

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.models.openai import OpenAIChatModel

OutputMode = Literal["tool", "native", "prompted"]

OPENAI_HOST = "api.openai.com"
CONNECT_TIMEOUT_S = 10.0
CONNECTIONS_MAX = 100
BODY_MAX_BYTES = 4 * 1024 * 1024
LIBRARIES = (
    "pydantic_ai.direct",
    "pydantic_ai.models.openai",
    "pydantic_ai.providers.openai_compatible",
    "workers.llm.providers.bounded",
    "workers.llm.providers.openai_errors",
)
ANSWER_TOOL = "answer"
SCHEMA_TEXT = (
    "Answer with one JSON object, without Markdown or any text around it, that fits this JSON Schema:"
)


class OpenAICompatibleProvider:
    """One model at one base URL.

    `api_key_env` names a variable of `environ`; its value is read here, once, and kept out of every text. The client
    is built on the first question: its libraries take over a second to import and only workers need them.
    """

    def __init__(
        self,
        model: str,
        base_url: str,
        *,
        api_key_env: str,
        environ: Mapping[str, str],
        output_mode: OutputMode = "prompted",
    ) -> None:
        self._model_name = model
        self._base_url = base_url
        self._output_mode = output_mode
        self._key = SecretStr(environ.get(api_key_env, ""))
        self._http: httpx2.AsyncClient | None = None
        self._model: OpenAIChatModel | None = None
        self._loading: asyncio.Task[None] | None = None

    def load(self) -> asyncio.Task[None]:
        """Begin to import the libraries and build the client, in a thread: the first question needn't wait then."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        return self._loading

    async def ask(self, question: Question) -> Answer:
        """Send one request, once; raises ProviderError."""
        await asyncio.shield(self.load())
        from pydantic_ai.direct import model_request

        from workers.llm.providers.openai_errors import mapped_errors

        with mapped_errors(self._model_name):
            response = await model_request(
                self._open(),
                _messages(question, _system(question, self._output_mode)),
                model_settings={
                    "max_tokens": question.output_max_tokens,
                    "timeout": question.timeout_s,
                    "max_retries": 0,  # the gateway has the only retry loop
                },
                model_request_parameters=_parameters(question, self._output_mode),
                instrument=False,
            )
            return _answer(response)

    async def close(self) -> None:
        """Close the connections, if any were opened."""
        if self._loading is not None:
            await self._loading
        if self._http is not None:
            await self._http.aclose()
        self._http = self._model = None

    def _load(self) -> None:
        """One thread imports, and `ask` waits for it: two could meet in a cycle of half-made modules."""
        for name in LIBRARIES:
            import_module(name)
        self._open()

    def _open(self) -> OpenAIChatModel:
        if self._model is None:
            from pydantic_ai.models.openai import OpenAIChatModel
            from pydantic_ai.profiles.openai import OpenAIModelProfile
            from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider as Endpoint

            self._http = _http_client()
            # Only OpenAI itself insists on the newer field; local servers often know just `max_tokens`.
            newer = urlsplit(self._base_url).hostname == OPENAI_HOST
            self._model = OpenAIChatModel(
                self._model_name,
                provider=Endpoint(
                    "configured-endpoint",
                    base_url=self._base_url,
                    api_key=self._key.get_secret_value() or "none",
                    http_client=self._http,
                ),
                profile=OpenAIModelProfile(
                    openai_chat_supports_max_completion_tokens=newer, supports_json_object_output=True
                ),
            )
        return self._model


def _http_client() -> httpx2.AsyncClient:
    """No proxy or certificate settings from the environment, and no redirect: it would carry the key elsewhere."""
    import httpx2

    from workers.llm.providers.bounded import BoundedTransport

    limits = httpx2.Limits(max_connections=CONNECTIONS_MAX)
    return httpx2.AsyncClient(
        transport=BoundedTransport(httpx2.AsyncHTTPTransport(trust_env=False, limits=limits), BODY_MAX_BYTES),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(None, connect=CONNECT_TIMEOUT_S),
    )


def _system(question: Question, mode: OutputMode) -> str:
    """The system text; endpoints that take no schema are told it there."""
    if mode != "prompted":
        return question.system
    return f"{question.system}\n\n{SCHEMA_TEXT}\n{json.dumps(question.schema, separators=(',', ':'))}"


def _messages(question: Question, system: str) -> list[ModelMessage]:
    """The conversation, with one system message: some chat templates refuse a second."""
    from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, UserPromptPart

    messages: list[ModelMessage] = []
    for turn in question.turns:
        if turn.role == "user":
            messages.append(ModelRequest(parts=[UserPromptPart(turn.text)], instructions=system))
        else:
            messages.append(ModelResponse(parts=[TextPart(turn.text)]))
    return messages


def _parameters(question: Question, mode: OutputMode) -> ModelRequestParameters:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.tools import ToolDefinition

    schema = dict(question.schema)
    if mode == "tool":
        tool = ToolDefinition(
            name=ANSWER_TOOL,
            parameters_json_schema=schema,
            description="Give the answer.",
            kind="output",
            strict=False,
        )
        return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)
    wanted = OutputObjectDefinition(schema, name=question.schema_name, strict=mode == "native")
    return ModelRequestParameters(output_mode=mode, output_object=wanted, prompted_output_template=False)


def _answer(response: ModelResponse) -> Answer:
    """The text of the answer, or the arguments of the answering tool."""
    from pydantic_ai.messages import TextPart, ToolCallPart

    from workers.llm.provider import ProviderError

    if response.finish_reason == "content_filter":
        raise ProviderError("refused", "the model refused to answer")
    pieces = [
        _arguments(part) if isinstance(part, ToolCallPart) else part.content
        for part in response.parts
        if isinstance(part, TextPart | ToolCallPart)
    ]
    usage = response.usage
    return Answer(
        text="\n".join(pieces),
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cache_read_tokens,
        output_tokens=usage.output_tokens,
        truncated=response.finish_reason == "length",
    )


def _arguments(part: ToolCallPart) -> str:
    """The arguments as they came, broken JSON too: the parser has to see what the model wrote."""
    return part.args if isinstance(part.args, str) else part.args_as_json_str()
