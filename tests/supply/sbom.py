"""`make sbom`: a lock as a bill of materials, CycloneDX 1.6. The same lock gives the same bytes."""

from __future__ import annotations

import json
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

from tests.supply.lock import Pin, pins

ROOT = Path(__file__).resolve().parents[2]


def bill(lock: str, name: str, version: str) -> dict[str, Any]:
    """The bill of what `lock` installs for the application `name`; its serial number is made of it."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name}@{version} {lock}')}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": name, "name": name, "version": version}},
        "components": [_component(pin) for pin in pins(lock)],
    }


def _component(pin: Pin) -> dict[str, Any]:
    """A lock holds a hash for every file of a release, so they stand with the files and not with the component."""
    purl = f"pkg:pypi/{pin.name}@{pin.version}"
    files = [
        {"type": "distribution", "url": purl, "hashes": [{"alg": "SHA-256", "content": one}]}
        for one in pin.hashes
    ]
    marker = [{"name": "python:marker", "value": pin.marker}] if pin.marker else []
    return {
        "type": "library",
        "bom-ref": purl,
        "name": pin.name,
        "version": pin.version,
        "purl": purl,
        "externalReferences": files,
        "properties": marker,
    }


def main(lock: str) -> None:
    """Print the bill of the lock file `lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    print(json.dumps(bill((ROOT / lock).read_text(), project["name"], project["version"]), indent=1))


if __name__ == "__main__":
    main(sys.argv[1])
