"""A price tag says what a call has cost and what it can cost at most; what nobody knows stays unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

import pytest
from genai_prices import Usage, calc_price
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import ModelSpec, PriceOverride, ProviderSpec
from config.catalogue_file import load_catalogue, shipped_text
from workers.llm.pricing import BATCH, PriceTag, Rate, Step, price_tag
from workers.llm.pricing_flat import flat_of

SHIPPED = load_catalogue(shipped_text(), None, "")
OPENAI = SHIPPED.providers["openai"]
UNKNOWN_ON_PURPOSE = {"qwen", "huggingface"}
WITH_LIST = [
    model for model in SHIPPED.models.values() if not model.free and model.provider not in UNKNOWN_ON_PURPOSE
]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def model(**more: object) -> ModelSpec:
    values = {"name": "m", "provider": "openai", "family": "f", "quality": 5, "context_tokens": 10_000}
    return ModelSpec.model_validate(values | more)


def tag(spec: ModelSpec, provider: ProviderSpec | None = None, at: datetime = NOW) -> PriceTag:
    found = price_tag(spec, provider or SHIPPED.provider_of(spec), at.timestamp)
    assert found is not None
    return found


def priced(**usd_per_million: float) -> PriceTag:
    return tag(model(price=PriceOverride.model_validate(usd_per_million)))


def test_the_catalogues_price_goes_before_the_lists() -> None:
    gpt = SHIPPED.models["gpt-4o"].model_copy(update={"price": PriceOverride(input=1, output=2)})
    found = tag(gpt)
    assert (found.origin, found.cost(1_000, 0, 0, 100)) == ("catalogue", 1_200)


def test_the_list_is_asked_by_the_providers_id() -> None:
    found = tag(SHIPPED.models["gpt-4o"])
    assert (found.origin, found.cost(1_000, 0, 0, 100)) == ("list", 3_500)


def test_without_an_id_the_list_is_asked_by_the_address() -> None:
    here = ProviderSpec(name="configured", base_url="https://api.openai.com/v1")
    assert tag(model(name="gpt-4o"), here).cost(1_000, 0, 0, 100) == 3_500


@pytest.mark.parametrize(
    "provider",
    [
        ProviderSpec(name="p", base_url="http://127.0.0.1:8000/v1"),
        ProviderSpec(name="p"),
        ProviderSpec(name="p", base_url="https://api.openai.com/v1", price_list="nobody"),
    ],
)
def test_a_known_name_at_an_unknown_provider_has_no_known_price(provider: ProviderSpec) -> None:
    assert price_tag(model(name="gpt-4o"), provider) is None


@pytest.mark.parametrize("name", ["nobody/nothing", "whisper-1", "text-embedding-3-small"])
def test_what_the_list_has_no_price_of_text_for_is_unknown(name: str) -> None:
    assert price_tag(model(name=name), OPENAI) is None


def test_free_is_zero_and_not_unknown() -> None:
    found = tag(SHIPPED.models["mistral:7b"])
    assert (found.origin, found.cost(1_000, 0, 0, 100), found.worst_case(1_000, 100)) == ("free", 0, 0)


@pytest.mark.parametrize("spec", WITH_LIST, ids=[one.name for one in WITH_LIST])
def test_every_shipped_cloud_model_has_a_list_price(spec: ModelSpec) -> None:
    assert tag(spec).worst_case(10_000, 1_000) > 0


def test_the_others_are_unknown_on_purpose() -> None:
    unknown = {
        one.provider for one in SHIPPED.models.values() if price_tag(one, SHIPPED.provider_of(one)) is None
    }
    assert unknown == UNKNOWN_ON_PURPOSE


def test_cached_and_written_tokens_have_their_own_price() -> None:
    found = priced(input=10, cached_input=1, cache_write=12, output=0)
    assert found.cost(1_000, 300, 200, 0) == 500 * 10 + 300 * 1 + 200 * 12


def test_cached_and_written_tokens_cost_like_others_unless_stated() -> None:
    assert priced(input=10, output=0).cost(1_000, 300, 200, 0) == 10_000


def test_half_a_micro_dollar_is_rounded_to_even() -> None:
    assert [priced(input=0.5, output=0).cost(tokens, 0, 0, 0) for tokens in (1, 3, 5)] == [0, 2, 2]


def test_the_worst_case_is_rounded_up() -> None:
    assert priced(input=0.1, output=0).worst_case(1, 0) == 1


def test_the_worst_case_writes_everything_to_the_cache() -> None:
    assert priced(input=10, cache_write=12, output=3).worst_case(1_000, 100) == 12_300


def test_a_batch_costs_half() -> None:
    found = priced(input=10, output=20)
    assert (found.cost(1_000, 0, 0, 100, BATCH), found.worst_case(1_000, 100, BATCH)) == (6_000, 6_000)


def test_long_input_is_dearer_for_all_tokens() -> None:
    rate = Rate(Decimal(1), (Step(100, Decimal(2)), Step(200, Decimal(4))))
    assert [rate.at(tokens) for tokens in (0, 100, 101, 200, 201)] == [1, 1, 2, 2, 4]


def test_a_dated_price_holds_from_its_day() -> None:
    argon = SHIPPED.models["gemini-4-argon"]
    before = tag(argon, at=datetime(2026, 11, 30, tzinfo=UTC)).cost(1_000_000, 0, 0, 0)
    assert tag(argon, at=datetime(2026, 12, 2, tzinfo=UTC)).cost(1_000_000, 0, 0, 0) == 2 * before


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(WITH_LIST),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.tuples(*[st.integers(0, 300_000)] * 4),
)
def test_a_cost_is_what_the_list_itself_reckons(
    spec: ModelSpec, at: datetime, tokens: tuple[int, int, int, int]
) -> None:
    plain, cached, written, output = tokens
    moment = at.replace(tzinfo=UTC)
    usage = Usage(
        input_tokens=plain + cached + written,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        output_tokens=output,
    )
    reckoned = calc_price(
        usage,
        spec.remote_id,
        provider_id=SHIPPED.provider_of(spec).price_list,
        genai_request_timestamp=moment,
    )
    cost = tag(spec, at=moment).cost(plain + cached + written, cached, written, output)
    assert abs(cost - reckoned.total_price * 1_000_000) <= Decimal("0.5")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(list(SHIPPED.models.values())),
    st.tuples(*[st.integers(0, 300_000)] * 4),
    st.integers(0, 100_000),
    st.integers(0, 100_000),
)
def test_no_cost_is_more_than_the_worst_case(
    spec: ModelSpec, tokens: tuple[int, int, int, int], less: int, spared: int
) -> None:
    found = price_tag(spec, SHIPPED.provider_of(spec), NOW.timestamp)
    if found is None:
        return
    plain, cached, written, output = tokens
    estimate = plain + cached + written + less
    assert found.cost(plain + cached + written, cached, written, output) <= found.worst_case(
        estimate, output + spared
    )


def test_a_price_a_request_is_added() -> None:
    sonar = ProviderSpec(name="perplexity", price_list="perplexity")
    reckoned = calc_price(Usage(input_tokens=1_000, output_tokens=100), "sonar", provider_id="perplexity")
    assert reckoned.model_price.requests_kcount is not None
    assert tag(model(name="sonar"), sonar).cost(1_000, 0, 0, 100) == reckoned.total_price * 1_000_000


def test_counts_below_nothing_earn_nothing() -> None:
    assert priced(input=10, output=10).cost(-100, 0, 0, -100) == 0


def test_more_cached_than_asked_costs_no_less_than_nothing() -> None:
    assert priced(input=10, cached_input=1, output=0).cost(100, 200, 0, 0) == 200


@pytest.mark.parametrize("spec", WITH_LIST, ids=[one.name for one in WITH_LIST])
def test_no_window_is_larger_than_the_list_knows(spec: ModelSpec) -> None:
    found = calc_price(Usage(), spec.remote_id, provider_id=SHIPPED.provider_of(spec).price_list)
    known = found.model.context_window
    assert known is None or spec.context_tokens <= known


@given(
    prices=st.lists(st.decimals(0, 1_000, places=6), min_size=5, max_size=5),
    tokens=st.lists(st.integers(0, 10_000_000), min_size=4, max_size=4),
)
def test_whole_numbers_cost_what_decimals_do(prices: list[Decimal], tokens: list[int]) -> None:
    flat = flat_of(*prices)
    assert flat is not None
    exact = sum((price * count for price, count in zip(prices, tokens, strict=False)), prices[4])
    assert flat.cost(*tokens) == int(exact.to_integral_value(ROUND_HALF_EVEN))
    most = prices[4] + max(prices[:3]) * tokens[0] + prices[3] * tokens[3]
    assert flat.worst_case(tokens[0], tokens[3]) == int(most.to_integral_value(ROUND_CEILING))


def test_half_a_micro_dollar_goes_to_the_even_side() -> None:
    assert [priced(input=0.5, output=1).cost(count, 0, 0, 0) for count in (1, 3, 5)] == [0, 2, 2]
