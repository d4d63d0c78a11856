"""The operator's variables over a repository's file."""

from __future__ import annotations

import pytest

from config.errors import ConfigError
from config.layers import effective
from config.operator import OperatorRules, limit_names, override_names, unknown_variables
from config.settings import Settings


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("QUORUM_LANGUAGE", "no", ("language",), "no"),
        ("QUORUM_REVIEW_EXPERTS", "tests, security", ("review", "experts"), ("tests", "security")),
        ("QUORUM_IGNORE_LABELS", "[a, 'b, c']", ("ignore", "labels"), ("a", "b, c")),
        ("QUORUM_COMMANDS_BOTS", "1,2", ("commands", "bots"), (1, 2)),
        ("QUORUM_COMMANDS_PERMISSIONS", "{pause: maintain}", ("commands", "permissions"), {"pause": "maintain"}),
        ("QUORUM_QUALITY_THRESHOLD", "0.5", ("orchestration", "quality_threshold"), 0.5),
        ("QUORUM_ORCHESTRATION_COST_TRACKING_PER_RUN_USD", "2", ("orchestration", "cost_tracking", "per_run_usd"), 2),
    ],
)  # fmt: skip
def test_variable_overrides(name: str, text: str, key: tuple[str, ...], value: object) -> None:
    found: object = effective([], OperatorRules.from_environ({name: text})).config
    for part in key:
        found = getattr(found, part)
    assert found == value


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"QUORUM_REVIEW_INLINE_MAX": "99"}, "`QUORUM_REVIEW_INLINE_MAX`: must be between 0 and 30."),
        ({"QUORUM_TIER": "budgt"}, "Did you mean `budget`?"),
        ({"QUORUM_LIMIT_REVIEW_FINDINGS_MAX": "0"}, "must be between 1 and 100."),
        ({"QUORUM_IGNORE_TITLES": "(a"}, "`QUORUM_IGNORE_TITLES[0]`: unclosed group."),
        ({"QUORUM_MODE": "parallel", "QUORUM_ORCHESTRATION_MODE": "parallel"}, "Keep one."),
    ],
)
def test_mistake_names_the_variable(environ: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        OperatorRules.from_environ(environ)
    assert said in str(caught.value)


def test_names_of_settings_are_not_taken() -> None:
    settings = {f"QUORUM_{name.upper()}" for name in Settings.model_fields}
    assert not settings & (override_names().keys() | limit_names().keys())


def test_unknown_variables_are_named_without_values() -> None:
    environ = {
        "QUORUM_REVIEW_REQUIERD": "s3cret",
        "QUORUM_REDIS_URL_FILE": "x",
        "QUORUM_TIER": "budget",
        "HOME": "/",
    }
    assert unknown_variables(environ) == (
        "`QUORUM_REVIEW_REQUIERD` is no variable of Quorum. Did you mean `QUORUM_REVIEW_REQUIRED`?",
    )


def test_the_models_key_is_known_by_its_own_name() -> None:
    assert not unknown_variables({"QUORUM_MODEL_API_KEY_ENV": "QUORUM_MINE", "QUORUM_MINE": "s3cret"})
