"""The log of webhook deliveries and redelivery, as the app's owner sees them."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.github.call import Answer, Call, Endpoint
from tests.fakes.github.errors import ApiError, not_found
from tests.fakes.github.webhooks import Delivery, Sender
from tests.fakes.github.world import World

PER_PAGE = 30
PER_PAGE_MAX = 100
KEPT_S = 3 * 24 * 3600
_BASE = "/app/hook/deliveries"
_HIDDEN = "********"


def item_json(world: World, delivery: Delivery) -> dict[str, Any]:
    """A row of the log."""
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": world.time(delivery.delivered_at),
        "redelivery": delivery.redelivery,
        "duration": round(delivery.duration_s, 2),
        "status": delivery.status,
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action or None,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }


def delivery_json(world: World, sender: Sender, delivery: Delivery) -> dict[str, Any]:
    """One delivery with request and response."""
    request = {"headers": delivery.request_headers, "payload": json.loads(delivery.payload)}
    response = {"headers": delivery.response_headers, "payload": delivery.response}
    shown = item_json(world, delivery)
    return shown | {"url": sender.target or "", "request": request, "response": response}


def routes(sender: Sender) -> tuple[Endpoint, ...]:
    """The endpoints over one sender's log."""

    def kept(world: World) -> list[Delivery]:
        oldest = world.clock() - KEPT_S
        return [one for one in reversed(sender.log) if one.delivered_at >= oldest]

    def found(call: Call) -> Delivery:
        number = call.number("delivery_id")
        delivery = next((one for one in kept(call.world) if one.id == number), None)
        if delivery is None:
            raise not_found()
        return delivery

    async def get_config(call: Call) -> Answer:
        """GET /app/hook/config: a secret is never told, and an app without one has no such key."""
        secret = {"secret": _HIDDEN} if call.world.app.webhook_secret else {}
        told = {"url": sender.target or "", "content_type": "json", "insecure_ssl": "0"}
        return Answer(told | secret)

    async def list_deliveries(call: Call) -> Answer:
        """GET /app/hook/deliveries: newest first, by cursor."""
        rows = kept(call.world)
        if status := call.query.get("status"):
            rows = [one for one in rows if _is(one, status)]
        size = min(int(call.query.get("per_page", PER_PAGE)), PER_PAGE_MAX)
        start = _start(rows, call.query.get("cursor"))
        shown = [item_json(call.world, one) for one in rows[start : start + size]]
        return Answer(shown, headers=_link(call, rows, start + size, size))

    async def get_delivery(call: Call) -> Answer:
        """GET /app/hook/deliveries/{delivery_id}."""
        return Answer(delivery_json(call.world, sender, found(call)))

    async def redeliver(call: Call) -> Answer:
        """POST /app/hook/deliveries/{delivery_id}/attempts: accepted, sent in the background."""
        sender.queue_again(found(call))
        return Answer({}, 202)

    return (
        Endpoint("GET", "/app/hook/config", get_config, "WebhookConfig", access="app"),
        Endpoint("GET", _BASE, list_deliveries, "[HookDeliveryItem]", access="app"),
        Endpoint("GET", _BASE + "/{delivery_id}", get_delivery, "HookDelivery", access="app"),
        Endpoint("POST", _BASE + "/{delivery_id}/attempts", redeliver, "", access="app"),
    )


def _is(delivery: Delivery, status: str) -> bool:
    failed = 400 <= delivery.status_code <= 599
    return failed if status == "failure" else 200 <= delivery.status_code < 400


def _start(rows: list[Delivery], cursor: str | None) -> int:
    if cursor is None:
        return 0
    positions = [index for index, one in enumerate(rows) if f"v1_{one.id}" == cursor]
    if not positions:
        raise ApiError(400, "Invalid cursor")
    return positions[0]


def _link(call: Call, rows: list[Delivery], following: int, size: int) -> dict[str, str]:
    if following >= len(rows):
        return {}
    url = f"{call.world.url}{_BASE}?per_page={size}&cursor=v1_{rows[following].id}"
    return {"link": f'<{url}>; rel="next"'}
