"""App JWTs in, installation tokens out."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

import jwt

from tests.fakes.github.errors import ApiError, bad_credentials
from tests.fakes.github.values import Installation, Token
from tests.fakes.github.world import World

JWT_MAX_S = 600
TOKEN_LIFE_S = 3600
REPOSITORIES_MAX = 500
_LEVELS = {"read": 1, "write": 2, "admin": 3}


def allows(granted: dict[str, str], name: str, level: str) -> bool:
    """Whether `granted` covers one permission."""
    return _LEVELS.get(granted.get(name, ""), 0) >= _LEVELS[level]


def verify_app(world: World, text: str) -> None:
    """Accept a JWT of the app, or 401 with GitHub's reason."""
    try:
        claims = jwt.decode(
            text,
            world.app.public_key,
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_iss": False},
        )
    except jwt.InvalidTokenError:
        raise ApiError(401, "A JSON web token could not be decoded") from None
    _check_claims(claims, world)


def _check_claims(claims: dict[str, Any], world: World) -> None:
    now, expires, issued = world.clock(), claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int) or expires <= now:
        raise ApiError(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
            "assertion expires",
        )
    if not isinstance(issued, int) or issued > now:
        raise ApiError(
            401,
            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
        )
    if expires - now > JWT_MAX_S:
        raise ApiError(401, "'Expiration time' claim ('exp') is too far in the future")
    if str(claims.get("iss")) not in (str(world.app.app_id), world.app.client_id):
        raise ApiError(401, "'Issuer' claim ('iss') must be an Integer or the client ID of the app")


def mint(world: World, installation: Installation, wanted: dict[str, Any]) -> Token:
    """A token of one hour for a subset of the installation's repositories and permissions."""
    if installation.suspended_at is not None:
        raise ApiError(403, "This installation has been suspended")
    chosen = _repositories(world, installation, wanted)
    permissions = wanted.get("permissions") or dict(installation.permissions)
    for name, level in permissions.items():
        if level not in _LEVELS or not allows(installation.permissions, name, level):
            raise ApiError(422, "The permissions requested are not granted to this installation.")
    token = Token(
        _text(world),
        installation,
        frozenset(installation.repository_ids if chosen is None else chosen),
        chosen is not None,
        {"metadata": "read", **permissions},
        world.clock() + TOKEN_LIFE_S,
    )
    world.tokens[token.text] = token
    return token


def _repositories(world: World, installation: Installation, wanted: dict[str, Any]) -> set[int] | None:
    ids = wanted.get("repository_ids")
    if names := wanted.get("repositories"):
        by_name = {world.repositories[one].name: one for one in installation.repository_ids}
        ids = [by_name.get(name, 0) for name in names]
    if ids is None:
        return None
    if len(ids) > REPOSITORIES_MAX or not set(ids) <= installation.repository_ids:
        message = "There is at least one repository that does not exist or is not accessible to the parent installation."
        raise ApiError(422, message)
    return set(ids)


def _text(world: World) -> str:
    if world.app.token_format == "short":
        return f"ghs_{secrets.token_hex(18)}"
    parts = ({"alg": "ES256", "typ": "JWT"}, {"iss": "github", "jti": secrets.token_hex(100)})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return f"ghs_{world.app.app_id}_{'.'.join(encoded)}.{secrets.token_urlsafe(64)}"


def verify_installation(world: World, text: str) -> Token:
    """The living token with this text, or 401."""
    token = world.tokens.get(text)
    if token is None or token.expires_at <= world.clock():
        raise bad_credentials()
    if token.installation.suspended_at is not None:
        raise ApiError(403, "This installation has been suspended")
    if token.installation.id not in world.installations:
        raise bad_credentials()
    return token


def require(token: Token, alternatives: tuple[tuple[str, str], ...]) -> None:
    """403 unless the token holds one of the (permission, level) pairs."""
    if any(allows(token.permissions, name, level) for name, level in alternatives):
        return
    accepted = "; ".join(f"{name}={level}" for name, level in alternatives)
    raise ApiError(
        403, "Resource not accessible by integration", headers={"x-accepted-github-permissions": accepted}
    )
