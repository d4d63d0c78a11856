"""Models and providers that a repository names and that nobody can be asked for here: said, and not passed over."""

from __future__ import annotations

from collections.abc import Iterator

from config.catalogue import Catalogue
from config.catalogue_names import did_you_mean, find_provider
from config.repository import ModelChoice, OrchestrationRules
from config.yaml_tree import shown

NOTICES_MAX = 5


def unknown_models(rules: OrchestrationRules, catalogue: Catalogue) -> tuple[str, ...]:
    """A sentence for each name that is not among the models of `catalogue`, NOTICES_MAX at most.

    Without any model at all there is nothing to say: every review says so itself.
    """
    if not catalogue.models or not rules.enabled:
        return ()
    return tuple(_sentences(rules, catalogue))[:NOTICES_MAX]


def _sentences(rules: OrchestrationRules, catalogue: Catalogue) -> Iterator[str]:
    if rules.orchestrator is not None:
        yield from _of_choice("orchestration.orchestrator", rules.orchestrator, catalogue)
    for index, choice in enumerate(rules.executors):
        yield from _of_choice(f"orchestration.executors[{index}]", choice, catalogue)
    for index, name in enumerate(rules.fallback.models):
        if not _is_known(name, catalogue):
            yield _unknown(f"orchestration.fallback.models[{index}]", name, catalogue)


def _of_choice(key: str, choice: ModelChoice, catalogue: Catalogue) -> Iterator[str]:
    if choice.base_url is not None:  # a server of its own knows its models
        return
    if choice.provider is None and not _is_known(choice.model, catalogue):
        yield _unknown(f"{key}.model", choice.model, catalogue)
    elif choice.provider is not None and find_provider(catalogue, choice.provider) is None:
        known = ", ".join(f"`{one}`" for one in sorted(catalogue.providers))
        yield (
            f"`{key}.provider` names `{shown(choice.provider)}`, which is not among the providers that may be asked "
            f"here: {known}."
        )


def _is_known(name: str, catalogue: Catalogue) -> bool:
    return name in catalogue.models or any(one.remote_id == name for one in catalogue.models.values())


def _unknown(key: str, name: str, catalogue: Catalogue) -> str:
    said = f"`{key}` names `{shown(name)}`, which is not among the models that may be asked here."
    return f"{said} {did_you_mean(catalogue, name)}".rstrip()
