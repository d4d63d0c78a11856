"""What operators are shown about the broker: units, containers and the list of what it does are true."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.arguments import parse
from bot.cli.registry import COMMANDS
from config.settings import Settings
from tests.docs.reading import ROOT, blocks, table
from workers.github.broker_rules import CALLS, PURPOSES

QUORUM = "/opt/quorum/bin/quorum"
SOCKET = "/run/quorum/broker.sock"
UNITS = {Path(text.splitlines()[0][2:]).name: text for _, text in blocks("systemd")}
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def service(name: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """A unit's section of the process, and the variables that it sets."""
    lines = [line.partition("=")[::2] for line in UNITS[f"quorum-{name}.service"].splitlines()]
    variables = dict(value.split("=", 1) for key, value in lines if key == "Environment")
    return dict(lines), variables


def test_only_the_brokers_unit_has_the_key_and_its_user_is_nobody_elses() -> None:
    having = [name for name in UNITS if "private-key" in UNITS[name]]
    users = [service(name)[0]["User"] for name in ("web", "worker", "broker")]
    assert having == ["quorum-broker.service"]
    assert len(set(users)) == 3


def test_the_socket_is_the_workers_users_alone() -> None:
    unit = ConfigParser()
    unit.read_string(UNITS["quorum-broker.socket"])
    made, (worker, its), (_, brokers) = unit["Socket"], service("worker"), service("broker")
    assert (made["ListenStream"], made["SocketMode"], made["SocketUser"]) == (SOCKET, "0600", worker["User"])
    assert its["QUORUM_BROKER_SOCKET"] == brokers["QUORUM_BROKER_SOCKET"] == SOCKET
    assert brokers["QUORUM_BROKER_USER"] == worker["User"]
    [(_, folder)] = blocks("tmpfiles")
    assert folder.splitlines()[1].split()[:4] == ["d", "/run/quorum", "0700", worker["User"]]


@pytest.mark.parametrize("name", ["web", "worker", "broker"])
def test_units_start_a_command_with_settings_that_exist(name: str) -> None:
    section, variables = service(name)
    path, *words = shlex.split(section["ExecStart"])
    assert path == QUORUM
    assert parse(COMMANDS, words).command == name
    known = {f"QUORUM_{field.upper()}" for field in Settings.model_fields}
    assert {variable.removesuffix("_FILE") for variable in variables} <= known


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here to ask")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace(QUORUM, "/bin/true"))
    said = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")


def test_only_the_brokers_container_has_the_key() -> None:
    def holds(given: dict[str, Any]) -> bool:
        return "private_key" in given.get("secrets", ()) or any(
            "PRIVATE_KEY" in x for x in given["environment"]
        )

    assert [name for name, one in COMPOSE.items() if "environment" in one and holds(one)] == ["broker"]
    for name in ("broker", "worker"):
        assert COMPOSE[name]["environment"]["QUORUM_BROKER_SOCKET"] == SOCKET
        assert COMPOSE[name]["volumes"] == [f"broker:{Path(SOCKET).parent}"]
    assert "mkdir -m 700 /run/quorum" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_list_of_what_it_does_is_whole() -> None:
    (_, purposes), (calls, _), *_ = table("broker.md", "broker")
    assert [name for name in PURPOSES if name not in purposes] == []
    shown = [tuple(one.split()) for one in re.findall(r"`([^`]+)`", calls)]
    for method, shape in CALLS:
        [match] = [one for one in shown if one[0] == method and shape.fullmatch(one[1].replace("ID", "1"))]
        shown.remove(match)
    assert shown == []
