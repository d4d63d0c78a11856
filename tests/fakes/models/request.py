"""A request as the fake understood it: a chat completion, and what every wire has in common."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ModelRequest:
    """One request; `raw` is the body as it came, `headers` lack those that carry keys."""

    raw: str = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def model(self) -> str:
        """The model asked for."""
        return str(self.body.get("model", ""))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation."""
        return list(self.body.get("messages", []))

    @property
    def text(self) -> str:
        """All that was said, one message after the other."""
        return "\n".join(_text(message.get("content")) for message in self.messages)

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The offered functions: name, description, parameters."""
        return [tool["function"] for tool in self.body.get("tools") or []]

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON schema that the answer has to meet, from response_format or the first tool."""
        form = self.body.get("response_format") or {}
        if form.get("type") == "json_schema":
            schema: Mapping[str, Any] = form["json_schema"].get("schema", {})
            return schema
        return self.tools[0].get("parameters") if self.tools else None

    @property
    def output_max_tokens(self) -> int | None:
        """The limit of the answer."""
        limit = self.body.get("max_completion_tokens") or self.body.get("max_tokens")
        return None if limit is None else int(limit)

    @property
    def stream(self) -> bool:
        """Whether the answer is wanted as server-sent events."""
        return bool(self.body.get("stream"))


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return str(content or "")


def parse_object(text: str) -> Any:
    """JSON as it reads, or an object that holds what is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return {"INVALID_JSON": text}


def problem(body: Any) -> str | None:
    """What is wrong with the shape of a request, or None."""
    if not isinstance(body, dict):
        return "We could not parse the JSON body of your request."
    if not isinstance(body.get("model"), str):
        return "you must provide a model parameter"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "Invalid 'messages': empty array. Expected an array with minimum length 1."
    roles = ("system", "developer", "user", "assistant", "tool")
    if any(not isinstance(one, dict) or one.get("role") not in roles for one in messages):
        return f"Invalid value in 'messages[].role'. Supported values are: {', '.join(roles)}."
    return _format_problem(body)


def _format_problem(body: dict[str, Any]) -> str | None:
    form = body.get("response_format")
    if form is not None and form.get("type") not in ("text", "json_object", "json_schema"):
        return "Invalid value: 'response_format.type'."
    if form is not None and form["type"] == "json_schema" and "name" not in form.get("json_schema", {}):
        return "Missing required parameter: 'response_format.json_schema.name'."
    for tool in body.get("tools") or []:
        if tool.get("type") != "function" or "name" not in tool.get("function", {}):
            return "Missing required parameter: 'tools[0].function.name'."
    return None
