"""Which of several layers decides, where a value comes from, and what is said about it."""

from __future__ import annotations

from config.differences import differences
from config.layers import Layer, Source, as_rows, effective
from config.loader import load_layer
from config.operator import OperatorRules

NOBODY = OperatorRules()


def organisation(text: str) -> Layer:
    return load_layer(text, Source.ORGANISATION, "acme/.github/quorum.yml")


def repository(text: str) -> Layer:
    return load_layer(text, Source.REPOSITORY, ".github/quorum.yml@1a2b3c4")


def test_mappings_merge_and_lists_replace() -> None:
    first = organisation("review: {inline_max: 3, drafts: true}\nignore: {paths: [a, b]}")
    found = effective([first, repository("review: {inline_max: 4}\nignore: {paths: [c]}")], NOBODY)
    config = found.config
    assert (config.review.inline_max, config.review.drafts, config.ignore.paths) == (4, True, ("c",))


def test_each_value_has_its_origin() -> None:
    operator = OperatorRules.from_environ({"QUORUM_REVIEW_REQUIRED": "true"})
    layers = [organisation("review: {drafts: true}"), repository("review: {inline_max: 4, required: false}")]
    origins = effective(layers, operator).origins
    assert [origins[f"review.{key}"] for key in ("enabled", "drafts", "inline_max", "required")] == [
        "default",
        "acme/.github/quorum.yml",
        ".github/quorum.yml@1a2b3c4",
        "environment QUORUM_REVIEW_REQUIRED",
    ]


def test_limit_lowers_and_says_so() -> None:
    operator = OperatorRules.from_environ({"QUORUM_LIMIT_REVIEW_FINDINGS_MAX": "10"})
    found = effective([repository("review: {findings_max: 30}")], operator)
    assert (found.config.review.findings_max, found.notices) == (
        10,
        ("`review.findings_max` is 10, not 30: the operator's limit QUORUM_LIMIT_REVIEW_FINDINGS_MAX.",),
    )


def test_unset_number_becomes_its_limit() -> None:
    operator = OperatorRules.from_environ({"QUORUM_LIMIT_IGNORE_SIZE_FILES_MAX": "50"})
    assert effective([], operator).config.ignore.size.files_max == 50


def test_keys_that_are_obeyed_are_said_nothing_of() -> None:
    found = effective([repository("write: {tests: {run: false, paths: [d]}}")], NOBODY)
    assert found.notices == ()


MODEL = "orchestration: {executors: [{model: m, base_url: 'https://me:secret@host/v1', api_key_env: KEY}]}"


def test_strangers_may_not_name_keys_and_servers() -> None:
    found = effective([repository(MODEL)], NOBODY)
    (model,) = found.config.orchestration.executors
    assert (model.model, model.base_url, model.api_key_env) == ("m", None, None)
    assert "secret" not in " ".join(found.notices)


def test_allowed_keys_are_honoured() -> None:
    operator = OperatorRules.from_environ({"QUORUM_ALLOWED_KEY_ENVS": "OTHER, KEY"})
    (model,) = effective([repository(MODEL)], operator).config.orchestration.executors
    assert (model.base_url, model.api_key_env) == (None, "KEY")


def test_own_file_is_trusted_and_passwords_are_not_shown() -> None:
    found = effective([load_layer(MODEL, Source.FILE, "quorum.yml")], NOBODY)
    assert found.config.orchestration.executors[0].base_url == "https://me:secret@host/v1"
    assert "secret" not in str(as_rows(found))


def test_a_default_that_is_written_out_asks_for_nothing() -> None:
    assert effective([repository("write: {docs: {on_push: false}}")], NOBODY).notices == ()


def test_differences_are_sentences() -> None:
    before, after = (effective([repository(text)], NOBODY) for text in ("", "review: {inline_max: 20}"))
    assert differences(before, after) == ("`review.inline_max`: 8 → 20",)


def test_every_leaf_has_a_row() -> None:
    found = effective([], NOBODY)
    assert [row[0] for row in as_rows(found)] == [*found.origins]
