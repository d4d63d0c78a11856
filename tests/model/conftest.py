"""The served model, once for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.model.serving import Served, serving


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    python = os.environ.get("QUORUM_TEST_MODEL_PYTHON")
    assert python, "These tests need a model of their own: run them by `make test-model`."
    async with serving(python, tmp_path_factory.mktemp("model")) as model:
        yield model
