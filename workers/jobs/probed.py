"""Probes in the ledger: each is a call like any other, also one that failed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

import structlog

from workers.domain.usage import Call, Usage
from workers.domain.work import Claim, WorkKey
from workers.llm.endpoint import Endpoint
from workers.llm.prober import ANSWERED, Record
from workers.storage.calls import CallStore
from workers.storage.database import StorageUnavailableError

log = structlog.get_logger()

ID_BYTES = 16
REASON = "a probe of a model in use"


def probed(calls: CallStore, endpoints: Mapping[str, Endpoint]) -> Record:
    """Keeps what probes of `endpoints` (by model) used; it is nobody's but the operator's."""
    claim = Claim(WorkKey(0, 0, 0, "health"), 0, secrets.token_hex(ID_BYTES), "", "probe", False, 0, 0)
    record = calls.recorder(claim, "")

    async def keep(model: str, outcome: str, used: Usage) -> None:
        endpoint = endpoints[model]
        cost = endpoint.cost_micros(used) if outcome in ANSWERED else used.cost_micros
        used = replace(used, cost_micros=cost)
        try:
            await record(Call("health", model, outcome, used, endpoint.provider.name, REASON, cost))
        except StorageUnavailableError as error:  # what was found out about the model counts all the same
            log.warning("a probe could not be written down", model=model, cost_micros=cost, error=str(error))

    return keep
