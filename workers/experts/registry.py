"""The experts, one row each, in the order in which they speak."""

from __future__ import annotations

from workers.experts.base import Expert
from workers.experts.dependency import DependencyExpert
from workers.experts.documentation import DocumentationExpert
from workers.experts.performance import PerformanceExpert
from workers.experts.quality import QualityExpert
from workers.experts.security import SecurityExpert
from workers.experts.testing import TestingExpert

EXPERTS: tuple[Expert, ...] = (
    SecurityExpert(),
    QualityExpert(),
    PerformanceExpert(),
    DependencyExpert(),
    TestingExpert(),
    DocumentationExpert(),
)
