"""The body of a pull request, read and written whole: GitHub knows no way to change a part of it."""

from __future__ import annotations

from pydantic import BaseModel

from workers.github.description import Kept, holds, put
from workers.github.rest import RestClient

NOT_TAKEN = "GitHub did not take the new body"


class _Body(BaseModel):
    body: str | None = None


async def read_body(client: RestClient, full_name: str, number: int) -> str:
    """The body as it is right now; "" when there is none."""
    return _Body.model_validate(await client.get(f"/repos/{full_name}/pulls/{number}")).body or ""


async def write_block(client: RestClient, full_name: str, number: int, block: str) -> Kept | None:
    """Bring `block` into the body, next to what people wrote; why it was left alone otherwise.

    Read right before it is written, as GitHub would let us overwrite what somebody saved meanwhile, and read back
    after: it refuses a body that is too long with a 200.
    """
    body = await read_body(client, full_name, number)
    new = put(body, block)
    if isinstance(new, Kept):
        return new
    if new != body:
        await client.patch(f"/repos/{full_name}/pulls/{number}", {"body": new})
        if not holds(await read_body(client, full_name, number), block):
            return Kept(NOT_TAKEN)
    return None
