"""Signed webhooks out, one after the other, and the log that the redelivery API reads."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fakes.github.apps import installation_json
from tests.fakes.github.faults import Fault
from tests.fakes.github.people import organization_json, user_json
from tests.fakes.github.repositories import brief_json, repository_json
from tests.fakes.github.values import Repository, User
from tests.fakes.github.world import World

TIMEOUT_S = 10.0
ALWAYS = (
    "installation",
    "installation_repositories",
    "installation_target",
    "github_app_authorization",
    "ping",
)
HOOK_ID = 77_001


@dataclass
class Delivery:
    """One attempt. `status_code` is 0 until GitHub has an answer, and stays so when nobody answered."""

    id: int
    guid: str
    event: str
    action: str
    installation_id: int | None
    repository_id: int | None
    payload: bytes
    delivered_at: float
    redelivery: bool = False
    status_code: int = 0
    status: str = "pending"
    duration_s: float = 0.0
    request_headers: dict[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)
    response: str = ""


class Sender:
    """Sends deliveries to `target` in order; None keeps them back for good, as an app without a hook does."""

    def __init__(self, world: World, client: httpx.AsyncClient) -> None:
        self._world = world
        self._client = client
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()
        self._late: set[asyncio.Task[None]] = set()
        self._held: list[Delivery] = []
        self.target: str | None = None
        self.log: list[Delivery] = []

    def emit(
        self,
        event: str,
        action: str,
        repository: Repository | None,
        fields: dict[str, Any],
        sender: User | None,
    ) -> None:
        """Queue an event for the app, if it is subscribed and installed there."""
        if self.target is None or (event not in self._world.app.events and event not in ALWAYS):
            return
        if repository is not None and repository.installation_id not in self._world.installations:
            return
        payload = self._payload(action, repository, fields, sender)
        self._queue.put_nowait(self._delivery(event, action, payload))

    def _payload(
        self, action: str, repository: Repository | None, fields: dict[str, Any], sender: User | None
    ) -> dict[str, Any]:
        world = self._world
        payload = ({"action": action} if action else {}) | fields
        if repository is not None:
            payload.setdefault("repository", repository_json(world, repository))
            if repository.owner.type == "Organization":
                payload["organization"] = organization_json(world, repository.owner)
            node = f"I_{repository.installation_id}"
            payload.setdefault("installation", {"id": repository.installation_id, "node_id": node})
        return payload | {"sender": user_json(world, sender or world.bot)}

    def _delivery(self, event: str, action: str, payload: dict[str, Any], guid: str = "") -> Delivery:
        installation, repository = payload.get("installation") or {}, payload.get("repository") or {}
        return Delivery(
            self._world.next_id(),
            guid or str(uuid.uuid4()),
            event,
            action,
            installation.get("id"),
            repository.get("id"),
            json.dumps(payload, ensure_ascii=False).encode(),
            self._world.clock(),
        )

    async def deliver(self, event: str, action: str, payload: dict[str, Any], *, guid: str = "") -> Delivery:
        """Send a payload of the caller's making at once, whoever subscribed; the finished delivery."""
        delivery = self._delivery(event, action, payload, guid)
        await self._send(delivery)
        return delivery

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send a logged payload again under the same GUID, as a new attempt."""
        again = Delivery(
            self._world.next_id(), delivery.guid, delivery.event, delivery.action, delivery.installation_id,
            delivery.repository_id, delivery.payload, self._world.clock(), redelivery=True,
        )  # fmt: skip
        await self._send(again)
        return again

    def queue_again(self, delivery: Delivery) -> None:
        """Redeliver in the background, as the API does."""
        self._spawn(self.redeliver(delivery))

    def headers(self, delivery: Delivery) -> dict[str, str]:
        """The headers of a delivery, signed with the app's webhook secret."""
        secret = self._world.app.webhook_secret.encode()

        def sign(algorithm: str) -> str:
            return f"{algorithm}={hmac.new(secret, delivery.payload, algorithm).hexdigest()}"

        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": f"GitHub-Hookshot/{hashlib.sha256(secret).hexdigest()[:7]}",
            "X-GitHub-Delivery": delivery.guid,
            "X-GitHub-Event": delivery.event,
            "X-GitHub-Hook-ID": str(HOOK_ID),
            "X-GitHub-Hook-Installation-Target-ID": str(self._world.app.app_id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature": sign("sha1"),
            "X-Hub-Signature-256": sign("sha256"),
        }

    async def run(self) -> None:
        """Send what is queued, for ever; the fault plan doubles, swaps, delays and loses deliveries."""
        while True:
            delivery = await self._queue.get()
            try:
                await self._dispatch(delivery)
            finally:
                self._queue.task_done()

    async def _dispatch(self, delivery: Delivery) -> None:
        faults = {
            fault.kind: fault for fault in self._world.faults.of_delivery(delivery.event, delivery.action)
        }
        if "swap" in faults:
            self._held.append(delivery)
            return
        if late := faults.get("late"):
            self._spawn(self._send_late(delivery, late))
            return
        for _ in self._copies(faults):
            await self._send(delivery, lost="lost" in faults)
        while self._held:
            await self._send(self._held.pop(0))

    def _copies(self, faults: dict[str, Fault]) -> Iterator[int]:
        return iter(range(2 if "duplicate" in faults else 1))

    async def _send_late(self, delivery: Delivery, fault: Fault) -> None:
        await asyncio.sleep(fault.delay_s)
        await self._send(delivery)

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _send(self, delivery: Delivery, *, lost: bool = False) -> None:
        delivery.request_headers = self.headers(delivery)
        self.log.append(delivery)
        loop = asyncio.get_running_loop()
        start = loop.time()
        if lost:
            delivery.status, delivery.status_code = "failed to connect to host", 502
            return
        try:
            response = await self._client.post(
                self.target or "", content=delivery.payload, headers=delivery.request_headers
            )
        except httpx.TimeoutException:
            delivery.status, delivery.status_code = "timed out", 504
        except (httpx.HTTPError, httpx.InvalidURL):
            delivery.status, delivery.status_code = "failed to connect to host", 502
        else:
            delivery.status_code = response.status_code
            delivery.status = (
                "OK" if response.is_success else f"Invalid HTTP Response: {response.status_code}"
            )
            delivery.response, delivery.response_headers = response.text, dict(response.headers)
        delivery.duration_s = loop.time() - start

    async def drain(self) -> None:
        """Wait until everything queued so far was sent, late ones included; swapped ones stay held."""
        await self._queue.join()
        while self._late:
            await asyncio.gather(*self._late)

    async def stop(self, runner: asyncio.Task[None]) -> None:
        """End the background work; what is queued is dropped."""
        for task in (runner, *self._late):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def installation_fields(world: World, installation_id: int) -> dict[str, Any]:
    """The installation and its repositories, as installation events carry them."""
    installation = world.installations[installation_id]
    repositories = [brief_json(world, world.repositories[one]) for one in sorted(installation.repository_ids)]
    return {"installation": installation_json(world, installation), "repositories": repositories}
