"""detect-secrets: keys and passwords on the lines that a change adds. Runs inside the jail."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from workers.analysis.tools.protocol import Answer, Given, Seen

PLUGINS = (
    "ArtifactoryDetector",
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "DiscordBotTokenDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "KeywordDetector",
    "MailchimpDetector",
    "NpmDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
    "SquareOAuthDetector",
    "StripeDetector",
    "TelegramBotTokenDetector",
    "TwilioKeyDetector",
)
FILTERS = (  # not is_line_allowlisted, a comment in the change must not silence this; and nothing that verifies online
    "detect_secrets.filters.heuristic.is_indirect_reference",
    "detect_secrets.filters.heuristic.is_likely_id_string",
    "detect_secrets.filters.heuristic.is_lock_file",
    "detect_secrets.filters.heuristic.is_not_alphanumeric_string",
    "detect_secrets.filters.heuristic.is_potential_uuid",
    "detect_secrets.filters.heuristic.is_prefixed_with_dollar_sign",
    "detect_secrets.filters.heuristic.is_sequential_string",
    "detect_secrets.filters.heuristic.is_templated_secret",
)
LINE_MAX_CHARS = 4_000


def check(file: Given) -> Answer:
    """One observation a line; the value itself never leaves the jail. Longer lines than LINE_MAX_CHARS are cut."""
    _without_network()
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import transient_settings

    touched = Path("touched-" + file.name)
    touched.write_text(_only_touched(file), encoding="utf-8")
    settings = {
        "plugins_used": [{"name": name} for name in PLUGINS],
        "filters_used": [{"path": path} for path in FILTERS],
    }
    with transient_settings(settings):
        found = sorted(scan_file(str(touched)), key=lambda secret: (secret.line_number, secret.type))
    kinds: dict[int, str] = {}
    for secret in found:
        if (
            secret.line_number in file.touched
            and kinds.get(secret.line_number, "Secret Keyword") == "Secret Keyword"
        ):
            kinds[secret.line_number] = secret.type
    return Answer(tuple(Seen(_slug(kind), line, line, kind) for line, kind in kinds.items()))


def _without_network() -> None:
    """Its HTTP client, for secrets to be verified online, is not loaded: never used here, and half of the start."""
    client = ModuleType("requests")
    client.Response = object  # type: ignore[attr-defined] # a plugin names it in an annotation
    sys.modules.setdefault("requests", client)


def _only_touched(file: Given) -> str:
    """The text with every other line empty: line numbers stay, and no time goes into the rest."""
    lines = file.text.split("\n")
    return "\n".join(
        line[:LINE_MAX_CHARS] if number in file.touched else "" for number, line in enumerate(lines, start=1)
    )


def _slug(kind: str) -> str:
    return "-".join(kind.lower().replace("(", "").replace(")", "").split())
