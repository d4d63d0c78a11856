"""A repository's words about models as the router's policy."""

from __future__ import annotations

from config.repository import OrchestrationRules
from workers.llm.routing.values import Executor, Policy


def policy_of(rules: OrchestrationRules, *, allow_unknown_prices: bool, budgeted: bool) -> Policy:
    """What `rules` and the operator want. Without a budget (`budgeted`) an unknown price keeps nobody from a task."""
    return Policy(
        tier=rules.tier,
        strategy=rules.strategy,
        prefer_local=rules.prefer_local,
        prefer_free=rules.prefer_free_models,
        executors=tuple(Executor(one.model, one.use_cases) for one in rules.executors),
        orchestrator=rules.orchestrator.model if rules.orchestrator else None,
        fallback_models=rules.fallback.models,
        quality_threshold=rules.quality_threshold,
        allow_unknown_prices=allow_unknown_prices or not budgeted,
    )
