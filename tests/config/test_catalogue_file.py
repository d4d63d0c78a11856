"""What a catalogue's file may say, and what its writer is told when it can't be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue import Catalogue, PriceOverride
from config.catalogue_file import load_catalogue, read_operators, shipped_text
from config.errors import ConfigError
from config.loader import CONFIG_MAX_BYTES

SHIPPED = shipped_text()
NEW = "{provider: ollama, family: mine, quality: 3, context_tokens: 5000}"


def load(text: str | bytes | None) -> Catalogue:
    return load_catalogue(SHIPPED, text, "mine.yaml")


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("text", [None, "", "# nothing\n", "models:\n", "providers: {}\n"])
def test_what_is_not_said_is_as_shipped(text: str | None) -> None:
    assert load(text) == load(None)


def test_one_field_of_a_known_model_is_changed() -> None:
    before = load(None).models["gpt-4o"]
    assert load("models: {gpt-4o: {quality: 1.5}}").models["gpt-4o"] == before.model_copy(
        update={"quality": 1.5}
    )


def test_one_limit_of_a_known_provider_is_changed() -> None:
    before = load(None).providers["openai"].limits
    after = load("providers: {openai: {limits: {concurrency: 3}}}").providers["openai"].limits
    assert after == before.model_copy(update={"concurrency": 3})


def test_a_model_and_its_provider_are_added() -> None:
    text = (
        "providers: {ours: {base_url: 'https://models.example/v1', api_key_env: OURS_KEY}}\n"
        "models:\n  ours/big:\n    provider: ours\n    family: ours\n    quality: 8\n    context_tokens: 64000\n"
        "    price: {input: 1, output: 2.5}\n"
    )
    found = load(text)
    model = found.models["ours/big"]
    assert (model.price, found.provider_of(model).base_url) == (
        PriceOverride(input=1, output=2.5),
        "https://models.example/v1",
    )


def test_a_model_is_taken_out() -> None:
    assert "gpt-4o" not in load("models: {gpt-4o: {enabled: false}}").models


def test_with_a_provider_go_its_models() -> None:
    found = load("providers: {openai: {enabled: false}}")
    assert not any(model.provider == "openai" for model in found.models.values())


def test_an_unknown_provider_is_refused() -> None:
    text = "models:\n  big:\n    provider: opnai\n    family: x\n    quality: 3\n    context_tokens: 5000\n"
    assert problems(text) == [
        "line 3, column 5, `models.big.provider`: names no provider. Did you mean `openai`?"
    ]


def test_every_mistake_is_named_in_the_order_of_the_file() -> None:
    text = (
        "models:\n  gpt-4o:\n    quality: 11\n    sped: fast\n    strengths: [securty]\n"
        "providers:\n  openai:\n    wire: opnai\n"
    )
    assert problems(text) == [
        "line 3, column 5, `models.gpt-4o.quality`: must be between 0 and 10.",
        "line 4, column 5, `models.gpt-4o.sped`: is not a key. Did you mean `speed`?",
        "line 5, column 17, `models.gpt-4o.strengths[0]`: must be one of 'security', 'logic', 'performance', "
        "'architecture', 'documentation', 'test_design', 'summarising' or 'instruction_following'. "
        "Did you mean `security`?",
        "line 8, column 5, `providers.openai.wire`: must be one of 'openai', 'anthropic', 'google' or 'openrouter'. "
        "Did you mean `openai`?",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("models: {a: {provider: ollama}, a: {provider: vllm}}", "stands twice"),
        ("models: {gpt-4o: {quality: .nan}}", "must be a finite number"),
        ("models: {gpt-4o: {quality: true}}", "must be a number"),
        ("models: {gpt-4o: {context_tokens: '9000'}}", "must be a whole number"),
        ("models: {gpt-4o: {price: {input: 1}}}", "is missing"),
        ("models: {gpt-4o: {price: {input: -1, output: 2}}}", "must be between 0 and 100,000"),
        ("models: {gpt-4o: {name: other}}", "must be the key above it"),
        (f"models: {{'a b': {NEW}}}", "must match"),
        ("models: {gpt-4oo: {enabled: false}}", "can't be taken out. Did you mean `gpt-4o`?"),
        ("providers: {configured: {base_url: 'https://x.example'}}", "a name that Quorum uses itself"),
        ("providers: {openai: {base_url: 'ftp://x.example'}}", "must match"),
        ("models: 3", "must hold keys"),
        ("models: {gpt-4o: 3}", "must hold keys"),
        ("[1]", "must hold keys"),
        ("modles: {}", "Did you mean `models`?"),
        ("a: &a [x]\nb: [*a, *a]", "aliases"),
        ("#" * (CONFIG_MAX_BYTES + 1), "at most 65,536 are read"),
        (b"\xff\xfe\x00", "UTF-16"),
    ],
)
def test_what_can_not_be_used_is_refused(text: str | bytes, said: str) -> None:
    assert said in " ".join(problems(text))


def test_a_key_in_the_place_of_its_variables_name_is_not_repeated() -> None:
    assert "sk-proj" not in " ".join(problems("providers: {openai: {api_key_env: sk-proj-123}}"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"QUORUM_CATALOGUE.*No such file"):
        read_operators(tmp_path / "none.yaml")


KNOWN = "providers models gpt-4o openai name enabled quality price limits wire"
MARKS = ": { } [ ] , - ' | ! &a *a false .nan 1e999 9999999999999999999999"
WORDS = st.sampled_from([*KNOWN.split(), *MARKS.split(), '"', " ", "\n", "\t", "\x00", "\ud800"])


@settings(max_examples=400)
@given(st.one_of(st.binary(max_size=200), st.lists(WORDS, max_size=40).map("".join)))
def test_nothing_but_a_refusal_comes_of_any_file(text: str | bytes) -> None:
    try:
        load(text)
    except ConfigError as error:
        assert error.problems  # noqa: PT017 - either end is fine; anything else fails by itself


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
KEYS = st.sampled_from(
    ["gpt-4o", "openai", "quality", "price", "input", "limits", "enabled", "name", "id", "x"]
)
TREES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4)
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(["models", "providers"]), TREES))
def test_nothing_but_a_refusal_comes_of_any_values(values: dict[str, object]) -> None:
    try:
        load(json.dumps(values))
    except ConfigError as error:
        assert error.problems  # noqa: PT017
