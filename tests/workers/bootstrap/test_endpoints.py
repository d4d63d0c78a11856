"""Which models may be asked here: the operator's, and those of repositories at allowed addresses with allowed keys."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

import pytest
import structlog

from config.catalogue import Catalogue
from config.errors import ConfigError
from config.repository import OrchestrationRules
from config.settings import Settings
from tests.fakes.models import FakeOpenAI
from workers.bootstrap.endpoints import OWN_MAX, Endpoints, Own, open_endpoints
from workers.llm.provider import Question, Turn
from workers.llm.settling import Endpoint

TEAM_KEY, OUR_KEY = "sk-team-0123456789", "sk-ours-0123456789"
ENVIRON = {"TEAM_KEY": TEAM_KEY, "ANTHROPIC_API_KEY": OUR_KEY, "QUORUM_MODEL_API_KEY": OUR_KEY}
ASKED = Question("", (Turn("user", "what is x?"),), {"type": "object"}, "Any", 100, 5.0)


class Opened:
    """Endpoints, the catalogue in force, and the models by name."""

    def __init__(self, endpoints: Endpoints, catalogue: Catalogue, found: Mapping[str, Endpoint]) -> None:
        self.endpoints, self.catalogue, self.found = endpoints, catalogue, found

    def own(self, *executors: Mapping[str, object]) -> Own:
        rules = OrchestrationRules.model_validate({"executors": executors})
        return self.endpoints.own(rules, self.catalogue)

    def only(self, **choice: object) -> Endpoint:
        (found,) = self.own(choice).endpoints
        return found


class Opener:
    """Opens with any settings; all is closed at the test's end."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def __call__(self, environ: Mapping[str, str] = ENVIRON, **settings: object) -> Opened:
        opening = open_endpoints(Settings.model_validate(settings), environ)
        return Opened(*await self._stack.enter_async_context(opening))


@pytest.fixture
async def opened() -> AsyncIterator[Opener]:
    async with AsyncExitStack() as stack:
        yield Opener(stack)


async def test_without_a_setting_no_model_may_be_asked(opened: Opener) -> None:
    assert (await opened()).found == {}


async def test_the_single_model_is_named_as_it_is_set(opened: Opener) -> None:
    found = (await opened(model="llama", model_base_url="http://127.0.0.1:9/v1")).found
    assert list(found) == ["llama"]


async def test_a_providers_models_are_all_there_and_know_their_prices(opened: Opener) -> None:
    found = (await opened(providers="anthropic")).found
    assert found
    assert {one.provider.name for one in found.values()} == {"anthropic"}
    assert all(one.price is not None for one in found.values())


async def test_a_provider_without_its_key_is_left_out(opened: Opener) -> None:
    assert (await opened(environ={}, providers="anthropic")).found == {}


async def test_a_name_that_is_no_provider_is_refused(opened: Opener) -> None:
    with pytest.raises(ConfigError, match="is no provider"):
        await opened(providers="antropic")


async def test_a_key_is_in_no_repr(opened: Opener) -> None:
    there = await opened(providers="anthropic")
    own = there.only(model="llama", base_url="http://127.0.0.1:9/v1", api_key_env="TEAM_KEY")
    shown = f"{own!r} {there.found!r} {there.own()!r} {own.client!r}"
    assert TEAM_KEY not in shown
    assert OUR_KEY not in shown


async def test_a_bucket_names_the_keys_variable_and_nothing_of_the_key(opened: Opener) -> None:
    found = (await opened(providers="anthropic")).found
    assert {one.bucket for one in found.values()} == {"anthropic:ANTHROPIC_API_KEY"}


async def test_a_repositorys_model_has_a_name_of_its_own_and_its_rules_call_it_so(opened: Opener) -> None:
    own = (await opened()).own(
        {"model": "llama", "base_url": "http://lab:8000/v1", "api_key_env": "TEAM_KEY"}
    )
    assert [one.spec.name for one in own.endpoints] == ["own:lab:8000/v1/llama@TEAM_KEY"]
    assert [one.model for one in own.rules.executors] == ["own:lab:8000/v1/llama@TEAM_KEY"]
    assert own.endpoints[0].spec.remote_id == "llama"


async def test_two_servers_on_one_host_are_two_models(opened: Opener) -> None:
    choices = [{"model": "llama", "base_url": f"http://lab:{port}/v1"} for port in (8000, 8001)]
    own = (await opened()).own(*choices)
    assert len({one.spec.name for one in own.endpoints}) == 2


async def test_a_password_in_an_address_is_in_no_name(opened: Opener) -> None:
    own = (await opened()).only(model="llama", base_url="http://me:hunter2@lab/v1")
    assert "hunter2" not in f"{own.spec} {own.bucket} {own.provider.name}"


async def test_a_repositorys_server_is_asked_with_the_repositorys_key(opened: Opener) -> None:
    async with FakeOpenAI.serve({"x": 1}, key=TEAM_KEY, names=("llama",)) as server:
        own = (await opened()).only(model="llama", base_url=server.url, api_key_env="TEAM_KEY")
        assert (await own.client.ask(ASKED)).text == '{"x": 1}'


