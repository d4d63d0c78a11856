"""POST /graphql: what we ask of GitHub's GraphQL interface, held against an excerpt of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync

from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.errors import ApiError
from tests.fakes.github.graphql_root import Root
from tests.fakes.github.graphql_values import RefusalError

SCHEMA = Path(__file__).with_name("schema.graphql")


@cache
def schema() -> GraphQLSchema:
    """The excerpt."""
    return build_schema(SCHEMA.read_text(encoding="utf-8"))


async def execute(call: Call) -> Answer:
    """Run one document; whatever is wrong with it is told in a 200, as GitHub does."""
    query, variables = call.required("query", str), call.optional("variables", dict)
    limited = _charge(call)
    if limited is not None:
        return limited
    result = graphql_sync(schema(), query, Root(call), variable_values=variables)
    if not result.errors:
        return Answer({"data": result.data})
    for error in result.errors:
        cause = error.original_error
        if cause is not None and not isinstance(cause, GraphQLError):
            raise cause  # a fault of the fake itself
    return Answer({"data": result.data, "errors": [_shown(one) for one in result.errors]})


def _charge(call: Call) -> Answer | None:
    """One point of the hour's for GraphQL, which are counted apart from REST's; a secondary limit is a 403 here, too."""
    world, key = call.world, -call.installation_token.installation.id
    world.limits.refuse_who_waits(-key, world.clock(), call.installation_token.text, of_graphql=True)
    try:
        world.limits.spend(key, world.clock())
    except ApiError:
        message = f"API rate limit already exceeded for installation ID {-key}."
        body = {"errors": [{"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": message}]}
        return Answer(body, headers=world.limits.headers(key, world.clock()) | _RESOURCE)
    return None


def _shown(error: GraphQLError) -> Mapping[str, Any]:
    shown = dict(error.formatted)
    cause = error.original_error
    return shown | ({"type": cause.kind} if isinstance(cause, RefusalError) else {})


_RESOURCE = {"x-ratelimit-resource": "graphql"}
ROUTES = (Endpoint("POST", "/graphql", execute, "", charged=False),)
