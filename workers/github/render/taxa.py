"""CWE in SARIF: the taxonomy that a run refers to, and how a rule names its weakness."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

NAME = "CWE"
GUID = "25f72d7e-8a92-459d-ad67-64853f788765"
"""The taxonomy's own, as other tools write it."""
PREFIX = "CWE-"
REFERENCE = {"name": NAME, "guid": GUID}


def taxonomy(weaknesses: Iterable[str]) -> dict[str, Any]:
    """The component with one taxon for each of `weaknesses` ("CWE-78"), in the order of their numbers."""
    numbers = sorted({_number(weakness) for weakness in weaknesses})
    return {
        "name": NAME,
        "guid": GUID,
        "organization": "MITRE",
        "shortDescription": {"text": "The MITRE Common Weakness Enumeration"},
        "informationUri": "https://cwe.mitre.org/",
        "isComprehensive": False,
        "taxa": [
            {"id": str(number), "helpUri": f"https://cwe.mitre.org/data/definitions/{number}.html"}
            for number in numbers
        ],
    }


def relationship(weakness: str) -> dict[str, Any]:
    """That a rule looks for `weakness`."""
    return {"target": {"id": str(_number(weakness)), "toolComponent": REFERENCE}, "kinds": ["superset"]}


def tag(weakness: str) -> str:
    """The tag by which code hosts show a weakness: "external/cwe/cwe-078"."""
    return f"external/cwe/cwe-{_number(weakness):03d}"


def _number(weakness: str) -> int:
    return int(weakness.removeprefix(PREFIX))
