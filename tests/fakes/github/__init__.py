"""A strict, stateful GitHub over HTTP."""

from tests.fakes.github.app import FakeApp
from tests.fakes.github.faults import Fault
from tests.fakes.github.limits import Limits
from tests.fakes.github.server import FakeGitHub
from tests.fakes.github.values import CheckRun, Happening, Installation, Pull, Recorded, Repository

__all__ = [
    "CheckRun",
    "FakeApp",
    "FakeGitHub",
    "Fault",
    "Happening",
    "Installation",
    "Limits",
    "Pull",
    "Recorded",
    "Repository",
]
