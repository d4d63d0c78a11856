"""Hosts of their own on this machine: network namespaces with an address on a private and on a public network."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

CLONE_NEWNET = 0x40000000
COMMAND_TIMEOUT_S = 10.0
NETWORKS = ("private", "public")
"""Towards database and Valkey; towards GitHub and the models."""


class NoHostsError(Exception):
    """This machine lets nobody make network namespaces; says what refused."""


@dataclass(frozen=True, slots=True)
class Host:
    """One namespace; `cables` are the far ends of its two links, on the switch."""

    namespace: str
    private: str
    public: str
    cables: dict[str, str]

    def enter(self) -> tuple[str, ...]:
        """The words before a command that shall run on this host."""
        return ("ip", "netns", "exec", self.namespace)

    def pull(self, network: str) -> None:
        """Pull the cable: nothing arrives and nothing answers, not even a reset."""
        ip("link", "set", self.cables[network], "down")

    def plug(self, network: str) -> None:
        """Put it in again."""
        ip("link", "set", self.cables[network], "up")

    def listen(self, address: str) -> socket.socket:
        """A socket that listens on this host, at a free port."""
        with ThreadPoolExecutor(max_workers=1) as alone:  # a thread that is never used again may move
            return alone.submit(_listen_in, self.namespace, address).result()


@dataclass(frozen=True, slots=True)
class Network:
    """The hosts, and the address that they know this process by."""

    outside: str
    hosts: tuple[Host, ...]


@contextlib.contextmanager
def network(names: tuple[str, ...]) -> Iterator[Network]:
    """Hosts of these names on two switches of their own; gone with the block. Raises NoHostsError."""
    if shutil.which("ip") is None:
        raise NoHostsError("there is no `ip`: install iproute2")
    run, base = f"q{os.getpid()}", f"10.213.{os.getpid() % 120 * 2}"
    with contextlib.ExitStack() as stack:
        for number, network in enumerate(NETWORKS):
            _make(stack, ("link", "add", _switch(run, network), "type", "bridge"), ("link", "del"), 2)
            ip("link", "set", _switch(run, network), "up")
            if network == "public":
                ip("addr", "add", f"{_address(base, number, 1)}/24", "dev", _switch(run, network))
        hosts = tuple(_host(stack, run, base, name, seat + 2) for seat, name in enumerate(names))
        yield Network(_address(base, 1, 1), hosts)


def _host(stack: contextlib.ExitStack, run: str, base: str, name: str, seat: int) -> Host:
    namespace = f"{run}-{name}"
    _make(stack, ("netns", "add", namespace), ("netns", "del"), 2)
    ip("-n", namespace, "link", "set", "lo", "up")
    cables = {}
    for number, network in enumerate(NETWORKS):
        far, near = f"{run}{network[:2]}{seat}", f"{network}0"
        ip("link", "add", far, "type", "veth", "peer", "name", near, "netns", namespace)
        ip("link", "set", far, "master", _switch(run, network), "up")
        ip("-n", namespace, "addr", "add", f"{_address(base, number, seat)}/24", "dev", near)
        ip("-n", namespace, "link", "set", near, "up")
        cables[network] = far
    return Host(namespace, _address(base, 0, seat), _address(base, 1, seat), cables)


def _make(stack: contextlib.ExitStack, words: tuple[str, ...], undo: tuple[str, str], named_at: int) -> None:
    ip(*words)
    stack.callback(ip, *undo, words[named_at])


def _switch(run: str, network: str) -> str:
    return f"{run}{network[:2]}"


def _address(base: str, number: int, seat: int) -> str:
    """`base` is even in its third figure; the public network is the next one."""
    head, _, third = base.rpartition(".")
    return f"{head}.{int(third) + number}.{seat}"


def ip(*words: str) -> None:
    """One command of iproute2; raises NoHostsError with its own words."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S)
    if done.returncode:
        raise NoHostsError(f"`ip {' '.join(words)}`: {done.stderr.strip()}")


def _listen_in(namespace: str, address: str) -> socket.socket:
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/var/run/netns/{namespace}", "rb") as entrance:
        if libc.setns(entrance.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"{namespace} can't be entered")
    return socket.create_server((address, 0))
