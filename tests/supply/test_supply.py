"""What is installed and what is published: pinned, known by its hashes, without secrets."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.supply.lock import pins
from tests.supply.sbom import ROOT, bill
from workers.domain.secrets import find_secrets

LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_release_is_pinned_and_known_by_its_hashes(lock: str) -> None:
    found = pins((ROOT / lock).read_text())
    assert found
    assert all(pin.hashes and all(re.fullmatch(r"[0-9a-f]{64}", one) for one in pin.hashes) for pin in found)


def test_a_line_that_pins_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="pins nothing"):
        pins("requests>=2\n")


def test_the_bill_names_every_release_once_and_is_the_same_for_the_same_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    found = bill(lock, "quorum", "1")
    references = [one["bom-ref"] for one in found["components"]]
    assert len(set(references)) == len(references) == len(pins(lock))
    assert json.dumps(found) == json.dumps(bill(lock, "quorum", "1"))
    assert found["serialNumber"] != bill(lock + "a==1 --hash=sha256:0\n", "quorum", "1")["serialNumber"]


def test_every_lock_waits_before_it_takes_a_release() -> None:
    compiled = [line for line in (ROOT / "Makefile").read_text().splitlines() if "uv pip compile" in line]
    assert len(compiled) == len(LOCKS)
    assert all('--exclude-newer "$(COOLDOWN)"' in line for line in compiled)


def test_no_credential_stands_in_what_is_published() -> None:
    """Tests hold some on purpose: none that was ever anybody's."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    shipped = [ROOT / name for name in listed.decode().split("\0") if name and not name.startswith("tests/")]
    assert [path.name for path in shipped if path.is_file() and find_secrets(_text(path))] == []


def _text(path: Path) -> str:
    return path.read_text(errors="replace")


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml"])
def test_an_image_is_named_by_its_digest(name: str) -> None:
    named = re.findall(r"^(?:FROM| +image:) +(\S+)", (ROOT / name).read_text(), re.MULTILINE)
    assert len(named) == 2
    assert all(re.fullmatch(r"[a-z/]+:[\w.-]+@sha256:[0-9a-f]{64}", one) for one in named)


def test_what_is_pinned_is_kept_up_to_date_after_a_week() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert {one["package-ecosystem"] for one in updates} == {"docker", "docker-compose", "github-actions"}
    assert {one["cooldown"]["default-days"] for one in updates} == {7}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_runs_pinned_actions(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    assert {one for job in workflow["jobs"].values() for one in job["permissions"].values()} == {"read"}
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", one) for one in used)
    assert not re.search(r"\$\{\{\s*secrets", path.read_text())
