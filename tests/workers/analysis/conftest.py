"""The sandboxes of this machine."""

from __future__ import annotations

import sys

import pytest

from workers.analysis.jail import Jail, find_jail
from workers.analysis.sandbox import ReducedSandbox, Sandbox, probe, works


@pytest.fixture
async def sandbox() -> Sandbox:
    """What this machine offers."""
    return await probe()


@pytest.fixture
async def jail() -> Jail:
    """The jail; its tests can't run where the kernel refuses namespaces."""
    found = find_jail()
    if found is None or not await works(found):
        pytest.skip("no namespaces here")
    return found


@pytest.fixture
def reduced() -> ReducedSandbox:
    """The sandbox of machines without namespaces."""
    return ReducedSandbox(sys.executable)


@pytest.fixture(params=["jail", "reduced"])
async def either(request: pytest.FixtureRequest) -> Sandbox:
    """Each of the two in turn."""
    found = find_jail() if request.param == "jail" else ReducedSandbox(sys.executable)
    if found is None or not await works(found):
        pytest.skip("no namespaces here")
    return found