async def test_a_repositorys_server_without_a_key_is_never_given_the_operators(opened: Opener) -> None:
    there = await opened(providers="anthropic", model="llama", model_base_url="http://127.0.0.1:9/v1")
    for provider in ("anthropic", "configured"):
        own = there.only(model="claude-sonnet-4.5", provider=provider, base_url="http://lab/v1")
        assert (own.provider.api_key_env, own.bucket) == (None, "own:lab:/v1:")


async def test_a_model_of_the_catalogue_with_the_repositorys_key_is_not_asked_with_the_operators(
    opened: Opener,
) -> None:
    there = await opened(providers="anthropic")
    model = next(iter(there.found.values()))
    own = there.only(model=model.spec.name, api_key_env="TEAM_KEY")
    assert (own.provider.api_key_env, own.bucket) == ("TEAM_KEY", "anthropic:TEAM_KEY")
    assert own.spec.name == f"anthropic/{model.spec.name}@TEAM_KEY"


async def test_it_keeps_what_the_catalogue_knows_of_it(opened: Opener) -> None:
    there = await opened(providers="anthropic")
    model = next(iter(there.found.values())).spec
    own = there.only(model=model.name, api_key_env="TEAM_KEY")
    assert own.spec == model.model_copy(update={"name": own.spec.name, "id": model.remote_id})
    assert own.price is not None


async def test_the_operators_models_are_named_as_they_are(opened: Opener) -> None:
    there = await opened(providers="anthropic")
    name = next(iter(there.found))
    own = there.own({"model": name})
    assert (own.endpoints, [one.model for one in own.rules.executors]) == ((), [name])


async def test_a_provider_that_may_not_be_asked_brings_no_model(opened: Opener) -> None:
    assert (await opened()).own({"model": "gpt-9", "provider": "openai"}).endpoints == ()


async def test_the_orchestrator_may_be_a_repositorys_own(opened: Opener) -> None:
    there = await opened()
    rules = OrchestrationRules.model_validate({"orchestrator": {"model": "big", "base_url": "http://lab/v1"}})
    own = there.endpoints.own(rules, there.catalogue)
    assert own.rules.orchestrator is not None
    assert [one.spec.name for one in own.endpoints] == [own.rules.orchestrator.model]


@pytest.mark.parametrize("name", ["llama 3", "@cf/meta/llama", "-x", "ключ", "x" * 200])
async def test_any_name_that_a_server_may_use_can_be_asked(opened: Opener, name: str) -> None:
    assert (await opened()).only(model=name, base_url="http://lab/v1").spec.remote_id == name


@pytest.mark.parametrize(
    "choice", [{"base_url": "ftp://lab"}, {"base_url": "http://lab:x/v1"}, {"api_key_env": "my-key"}]
)
async def test_what_can_not_be_used_is_left_out(opened: Opener, choice: dict[str, str]) -> None:
    there = await opened()
    with structlog.testing.capture_logs() as logs:
        own = there.own({"model": "llama", "base_url": "http://lab/v1", **choice})
    assert own.endpoints == ()
    assert [log["event"] for log in logs] == ["a repository's model can't be used"]


async def test_a_model_is_opened_once_however_often_it_is_named(opened: Opener) -> None:
    there = await opened()
    assert there.only(model="llama", base_url="http://lab/v1") is there.only(
        model="llama", base_url="http://lab/v1"
    )


async def test_there_is_an_end_to_what_repositories_may_open(opened: Opener) -> None:
    there = await opened()
    for number in range(OWN_MAX):
        there.only(model=f"llama-{number}", base_url="http://lab/v1")
    with structlog.testing.capture_logs():
        assert there.own({"model": "one-more", "base_url": "http://lab/v1"}).endpoints == ()
    assert there.only(model="llama-0", base_url="http://lab/v1").spec.remote_id == "llama-0"


@pytest.mark.parametrize(
    ("provider", "asked"),
    [("openrouter", "openrouter"), ("OpenRouter", "openrouter"), ("anthropic", ""), ("azure", "")],
)
async def test_a_model_of_the_catalogue_is_asked_where_the_repository_says(
    opened: Opener, provider: str, asked: str
) -> None:
    """ "" is: where the catalogue says; that of a provider that nobody knows is said in the review's notices."""
    environ = {**ENVIRON, "OPENROUTER_API_KEY": OUR_KEY}
    there = await opened(environ=environ, providers="anthropic, openrouter")
    own = there.own({"model": "claude-sonnet-4.5", "provider": provider}).endpoints
    assert [one.provider.name for one in own] == ([asked] if asked else [])


async def test_what_was_imported_is_no_part_of_later_garbage_collections(opened: Opener) -> None:
    """It is most of the process, and to go through it stops the loop for long."""
    here = await opened(model="fake-model", model_base_url="http://127.0.0.1:9/v1")
    made_before: list[str] = []
    await here.endpoints.load()
    assert not any(one is made_before for one in gc.get_objects())
